package dev.repartee.text.privacy;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Cheap signs that a text may hold personal data; sets of them are bits. Most messages show none,
 * and one look at each character and word costs much less than the patterns. A {@link PatternRule}
 * runs only where the text shows one of its signs. The word lists are those of the patterns.
 */
enum Sign {
  DIGIT,
  THREE_DIGITS,
  FOUR_DIGITS,
  SIX_DIGITS,
  THIRTEEN_DIGITS,
  THREE_IN_A_ROW, // digits
  FOUR_IN_A_ROW,

  /** A letter beside a digit. */
  MIXED,

  /** Two capitals in a row. */
  CAPITALS,

  /** A full stop before a letter or digit. */
  INNER_DOT,
  AT,
  COLON,
  SLASH,
  HASH,
  DASH,
  UNDERSCORE,
  BRACKET,
  CURRENCY,
  MONTH("months"),
  WEEKDAY("weekdays"),
  BIRTH("birth-words"),
  ORDINAL_DAY("ordinal-endings"),
  CLOCK("clock-words"),
  MINUTE_WORD("minute-words"),
  MONEY_WORD("currency-names currency-codes cased-currencies more-money-words"),
  COST_WORD("cost-words"),
  DIGIT_WORD(
      "digit-0 digit-1 digit-2 digit-3 digit-4 digit-5 digit-6 digit-7 digit-8 digit-9"
          + " digit-multipliers"),
  REFERENCE_WORD("reference-words code-names"),
  CODE_WORD(
      "capitals-words parcel-words foreign-capitals-words foreign-things"
          + " sure-code-words bookings"),
  USER_WORD("user-words"),
  ACCOUNT_WORD("account-words holder-words"),

  /** A word before the last digits or the security code of a card. */
  CARD_WORD("card-words sure-card-codes loose-card-codes"),
  PASSWORD_WORD("passwords foreign-passwords pins"),
  BOOKING_WORD("sure-bookings"),
  PLATE_WORD("plates"),
  BANK_CODE("bank-code-words"),
  SPELLED_AT("spelled-at"),
  SPELLED_DOT("spelled-dot"),
  STREET(
      "street-types short-street-types sure-street-types named-streets"
          + " german-street-places street-types-before-name street-types-after-house"
          + " box-words post-code-words"),
  RARE_STREET("rare-street-types"),

  /** A word before an address, or a part of one. */
  ADDRESS_WORD("home-words send-words address-cue-words unit-words storey-words"),

  /** A word before an address in small letters. */
  HOME_WORD("small-address-cues"),
  NAME_TAIL("speaking-words joining-words"),

  /** For rules that run in every text of a language: its words are no signs. */
  ANY;

  final long bit;
  final String lists;

  Sign() {
    this("");
  }

  @SuppressWarnings("EnumOrdinal") // the bits are nowhere stored
  Sign(String lists) {
    this.lists = lists;
    bit = 1L << ordinal();
  }

  private static final Pattern BETWEEN_WORDS = Pattern.compile("[/. ]");

  private static final Map<String, Long> WORDS = new HashMap<>();

  static {
    for (Sign sign : values()) {
      List<String> phrases =
          sign.lists.isEmpty() ? List.of() : Lexicon.phrases(sign.lists.split(" ", -1));
      for (String phrase : phrases) {
        for (String word : Lexicon.words(BETWEEN_WORDS.matcher(phrase).replaceAll(" "))) {
          WORDS.merge(word.toLowerCase(Locale.ROOT), sign.bit, (a, b) -> a | b);
        }
      }
    }
  }

  private static final List<String> STREET_ENDINGS =
      Lexicon.phrases("street-endings", "short-street-endings").stream()
          .map(ending -> ending.replace(".", ""))
          .toList();
  private static final int SHORTEST_STREET = 5;

  /** The signs of a word in lower case. */
  static long of(String word) {
    Long sign = WORDS.get(word);
    if (sign != null) {
      return sign;
    }
    return word.length() >= SHORTEST_STREET && endsLikeStreet(word) ? STREET.bit : 0;
  }

  private static boolean endsLikeStreet(String word) {
    for (String ending : STREET_ENDINGS) {
      if (word.endsWith(ending)) {
        return true;
      }
    }
    return false;
  }

  /** The signs of a character that follows {@code previous}. */
  static long of(char c, char previous) {
    boolean digit = isDigit(c);
    if (digit || isLetter(c)) {
      long sign = digit ? DIGIT.bit : 0;
      if (previous == '.') {
        sign |= INNER_DOT.bit;
      }
      if (isCapital(c) && isCapital(previous)) {
        sign |= CAPITALS.bit;
      }
      boolean mixed = digit ? isLetter(previous) : isDigit(previous);
      return mixed ? sign | MIXED.bit : sign;
    }
    return switch (c) {
      case ' ' -> 0;
      case '@' -> AT.bit;
      case ':' -> COLON.bit;
      case '/' -> SLASH.bit;
      case '#' -> HASH.bit;
      case '-' -> DASH.bit;
      case '_' -> UNDERSCORE.bit;
      case '$' -> CURRENCY.bit;
      case '(', '[', '{', '<' -> BRACKET.bit;
      default -> c >= 0x80 && Character.getType(c) == Character.CURRENCY_SYMBOL ? CURRENCY.bit : 0;
    };
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isCapital(char c) {
    return c >= 'A' && c <= 'Z';
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= 0x80 && Character.isLetter(c));
  }

  /** The signs of a text in which at most {@code count} digits stand in a row. */
  static long ofRow(int count) {
    return (count >= 3 ? THREE_IN_A_ROW.bit : 0) | (count >= 4 ? FOUR_IN_A_ROW.bit : 0);
  }

  /** The signs of a text with {@code count} digits. */
  static long ofDigits(int count) {
    return (count >= 3 ? THREE_DIGITS.bit : 0)
        | (count >= 4 ? FOUR_DIGITS.bit : 0)
        | (count >= 6 ? SIX_DIGITS.bit : 0)
        | (count >= 13 ? THIRTEEN_DIGITS.bit : 0);
  }

  /**
   * Takes away the signs of words that count only beside digits or capitals where these are
   * missing.
   */
  static long withoutLoneWords(long signs) {
    long lone =
        (signs & DIGIT.bit) == 0 ? STREET.bit | ADDRESS_WORD.bit | HOME_WORD.bit | WEEKDAY.bit : 0;
    if ((signs & (THREE_DIGITS.bit | MIXED.bit)) == 0) {
      lone |= REFERENCE_WORD.bit | COST_WORD.bit | RARE_STREET.bit | CARD_WORD.bit;
    }
    if ((signs & (CAPITALS.bit | MIXED.bit)) == 0) {
      lone |= CODE_WORD.bit;
    }
    if ((signs & FOUR_DIGITS.bit) == 0) {
      lone |= ACCOUNT_WORD.bit;
    }
    return signs & ~lone;
  }
}
