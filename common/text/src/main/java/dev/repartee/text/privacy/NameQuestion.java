package dev.repartee.text.privacy;

import dev.repartee.text.conversation.Message;
import dev.repartee.text.conversation.Role;
import java.util.List;
import java.util.regex.Pattern;

/** Tells which messages answer a question for a name: a bare "Li Na" is one there. */
final class NameQuestion {

  private static final Pattern ASKS =
      Pattern.compile(
          "\\b(?:your|full|first|last|family|sur|guest's|passenger's|passenger|traveller's|cardholder's|cardholder"
              + "|account holder's|patient's|customer's)\\W{0,3}(?:(?:full|first|last|and|or|family|complete|legal)\\W{1,3}){0,4}name"
              + "|\\b(?:name,? please|a name for|what name|which name|under (?:what|which) name|who am i|whom am i"
              + "|with whom|who is this|ihr(?:en)? name|votre nom|su nombre|tu nombre|il suo nome)\\b",
          Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);

  /** Other names that "your" stands before. */
  private static final Pattern OTHER =
      Pattern.compile(
          "\\b(?:user ?name|login name|company name|business name|name of (?:the|your) (?:hotel|restaurant|company|bank|street|pet|event))",
          Pattern.CASE_INSENSITIVE);

  private static final int LONGEST = 400;

  private NameQuestion() {}

  /** For each message whether the last one of the other side, before it, asks for a name. */
  static boolean[] before(List<Message> messages) {
    boolean[] asked = new boolean[messages.size()];
    boolean byAgent = false;
    boolean byCustomer = false;
    for (int i = 0; i < asked.length; i++) {
      Message message = messages.get(i);
      boolean agent = message.role() == Role.AGENT;
      asked[i] = agent ? byCustomer : byAgent;
      if (agent) {
        byAgent = asks(message.text());
        byCustomer = false;
      } else {
        byCustomer = asks(message.text());
        byAgent = false;
      }
    }
    return asked;
  }

  private static boolean asks(String text) {
    return text.length() <= LONGEST
        && mentionsName(text)
        && ASKS.matcher(text).find()
        && !OTHER.matcher(text).find();
  }

  /** Cheaper than the pattern, and most messages end here. */
  private static boolean mentionsName(String text) {
    return text.contains("ame")
        || text.contains("AME")
        || text.contains("who")
        || text.contains("Who")
        || text.contains("nom");
  }
}
