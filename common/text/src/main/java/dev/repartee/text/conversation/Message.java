package dev.repartee.text.conversation;

import static java.util.Objects.requireNonNull;

/** One message of a conversation; {@code text} is kept exactly as written. */
public record Message(Role role, String text) {

  public Message {
    requireNonNull(role, "role is null");
    requireNonNull(text, "text is null");
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
}
