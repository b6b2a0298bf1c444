package dev.repartee.common.privacy;

import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces personal data in a text by placeholders that say what stood there: {@code {url}}, {@code
 * {email}}, {@code {card}} (13 to 19 digits with a valid check digit), {@code {phone}} and {@code
 * {number}} (6 digits or more in a row).
 *
 * <p>It goes by form alone. It does <b>not</b> find names, street addresses, dates of birth, user
 * names, or numbers of up to 5 digits such as a PIN, nor anything that is spelled out in words.
 * Dates and times stay.
 */
public final class Redactor {

  private static final Pattern URL =
      Pattern.compile("(?i)\\b(?:https?://|www\\.)[^\\s<>\"]*[^\\s<>\".,;:!?)\\]}']");
  private static final Pattern EMAIL =
      Pattern.compile("[\\p{L}\\p{N}._%+-]+@[\\p{L}\\p{N}-]+(?:\\.[\\p{L}\\p{N}-]+)+");
  private static final Pattern CARD = Pattern.compile("(?<!\\d)\\d(?:[ -]?\\d){12,18}(?!\\d)");
  private static final Pattern DATE =
      Pattern.compile("\\d{4}[-.]\\d{1,2}[-.]\\d{1,2}|\\d{1,2}[-.]\\d{1,2}[-.]\\d{4}");

  /** Groups of digits with one separator each; a group of one digit only in front. */
  private static final Pattern PHONE =
      Pattern.compile(
          "(?<![\\p{L}\\p{N}.])(?:\\+\\d{7,15}|\\+?\\(?\\d{1,5}\\)?(?:(?:[ .-]|(?<=\\)))\\(?\\d{2,8}\\)?){1,5})(?![\\p{L}\\p{N}])");

  private static final Pattern NUMBER = Pattern.compile("\\d{6,}");
  private static final int FEWEST_PHONE_DIGITS = 7;
  private static final int MOST_PHONE_DIGITS = 15;

  /** {@code text} with every find replaced; the text itself when there is none. */
  public String redact(String text) {
    if (!mayHoldPersonalData(text)) {
      return text;
    }
    String redacted = replace(text, URL, "{url}", found -> true);
    redacted = replace(redacted, EMAIL, "{email}", found -> true);
    redacted = replace(redacted, CARD, "{card}", Redactor::hasValidCheckDigit);
    redacted = replace(redacted, PHONE, "{phone}", Redactor::isPhone);
    return replace(redacted, NUMBER, "{number}", found -> true);
  }

  /**
   * Most messages hold neither a digit nor a sign of an address: a look is cheaper than a search.
   */
  private static boolean mayHoldPersonalData(String text) {
    return text.chars().anyMatch(c -> Character.isDigit(c) || c == '@')
        || text.contains("://")
        || text.toLowerCase(Locale.ROOT).contains("www.");
  }

  private static String replace(
      String text, Pattern pattern, String placeholder, Predicate<String> accepted) {
    return pattern
        .matcher(text)
        .replaceAll(
            (MatchResult found) ->
                Matcher.quoteReplacement(
                    accepted.test(found.group()) ? placeholder : found.group()));
  }

  private static boolean isPhone(String found) {
    long digits = found.chars().filter(Character::isDigit).count();
    return digits >= FEWEST_PHONE_DIGITS
        && digits <= MOST_PHONE_DIGITS
        && !DATE.matcher(found).matches();
  }

  /** The Luhn check that payment card numbers pass, and one number in ten by chance. */
  private static boolean hasValidCheckDigit(String found) {
    int sum = 0;
    boolean doubled = false;
    for (int i = found.length() - 1; i >= 0; i--) {
      int digit = Character.digit(found.charAt(i), 10);
      if (digit >= 0) {
        int value = doubled ? 2 * digit : digit;
        sum += value > 9 ? value - 9 : value;
        doubled = !doubled;
      }
    }
    return sum % 10 == 0;
  }
}
