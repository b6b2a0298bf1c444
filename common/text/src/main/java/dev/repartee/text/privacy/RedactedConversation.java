package dev.repartee.text.privacy;

import static java.util.Objects.requireNonNull;

import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.privacy.RedactedText.Detection;
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

  /** The counts of this conversation. */
  public PrivacyCounts counts() {
    PrivacyCounts counts = PrivacyCounts.NONE;
    for (List<Detection> found : detections) {
      counts = counts.plus(PrivacyCounts.of(found));
    }
    return counts;
  }
}
