package dev.repartee.text.privacy;

import dev.repartee.text.privacy.Spans.Span;
import java.util.List;

/**
 * A text in the form in which it is searched: digits of any script and full-width forms as ASCII,
 * one kind of dash, quote and blank, nothing invisible, and {@link FoldedWords#MASK} in place of
 * every placeholder and of everything found so far. Positions are mapped back to the original.
 */
final class FoldedText {

  /** Letters from here on are those of East Asia, or very rare. */
  private static final char FIRST_HAN = '\u2E80';

  private static final char HAN = '\u30FB';

  private final CharSequence folded;
  private final CharSequence lower;
  private final int[] origins;
  private final long characterSigns;
  private FoldedWords words;

  /**
   * @param lower {@code folded} in lower case, position by position
   * @param origins the position in the original of each character and of the end
   * @param characterSigns the {@link Sign} of the characters, without those of the words
   */
  FoldedText(CharSequence folded, CharSequence lower, int[] origins, long characterSigns) {
    this.folded = folded;
    this.lower = lower;
    this.origins = origins;
    this.characterSigns = characterSigns;
  }

  /**
   * Folds {@code original}.
   *
   * @param masked spans to mask, in order and without overlaps
   */
  static FoldedText of(String original, List<Span> masked) {
    return new Folder(original).fold(masked);
  }

  /** {@code text} folded and in lower case. */
  static String lower(String text) {
    return of(text, List.of()).lower.toString();
  }

  /** The folded text as it was typed. */
  CharSequence folded() {
    return folded;
  }

  /** The folded text in lower case, position by position the same as {@link #folded}. */
  CharSequence lower() {
    return lower;
  }

  FoldedWords words() {
    if (words == null) {
      words = FoldedWords.of(folded, lower);
    }
    return words;
  }

  /** The {@link Sign} that the text shows. */
  long signs() {
    return Sign.ANY.bit | Sign.withoutLoneWords(characterSigns | words().signs());
  }

  /**
   * The same text with a sign in place of every letter of Chinese and Japanese, position by
   * position: to a rule for all texts, a letter beside a number is a part of it, and in these
   * languages no blank parts them.
   */
  FoldedText withoutHan() {
    char[] parted = folded.toString().toCharArray();
    char[] partedLower = lower.toString().toCharArray();
    for (int i = 0; i < parted.length; i++) {
      if (parted[i] >= FIRST_HAN && Character.isLetter(parted[i])) {
        parted[i] = HAN;
        partedLower[i] = HAN;
      }
    }
    return new FoldedText(new String(parted), new String(partedLower), origins, characterSigns);
  }

  /** The span of the original text for a span of the folded text. */
  Span inOriginal(Span span) {
    return new Span(span.kind(), origins[span.start()], origins[span.end()]);
  }

  /** Folds a text character by character. */
  private static final class Folder {

    private static final int FULL_WIDTH_FIRST = 0xFF01;
    private static final int FULL_WIDTH_LAST = 0xFF5E;
    private static final int FULL_WIDTH_SHIFT = 0xFEE0;

    private final String original;
    private final char[] folded;
    private final char[] lower;
    private final int[] origins;
    private int length;
    private long signs;
    private int digits;
    private int row;
    private int longestRow;
    private char previous = ' ';

    Folder(String original) {
      this.original = original;
      folded = new char[original.length()];
      lower = new char[original.length()];
      origins = new int[original.length() + 1];
    }

    FoldedText fold(List<Span> masked) {
      int position = 0;
      for (Span span : masked) {
        fold(position, span.start());
        append(FoldedWords.MASK, span.start());
        position = span.end();
      }
      fold(position, original.length());
      origins[length] = original.length();
      return new FoldedText(
          new String(folded, 0, length),
          new String(lower, 0, length),
          origins,
          signs | Sign.ofDigits(digits) | Sign.ofRow(longestRow));
    }

    private void fold(int start, int end) {
      for (int i = start; i < end; i++) {
        char c = original.charAt(i);
        if (c < 0x80) {
          append(c < ' ' && c != '\n' && c != '\r' ? ' ' : c, i);
        } else if (Character.isHighSurrogate(c) && i + 1 < end) {
          i = foldPair(i);
        } else if (Character.getType(c) != Character.FORMAT) {
          append(foldOther(c), i);
        }
      }
    }

    /** Makes one digit of a mathematical digit; emoji and rare letters stay as they are. */
    private int foldPair(int i) {
      int codePoint = original.codePointAt(i);
      if (Character.isDigit(codePoint)) {
        append((char) ('0' + Character.digit(codePoint, 10)), i);
        return i + 1;
      }
      append(original.charAt(i), i);
      return i;
    }

    private static char foldOther(char c) {
      if (Character.isDigit(c)) {
        return (char) ('0' + Character.digit(c, 10));
      }
      if (c >= FULL_WIDTH_FIRST && c <= FULL_WIDTH_LAST) {
        return (char) (c - FULL_WIDTH_SHIFT);
      }
      return switch (c) {
        case '\u2018', '\u2019', '\u201B', '\u00B4', '\u02BC', '\u2032' -> '\'';
        case '\u2212', '\u2043' -> '-';
        case '\u3002' -> '.';
        case '\u2028', '\u2029', '\u0085' -> '\n';
        case FoldedWords.MASK -> '\uFFFD';
        default -> {
          if (Character.getType(c) == Character.DASH_PUNCTUATION) {
            yield '-';
          }
          yield Character.isSpaceChar(c) || Character.isISOControl(c) ? ' ' : c;
        }
      };
    }

    private void append(char c, int origin) {
      folded[length] = c;
      lower[length] = Character.toLowerCase(c);
      origins[length] = origin;
      length++;
      long sign = Sign.of(c, previous);
      signs |= sign;
      if ((sign & Sign.DIGIT.bit) == 0) {
        row = 0;
      } else {
        digits++;
        row++;
        longestRow = Math.max(longestRow, row);
      }
      previous = c;
    }
  }
}
