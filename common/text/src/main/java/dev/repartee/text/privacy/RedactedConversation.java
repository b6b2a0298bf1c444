package dev.repartee.text.privacy;

import static java.util.Objects.requireNonNull;

import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.privacy.RedactedText.Detection;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A conversation in which placeholders stand for the personal data.
 *
 * @param conversation same id, roles and order; the names of the metadata are dropped
 * @param detections what was replaced in each message, in message order
 * @param open the public values that agents wrote and that stayed, in order
 * @param persons the names that a cue or the metadata gives to a person, whole and word by word, in
 *     lower case; keep them out of logs
 */
public record RedactedConversation(
    Conversation conversation,
    List<List<Detection>> detections,
    List<Detection> open,
    Set<String> persons) {

  public RedactedConversation {
    requireNonNull(conversation, "conversation is null");
    detections = detections.stream().map(List::copyOf).toList();
    open = List.copyOf(open);
    persons = Set.copyOf(persons);
    if (detections.size() != conversation.messages().size()) {
      throw new IllegalArgumentException(
          "detections must be a list for each of "
              + conversation.messages().size()
              + " messages but are "
              + detections.size());
    }
  }

  /**
   * What of it an agent may be offered, and what not, each in the order in which it was written. A
   * link, a phone number, an address or an account that stands in a customer's message is not
   * offered, in whatever form an agent repeats it: a customer could have the desk send it to
   * others.
   */
  public record Values(List<Detection> offered, List<Detection> withheld) {}

  /**
   * The values of this conversation.
   *
   * @param written its messages before they were redacted
   */
  public Values values(List<Message> written) {
    StringBuilder customers = new StringBuilder();
    for (int i = 0; i < detections.size(); i++) {
      if (!written.get(i).isAgent()) {
        customers.append(PublicFacts.plain(written.get(i).text())).append('\n');
        for (Detection found : detections.get(i)) {
          customers.append(PublicFacts.Counter.looseKey(found.kind(), found.text())).append('\n');
        }
      }
    }
    String theirs = customers.toString();
    List<Detection> offered = new ArrayList<>();
    List<Detection> withheld = new ArrayList<>();
    for (int i = 0; i < detections.size(); i++) {
      boolean agent = written.get(i).isAgent();
      for (Detection found : detections.get(i)) {
        boolean isTheirs =
            !agent || theirs.contains(PublicFacts.Counter.looseKey(found.kind(), found.text()));
        (PublicFacts.leads(found.kind()) && isTheirs ? withheld : offered).add(found);
      }
    }
    return new Values(offered, withheld);
  }

  /** The counts of this conversation. */
  public PrivacyCounts counts() {
    PrivacyCounts counts = PrivacyCounts.NONE;
    for (List<Detection> found : detections) {
      counts = counts.plus(PrivacyCounts.of(found));
    }
    return counts;
  }
}
