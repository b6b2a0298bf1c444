package dev.repartee.text.privacy;

import static java.util.Objects.requireNonNull;

import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.privacy.RedactedText.Detection;
import java.util.List;

/**
 * A conversation in which placeholders stand for the personal data.
 *
 * @param conversation same id, roles and order; the names of the metadata are dropped
 * @param detections the detections of each message, in message order
 */
public record RedactedConversation(Conversation conversation, List<List<Detection>> detections) {

  public RedactedConversation {
    requireNonNull(conversation, "conversation is null");
    detections = detections.stream().map(List::copyOf).toList();
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
