package dev.repartee.text.conversation;

import java.util.Optional;

/**
 * One message of a conversation.
 *
 * @param text is kept exactly as written
 * @param contextOnly whether it is read but nothing is learned from it and it is not predicted,
 *     such as an agent's message that a machine wrote
 * @param agentId who wrote it, where that is not the agent of the conversation: see {@link
 *     Conversation#agentOf}
 */
public record Message(Role role, String text, boolean contextOnly, Optional<String> agentId) {

  /** A message that may be learned from. */
  public Message(Role role, String text) {
    this(role, text, false);
  }

  /** A message of the conversation's agent, or of its customer. */
  public Message(Role role, String text, boolean contextOnly) {
    this(role, text, contextOnly, Optional.empty());
  }

  public static Message customer(String text) {
    return new Message(Role.CUSTOMER, text);
  }

  public static Message agent(String text) {
    return new Message(Role.AGENT, text);
  }

  public boolean isAgent() {
    return role == Role.AGENT;
  }

  /** Whether it is an agent's reply to learn from, or to predict; one without text is neither. */
  public boolean isLearned() {
    return isAgent() && !contextOnly && !text.isBlank();
  }

  /** The same message with another text. */
  public Message withText(String other) {
    return new Message(role, other, contextOnly, agentId);
  }

  /**
   * A message as files and answers of the API hold it.
   *
   * @param role {@code customer} or {@code agent}
   */
  public record MessageJson(String role, String text) {

    public static MessageJson of(Message message) {
      return new MessageJson(message.role().id(), message.text());
    }

    /**
     * The message. It may be learned from.
     *
     * @throws IllegalArgumentException for another role
     */
    public Message message() {
      return new Message(Role.of(role), text);
    }
  }
}
