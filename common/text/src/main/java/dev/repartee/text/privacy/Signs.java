package dev.repartee.text.privacy;

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

  /** The ends of abbreviations, which are not part of words. */
  private static final Pattern ABBREVIATION = Pattern.compile("[/._]");

  private static final Map<String, Long> WORDS = new HashMap<>();

  static {
    put(MONTH, DatePatterns.MONTHS);
    put(WEEKDAY, DatePatterns.WEEKDAYS);
    put(BIRTH, DatePatterns.BIRTH_WORDS);
    put(ORDINAL_DAY, DatePatterns.ORDINAL_ENDINGS);
    put(CLOCK, DatePatterns.CLOCK_WORDS);
    put(MINUTE_WORD, DatePatterns.MINUTE_WORDS);
    put(
        MONEY_WORD,
        NumberPatterns.CURRENCY_NAMES,
        NumberPatterns.CURRENCY_CODES,
        NumberPatterns.CASED_CURRENCIES.toLowerCase(Locale.ROOT),
        "p fr penny sterling");
    put(COST_WORD, NumberPatterns.COST_WORDS);
    put(DIGIT_WORD, NumberPatterns.DIGIT_WORDS, "double triple");
    put(REFERENCE_WORD, NumberPatterns.REFERENCE_WORDS, NumberPatterns.CODE_NAMES, "bill");
    put(CODE_WORD, NumberPatterns.CAPITALS_WORDS, NumberPatterns.PARCEL_WORDS, "sendungsnummer");
    put(CODE_WORD, NumberPatterns.FOREIGN_CAPITALS_WORDS, NumberPatterns.FOREIGN_THINGS);
    put(USER_WORD, AccountPatterns.USER_WORDS);
    put(
        ACCOUNT_WORD,
        AccountPatterns.ACCOUNT_WORDS,
        AccountPatterns.HOLDER_WORDS,
        "a c sort national");
    put(CARD_WORD, AccountPatterns.CARD_WORDS);
    put(CARD_WORD, SecretPatterns.SURE_CARD_CODES, SecretPatterns.LOOSE_CARD_CODES);
    put(PASSWORD_WORD, SecretPatterns.PASSWORDS, SecretPatterns.FOREIGN_PASSWORDS);
    put(CODE_WORD, SecretPatterns.BOOKINGS);
    put(PLATE_WORD, SecretPatterns.PLATES);
    put(BANK_CODE, AccountPatterns.BANK_CODE_WORDS);
    put(SPELLED_AT, "at ät arobase arroba");
    put(SPELLED_DOT, "dot");
    put(STREET, AddressPatterns.TYPES, AddressPatterns.SHORT_TYPES, AddressPatterns.SURE_TYPES);
    put(STREET, AddressPatterns.NAMED_STREETS, "str straße strasse", AddressPatterns.BOX_WORDS);
    put(STREET, AddressPatterns.GERMAN_PLACES, "zip zipcode postcode post postal plz cp");
    put(STREET, AddressPatterns.TYPES_BEFORE_NAME, AddressPatterns.TYPES_AFTER_HOUSE);
    put(RARE_STREET, AddressPatterns.RARE_TYPES);
    put(ADDRESS_WORD, AddressPatterns.HOME_WORDS, AddressPatterns.SEND_WORDS);
    put(ADDRESS_WORD, AddressPatterns.CUE_WORDS, AddressPatterns.UNITS, AddressPatterns.STOREYS);
    put(HOME_WORD, AddressPatterns.SMALL_CUES);
    put(NAME_TAIL, NameDetector.TAIL_WORDS);
  }

  private static final List<String> STREET_ENDINGS =
      Lexicon.list(AddressPatterns.STREET_ENDINGS + " str");
  private static final int SHORTEST_STREET = 5;

  private Signs() {}

  private static void put(long sign, String... lists) {
    for (String list : lists) {
      for (String word : Lexicon.words(ABBREVIATION.matcher(list).replaceAll(" "))) {
        WORDS.merge(word, sign, (a, b) -> a | b);
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
