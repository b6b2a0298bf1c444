package dev.repartee.text.privacy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Cheap signs that a text may hold personal data, as bits. Most messages show none, and one look at
 * each character and word costs much less than the patterns. A {@link PatternRule} runs only where
 * the text shows one of its signs. The word lists are those of the patterns.
 */
final class Signs {

  static final int DIGIT = 1;
  static final int THREE_DIGITS = 1 << 1;
  static final int FOUR_DIGITS = 1 << 2;
  static final int SIX_DIGITS = 1 << 3;
  static final int THIRTEEN_DIGITS = 1 << 4;

  /** A letter beside a digit. */
  static final int MIXED = 1 << 5;

  static final int AT = 1 << 6;

  /** A full stop before a letter or digit. */
  static final int INNER_DOT = 1 << 7;

  static final int COLON = 1 << 8;
  static final int SLASH = 1 << 9;
  static final int HASH = 1 << 10;
  static final int CURRENCY = 1 << 11;
  static final int MONTH = 1 << 12;
  static final int CLOCK = 1 << 13;
  static final int MINUTE_WORD = 1 << 14;
  static final int MONEY_WORD = 1 << 15;
  static final int DIGIT_WORD = 1 << 16;
  static final int SPELLED_AT = 1 << 17;
  static final int SPELLED_DOT = 1 << 18;
  static final int CODE_WORD = 1 << 19;
  static final int STREET = 1 << 20;
  static final int NAME_TAIL = 1 << 21;
  static final int BIRTH = 1 << 22;
  static final int ORDINAL_DAY = 1 << 23;
  static final int REFERENCE_WORD = 1 << 24;
  static final int ACCOUNT_WORD = 1 << 25;
  static final int COST_WORD = 1 << 26;
  static final int BANK_CODE = 1 << 27;

  /** A word before an address, or a part of one. */
  static final int ADDRESS_WORD = 1 << 28;

  static final int RARE_STREET = 1 << 29;
  static final int WEEKDAY = 1 << 30;
  static final int BRACKET = 1 << 31;

  /** The ends of abbreviations, which are not part of words. */
  private static final Pattern ABBREVIATION = Pattern.compile("[/.]");

  private static final Map<String, Integer> WORDS = new HashMap<>();

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
        "p fr penny sterling");
    put(COST_WORD, NumberPatterns.COST_WORDS);
    put(DIGIT_WORD, NumberPatterns.DIGIT_WORDS, "double triple");
    put(REFERENCE_WORD, NumberPatterns.REFERENCE_WORDS, NumberPatterns.CODE_NAMES, "bill");
    put(CODE_WORD, NumberPatterns.CAPITALS_WORDS, NumberPatterns.PARCEL_WORDS, "sendungsnummer");
    put(CODE_WORD, NumberPatterns.FOREIGN_CAPITALS_WORDS, NumberPatterns.FOREIGN_THINGS);
    put(CODE_WORD, AccountPatterns.USER_WORDS);
    put(
        ACCOUNT_WORD,
        AccountPatterns.ACCOUNT_WORDS,
        AccountPatterns.HOLDER_WORDS,
        "a c sort national");
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
    put(NAME_TAIL, NameDetector.TAIL_WORDS);
  }

  private static final List<String> STREET_ENDINGS =
      Lexicon.list(AddressPatterns.STREET_ENDINGS + " str");
  private static final int SHORTEST_STREET = 5;

  private Signs() {}

  private static void put(int sign, String... lists) {
    for (String list : lists) {
      for (String word : Lexicon.words(ABBREVIATION.matcher(list).replaceAll(" "))) {
        WORDS.merge(word, sign, (a, b) -> a | b);
      }
    }
  }

  /** The signs of a word in lower case. */
  static int of(String word) {
    Integer sign = WORDS.get(word);
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
  static int of(char c, char previous) {
    boolean digit = isDigit(c);
    if (digit || isLetter(c)) {
      int sign = digit ? DIGIT : 0;
      if (previous == '.') {
        sign |= INNER_DOT;
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
      case '$' -> CURRENCY;
      case '(', '[', '{', '<' -> BRACKET;
      default -> c >= 0x80 && Character.getType(c) == Character.CURRENCY_SYMBOL ? CURRENCY : 0;
    };
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= 0x80 && Character.isLetter(c));
  }

  /** The signs of a text with {@code count} digits. */
  static int ofDigits(int count) {
    return (count >= 3 ? THREE_DIGITS : 0)
        | (count >= 4 ? FOUR_DIGITS : 0)
        | (count >= 6 ? SIX_DIGITS : 0)
        | (count >= 13 ? THIRTEEN_DIGITS : 0);
  }

  /** Takes away the signs of words that count only beside digits where there are too few. */
  static int withoutLoneWords(int signs) {
    int lone = (signs & DIGIT) == 0 ? STREET | ADDRESS_WORD | WEEKDAY : 0;
    if ((signs & (THREE_DIGITS | MIXED)) == 0) {
      lone |= REFERENCE_WORD | COST_WORD | RARE_STREET;
    }
    if ((signs & FOUR_DIGITS) == 0) {
      lone |= ACCOUNT_WORD;
    }
    return signs & ~lone;
  }
}
