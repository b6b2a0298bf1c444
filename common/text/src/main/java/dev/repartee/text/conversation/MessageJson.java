package dev.repartee.text.conversation;

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
