package dev.repartee.text.privacy;

import java.util.Locale;
import java.util.Optional;

/**
 * A kind of personal data and the placeholder that stands for it. Where two finds of one length
 * cover the same text, the kind that is declared first wins.
 */
public enum PersonalData {
  EMAIL,
  URL,
  CARD,
  ACCOUNT,
  ADDRESS,
  DATE,
  TIME,
  MONEY,
  REFERENCE,
  PHONE,
  CUSTOMER_NAME,
  AGENT_NAME,
  NAME,
  NUMBER;

  /** The name in reports and between the placeholder's braces, such as {@code customer_name}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What replaces a find, such as <code>{customer_name}</code>. */
  public String placeholder() {
    return "{" + id() + "}";
  }

  /** The kind whose placeholder {@code text} is, if it is one. */
  public static Optional<PersonalData> ofPlaceholder(String text) {
    for (PersonalData kind : values()) {
      if (kind.placeholder().equals(text)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }
}
