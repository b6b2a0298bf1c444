package dev.repartee.text.privacy;

import java.util.List;

/** Folds a text character by character and keeps where each character came from. */
final class Folding {

  private static final int FULL_WIDTH_FIRST = 0xFF01;
  private static final int FULL_WIDTH_LAST = 0xFF5E;
  private static final int FULL_WIDTH_SHIFT = 0xFEE0;

  private final String original;
  private final char[] folded;
  private final char[] lower;
  private final int[] origins;
  private int length;
  private int signs;
  private int digits;
  private char previous = ' ';

  Folding(String original, List<Span> masked) {
    this.original = original;
    folded = new char[original.length()];
    lower = new char[original.length()];
    origins = new int[original.length() + 1];
    int position = 0;
    for (Span span : masked) {
      fold(position, span.start());
      append(FoldedText.MASK, span.start());
      position = span.end();
    }
    fold(position, original.length());
    origins[length] = original.length();
  }

  String folded() {
    return new String(folded, 0, length);
  }

  String lower() {
    return new String(lower, 0, length);
  }

  int[] origins() {
    return origins;
  }

  int signs() {
    return signs | Signs.ofDigits(digits);
  }

  private void fold(int start, int end) {
    for (int i = start; i < end; i++) {
      char c = original.charAt(i);
      if (c < 0x80) {
        append(c < ' ' && c != '\n' && c != '\r' ? ' ' : c, i);
      } else if (Character.isHighSurrogate(c) && i + 1 < end) {
        i = foldPair(i);
      } else if (!isInvisible(c)) {
        append(foldOther(c), i);
      }
    }
  }

  /**
   * Mathematical digits and the like are one digit each; emoji and rare letters stay as they are.
   */
  private int foldPair(int i) {
    int codePoint = original.codePointAt(i);
    if (Character.isDigit(codePoint)) {
      append((char) ('0' + Character.digit(codePoint, 10)), i);
      return i + 1;
    }
    append(original.charAt(i), i);
    return i;
  }

  private static boolean isInvisible(char c) {
    return Character.getType(c) == Character.FORMAT;
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
      case FoldedText.MASK -> '\uFFFD';
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
    int sign = Signs.of(c, previous);
    signs |= sign;
    digits += sign & Signs.DIGIT;
    previous = c;
  }
}
