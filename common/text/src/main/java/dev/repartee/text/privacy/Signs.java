package dev.repartee.text.privacy;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Cheap signs that a text may hold personal data, as bits. Most messages show none, and one look at
 * each character and word costs much less than the patterns. A {@link PatternRule} runs only where
 * the text shows one of its signs. The word lists are those of the patterns.
 */
final class Signs {

  /** For rules that run in every text of a language: its words are no signs. */
  static final long ANY = -1;

  static final long DIGIT = 1;
  static final long THREE_DIGITS = 1L << 1;
  static final long FOUR_DIGITS = 1L << 2;
  static final long SIX_DIGITS = 1L << 3;
  static final long THIRTEEN_DIGITS = 1L << 4;

  /** A letter beside a digit. */
  static final long MIXED = 1L << 5;

  static final long AT = 1L << 6;

  /** A full stop before a letter or digit. */
  static final long INNER_DOT = 1L << 7;

  static final long COLON = 1L << 8;
  static final long SLASH = 1L << 9;
  static final long HASH = 1L << 10;
  static final long CURRENCY = 1L << 11;
  static final long MONTH = 1L << 12;
  static final long CLOCK = 1L << 13;
  static final long MINUTE_WORD = 1L << 14;
  static final long MONEY_WORD = 1L << 15;
  static final long DIGIT_WORD = 1L << 16;
  static final long SPELLED_AT = 1L << 17;
  static final long SPELLED_DOT = 1L << 18;
  static final long CODE_WORD = 1L << 19;
  static final long STREET = 1L << 20;
  static final long NAME_TAIL = 1L << 21;
  static final long BIRTH = 1L << 22;
  static final long ORDINAL_DAY = 1L << 23;
  static final long REFERENCE_WORD = 1L << 24;
  static final long ACCOUNT_WORD = 1L << 25;
  static final long COST_WORD = 1L << 26;
  static final long BANK_CODE = 1L << 27;

  /** A word before an address, or a part of one. */
  static final long ADDRESS_WORD = 1L << 28;

  static final long RARE_STREET = 1L << 29;
  static final long WEEKDAY = 1L << 30;
  static final long BRACKET = 1L << 31;

  static final long DASH = 1L << 32;
  static final long UNDERSCORE = 1L << 33;

  /** Two capitals in a row. */
  static final long CAPITALS = 1L << 34;

  static final long THREE_IN_A_ROW = 1L << 35; // digits
  static final long FOUR_IN_A_ROW = 1L << 36;

  /** A word before the last digits or the security code of a card. */
  static final long CARD_WORD = 1L << 37;

  static final long USER_WORD = 1L << 38;
  static final long PASSWORD_WORD = 1L << 39;
  static final long PLATE_WORD = 1L << 40;

  /** A word before an address in small letters. */
  static final long HOME_WORD = 1L << 41;

  private static final Pattern BETWEEN_WORDS = Pattern.compile("[/. ]");

  private static final Map<String, Long> WORDS = new HashMap<>();

  static {
    put(MONTH, "months");
    put(WEEKDAY, "weekdays");
    put(BIRTH, "birth-words");
    put(ORDINAL_DAY, "ordinal-endings");
    put(CLOCK, "clock-words");
    put(MINUTE_WORD, "minute-words");
    put(MONEY_WORD, "currency-names", "currency-codes", "cased-currencies", "more-money-words");
    put(COST_WORD, "cost-words");
    put(DIGIT_WORD, NumberPatterns.FIGURES.keySet());
    put(DIGIT_WORD, "digit-multipliers");
    put(REFERENCE_WORD, "reference-words", "code-names");
    put(CODE_WORD, "capitals-words", "parcel-words", "foreign-capitals-words", "foreign-things");
    put(CODE_WORD, "sure-code-words", "bookings");
    put(USER_WORD, "user-words");
    put(ACCOUNT_WORD, "account-words", "holder-words");
    put(CARD_WORD, "card-words", "sure-card-codes", "loose-card-codes");
    put(PASSWORD_WORD, "passwords", "foreign-passwords");
    put(PLATE_WORD, "plates");
    put(BANK_CODE, "bank-code-words");
    put(SPELLED_AT, "spelled-at");
    put(SPELLED_DOT, "spelled-dot");
    put(STREET, "street-types", "short-street-types", "sure-street-types", "named-streets");
    put(STREET, "german-street-places", "street-types-before-name", "street-types-after-house");
    put(STREET, "box-words", "post-code-words");
    put(RARE_STREET, "rare-street-types");
    put(ADDRESS_WORD, "home-words", "send-words", "address-cue-words", "unit-words");
    put(ADDRESS_WORD, "storey-words");
    put(HOME_WORD, "small-address-cues");
    put(NAME_TAIL, "speaking-words", "joining-words");
  }

  private static final List<String> STREET_ENDINGS =
      Lexicon.phrases("street-endings", "short-street-endings").stream()
          .map(ending -> ending.replace(".", ""))
          .toList();
  private static final int SHORTEST_STREET = 5;

  private Signs() {}

  private static void put(long sign, String... lists) {
    put(sign, Lexicon.phrases(lists));
  }

  private static void put(long sign, Collection<String> phrases) {
    for (String phrase : phrases) {
      for (String word : Lexicon.words(BETWEEN_WORDS.matcher(phrase).replaceAll(" "))) {
        WORDS.merge(word.toLowerCase(Locale.ROOT), sign, (a, b) -> a | b);
      }
    }
  }

  /** The signs of a word in lower case. */
  static long of(String word) {
    Long sign = WORDS.get(word);
    if (sign != null) {
      return sign;
    }
    return word.length() >= SHORTEST_STREET && endsLikeStreet(word) ? STREET : 0;
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
      long sign = digit ? DIGIT : 0;
      if (previous == '.') {
        sign |= INNER_DOT;
      }
      if (isCapital(c) && isCapital(previous)) {
        sign |= CAPITALS;
      }
      boolean mixed = digit ? isLetter(previous) : isDigit(previous);
      return mixed ? sign | MIXED : sign;
    }
    return switch (c) {
      case ' ' -> 0;
      case '@' -> AT;
      case ':' -> COLON;
      case '/' -> SLASH;
      case '#' -> HASH;
      case '-' -> DASH;
      case '_' -> UNDERSCORE;
      case '$' -> CURRENCY;
      case '(', '[', '{', '<' -> BRACKET;
      default -> c >= 0x80 && Character.getType(c) == Character.CURRENCY_SYMBOL ? CURRENCY : 0;
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
    return (count >= 3 ? THREE_IN_A_ROW : 0) | (count >= 4 ? FOUR_IN_A_ROW : 0);
  }

  /** The signs of a text with {@code count} digits. */
  static long ofDigits(int count) {
    return (count >= 3 ? THREE_DIGITS : 0)
        | (count >= 4 ? FOUR_DIGITS : 0)
        | (count >= 6 ? SIX_DIGITS : 0)
        | (count >= 13 ? THIRTEEN_DIGITS : 0);
  }

  /**
   * Takes away the signs of words that count only beside digits or capitals where these are
   * missing.
   */
  static long withoutLoneWords(long signs) {
    long lone = (signs & DIGIT) == 0 ? STREET | ADDRESS_WORD | HOME_WORD | WEEKDAY : 0;
    if ((signs & (THREE_DIGITS | MIXED)) == 0) {
      lone |= REFERENCE_WORD | COST_WORD | RARE_STREET | CARD_WORD;
    }
    if ((signs & (CAPITALS | MIXED)) == 0) {
      lone |= CODE_WORD;
    }
    if ((signs & FOUR_DIGITS) == 0) {
      lone |= ACCOUNT_WORD;
    }
    return signs & ~lone;
  }
}
