package dev.repartee.text.privacy;

import static java.util.Objects.requireNonNull;

import dev.repartee.text.conversation.Conversation;
import java.util.List;

/**
 * A conversation whose personal data was replaced.
 *
 * @param conversation the same id, roles and order; without the names that came with it
 * @param findings what was found in each message, in message order
 */
public record RedactedConversation(Conversation conversation, List<List<Finding>> findings) {

  public RedactedConversation {
    requireNonNull(conversation, "conversation is null");
    findings = findings.stream().map(List::copyOf).toList();
    if (findings.size() != conversation.messages().size()) {
      throw new IllegalArgumentException(
          "findings must be a list for each of "
              + conversation.messages().size()
              + " messages but are "
              + findings.size());
    }
  }

  /** The counts of this conversation. */
  public PrivacyCounts counts() {
    PrivacyCounts counts = PrivacyCounts.NONE;
    for (List<Finding> found : findings) {
      counts = counts.plus(PrivacyCounts.of(found));
    }
    return counts;
  }
}
