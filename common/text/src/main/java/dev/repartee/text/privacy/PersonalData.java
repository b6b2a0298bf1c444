package dev.repartee.text.privacy;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The kinds of personal data and the placeholders that replace them. The order matters: where two
 * finds of equal length overlap, the kind that is declared first wins.
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

  /** The name in reports and between the braces of the placeholder, such as {@code email}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The text that replaces a find, such as <code>{customer_name}</code>. */
  public String placeholder() {
    return "{" + id() + "}";
  }

  /** The kind whose {@link #id} is {@code text}, if there is one. */
  public static Optional<PersonalData> ofId(String text) {
    return Stream.of(values()).filter(kind -> kind.id().equals(text)).findFirst();
  }

  /** The kind whose placeholder is {@code text}, if there is one. */
  public static Optional<PersonalData> ofPlaceholder(String text) {
    return Stream.of(values()).filter(kind -> kind.placeholder().equals(text)).findFirst();
  }
}
