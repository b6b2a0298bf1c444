package dev.repartee.clustering.corpus;

import static java.util.Objects.requireNonNull;

/**
 * Where an agent's message stands and what it says.
 *
 * @param conversationId the conversation it is in
 * @param index its position among all messages of the conversation, from 0
 * @param text the position of its {@link DistinctText} in {@link Corpus#texts}, or {@link #BLANK}
 */
public record AgentMessage(String conversationId, int index, int text) {

  /** In place of a text, for a message that says nothing. */
  public static final int BLANK = -1;

  public AgentMessage {
    requireNonNull(conversationId, "conversationId is null");
    if (text < BLANK) {
      throw new IllegalArgumentException("text must be at least " + BLANK + " but is " + text);
    }
  }

  public boolean isBlank() {
    return text == BLANK;
  }
}
