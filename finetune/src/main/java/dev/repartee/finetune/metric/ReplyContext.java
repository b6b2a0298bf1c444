package dev.repartee.finetune.metric;

import dev.repartee.text.conversation.Message;
import java.util.List;

/**
 * What the baselines see of a conversation: the last message of each side and who wrote last.
 *
 * @param customer the customer's last message
 * @param agent the agent's last message, and a word of its own that says who wrote last
 */
record ReplyContext(String customer, String agent) {

  private static final String NO_MESSAGE = "zzstart";

  static ReplyContext of(List<Message> before) {
    String customer = NO_MESSAGE;
    String agent = NO_MESSAGE;
    String last = "zzlaststart";
    for (Message message : before) {
      if (message.isAgent()) {
        agent = message.text();
        last = "zzlastagent";
      } else {
        customer = message.text();
        last = "zzlastcustomer";
      }
    }
    return new ReplyContext(customer, agent + " " + last);
  }
}
