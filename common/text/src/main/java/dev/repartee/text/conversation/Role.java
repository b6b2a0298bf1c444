package dev.repartee.text.conversation;

import java.util.Locale;

/** Who wrote a message. */
public enum Role {
  CUSTOMER,
  AGENT;

  /** The name in data files and in the API, {@code customer} or {@code agent}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The role with this name in a data file.
   *
   * @throws IllegalArgumentException naming the two allowed roles, when {@code id} is neither
   */
  public static Role of(String id) {
    for (Role role : values()) {
      if (role.id().equals(id)) {
        return role;
      }
    }
    throw new IllegalArgumentException("role must be 'customer' or 'agent' but is '" + id + "'");
  }
}
