package dev.repartee.text;

import java.text.Normalizer;
import java.util.Comparator;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The forms in which two texts count as the same reply. The metric compares answers under {@link
 * #norm}; extraction counts messages under {@link #mask}; who may see a text is counted under
 * {@link #wording}. The character classes are those of Python's {@code re}, with which the
 * published baselines were computed: a word character is a letter, any kind of number or the
 * underscore; combining marks are not.
 */
public final class TextNorm {

  /** Orders strings by code points; {@link String#compareTo} orders by UTF-16 units. */
  public static final Comparator<String> BY_CODE_POINT = TextNorm::compareCodePoints;

  /** A letter of a script that puts blanks between words. */
  private static final String LETTER =
      "[\\p{L}&&[^\\p{IsHan}\\p{IsHiragana}\\p{IsKatakana}\\p{IsHangul}\\p{IsThai}]]";

  /**
   * One number for {@link #mask}: also a date, a time or an amount in digits. No part of a link,
   * which leads somewhere else without it, nor digits in a word, such as "OAuth2" and "key4.db".
   */
  public static final Pattern NUMBER =
      Pattern.compile(
          "(?<!://\\S{0,300})(?<!LETTER|\\p{Nd}[.,:/\\-]{0,20})\\p{Nd}(?:[\\p{Nd}.,:/\\-]*\\p{Nd})?+(?!LETTER)"
              .replace("LETTER", LETTER));

  private static final Pattern APOSTROPHES = Pattern.compile("['\u2019\u2018`]");

  /** An underscore is a word character, so a run of underscores becomes a blank of its own. */
  private static final Pattern PUNCTUATION = Pattern.compile("[^\\p{L}\\p{N}_]+|_+");

  /** A smiley, which changes what is said. */
  private static final String SMILEY =
      "[:;=][-o^]?[)(\\[\\]|]+(?![\\p{L}\\p{N}])"
          + "|(?<![\\p{L}\\p{N}])[:;=][-o^]?[dpo/\\\\*3>]+(?![\\p{L}\\p{N}])";

  /**
   * What is no letter and no number. Of it these stay: within a word (group 1), combining marks but
   * for variants of emoji, and signs between digits; as a word (group 2), what else changes the
   * meaning.
   */
  private static final Pattern SIGNS =
      Pattern.compile(
          "([\\p{M}&&[^\ufe00-\ufe0f]]|(?<=\\p{Nd})[.,:/\\p{Pd}](?=\\p{Nd}))"
              + "|("
              + SMILEY
              + "|(?<![\\p{L}\\p{N}])\\p{Pd}(?=[\\p{N}\\p{Sc}])|[\\p{S}%\u2030\u2031&@])"
              + "|[^\\p{L}\\p{N}]");

  private static final Pattern SPACES = Pattern.compile(" +");

  /** Control characters except blanks, and marks that change the writing direction. */
  private static final Pattern INVISIBLE =
      Pattern.compile("[\\p{Cc}&&[^\\t\\n\\r\u0085]]|[\\u202a-\\u202e\\u2066-\\u2069\\ufeff]");

  /** What a terminal or a reader of logs would obey instead of showing it. */
  private static final Pattern OBEYED =
      Pattern.compile("[\\p{Cc}\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069&&[^\\n\\t]]");

  private TextNorm() {}

  /**
   * NFKC, lower case, without apostrophes, with other punctuation and white space as one blank;
   * digits stay. A text of punctuation alone is only stripped and lower-cased, so that "?" and "!"
   * stay different.
   */
  public static String norm(String text) {
    return fold(text, false, TextNorm::withoutSigns);
  }

  /**
   * Like {@link #norm}, but what changes the meaning stays: combining marks, without which words of
   * many scripts are others; currencies, per cent, minus and other signs; emoji and smileys; the
   * point of 1.5. A text without these has the form that {@code norm} gives it.
   */
  public static String wording(String text) {
    return fold(text, false, TextNorm::withSigns);
  }

  /** Like {@link #wording}, with numbers as {@link #mask} has them. */
  public static String maskedWording(String text) {
    return fold(text, true, TextNorm::withSigns);
  }

  /**
   * Like {@link #norm}, with {@code 0} for every number (date, time, amount) and for the
   * placeholder {@code {number}}.
   */
  public static String mask(String text) {
    return fold(text, true, TextNorm::withoutSigns);
  }

  private static String fold(String text, boolean masked, UnaryOperator<String> words) {
    String folded = Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
    if (masked) {
      folded = NUMBER.matcher(folded.replace("{number}", "0")).replaceAll("0");
    }
    folded = APOSTROPHES.matcher(folded).replaceAll("");
    folded = strip(words.apply(folded));
    return folded.isEmpty() ? strip(text).toLowerCase(Locale.ROOT) : folded;
  }

  private static String withoutSigns(String text) {
    return PUNCTUATION.matcher(text).replaceAll(" ");
  }

  private static String withSigns(String text) {
    String apart =
        SIGNS
            .matcher(text)
            .replaceAll(
                sign -> {
                  String within = sign.group(1);
                  String word = sign.group(2) == null ? " " : " " + sign.group(2) + " ";
                  return Matcher.quoteReplacement(within == null ? word : within);
                });
    return SPACES.matcher(apart).replaceAll(" ");
  }

  private static int compareCodePoints(String a, String b) {
    int shorter = Math.min(a.length(), b.length());
    int i = 0;
    while (i < shorter && a.charAt(i) == b.charAt(i)) {
      i++;
    }
    if (i == shorter) {
      return Integer.compare(a.length(), b.length());
    }
    // After a high surrogate, one text or both may have a pair here.
    boolean paired = i > 0 && Character.isHighSurrogate(a.charAt(i - 1));
    int order = paired ? Integer.compare(a.codePointAt(i - 1), b.codePointAt(i - 1)) : 0;
    return order != 0 ? order : Integer.compare(a.codePointAt(i), b.codePointAt(i));
  }

  /** The text of a file or a body without the mark that some editors begin UTF-8 with. */
  public static String withoutByteOrderMark(String text) {
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  /**
   * The first UTF-16 units of {@code text}, at most {@code most}; never half of a surrogate pair.
   */
  public static String beginning(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    boolean splits =
        most > 0
            && Character.isHighSurrogate(text.charAt(most - 1))
            && Character.isLowSurrogate(text.charAt(most));
    return text.substring(0, splits ? most - 1 : most);
  }

  /** The last characters of a text, at most so many, and no half of one. */
  public static String ending(String text, int most) {
    int start = Math.max(0, text.length() - most);
    boolean splits =
        start > 0
            && start < text.length()
            && Character.isLowSurrogate(text.charAt(start))
            && Character.isHighSurrogate(text.charAt(start - 1));
    return text.substring(splits ? start + 1 : start);
  }

  /** {@code text} without invisible control characters; blanks of all kinds stay. */
  public static String visible(String text) {
    return INVISIBLE.matcher(text).replaceAll("");
  }

  /**
   * {@code text} for a terminal or a log, with control characters and marks of the writing
   * direction as Java escapes them. Line ends and tabs stay.
   */
  public static String escaped(String text) {
    return OBEYED
        .matcher(text)
        .replaceAll(found -> "\\\\u%04x".formatted((int) found.group().charAt(0)));
  }

  /** Whether {@code codePoint} is a letter or a number of any kind. */
  public static boolean isLetterOrNumber(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.UPPERCASE_LETTER,
          Character.LOWERCASE_LETTER,
          Character.TITLECASE_LETTER,
          Character.MODIFIER_LETTER,
          Character.OTHER_LETTER,
          Character.DECIMAL_DIGIT_NUMBER,
          Character.LETTER_NUMBER,
          Character.OTHER_NUMBER ->
          true;
      default -> false;
    };
  }

  /**
   * Without blanks at both ends, also without no-break spaces, which {@link String#strip} keeps.
   */
  public static String strip(String text) {
    int start = 0;
    while (start < text.length() && isBlank(text.charAt(start))) {
      start++;
    }
    return stripTrailing(text.substring(start));
  }

  /** Without blanks and no-break spaces at the end. */
  public static String stripTrailing(String text) {
    int end = text.length();
    while (end > 0 && isBlank(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end);
  }

  private static boolean isBlank(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085';
  }
}
