package dev.repartee.text.answers;

import dev.repartee.text.TextNorm;
import dev.repartee.text.io.Sha256;
import java.util.regex.Pattern;

/**
 * One way in which an answer was worded.
 *
 * @param text as agents typed it
 * @param count how many messages used exactly this wording
 */
public record Phrasing(String text, long count) {

  private static final Pattern HASH = Pattern.compile("[0-9a-f]{16}");

  /** Far above any count, and sums of it are still numbers. */
  static final long MOST = 1L << 40;

  public Phrasing {
    if (count < 1 || count > MOST) {
      throw new IllegalArgumentException(
          "count must be between 1 and %d but is %d".formatted(MOST, count));
    }
  }

  /**
   * Stands for a phrasing that must not be shown: the first 16 hex digits of the SHA-256 of its
   * {@link TextNorm#mask}, the same for all texts that count as this phrasing. It can recognise the
   * phrasing. It does not protect a text that somebody can guess.
   */
  public static String hash(String text) {
    return hashOfKey(TextNorm.mask(text));
  }

  /** The hash of a masked phrasing. */
  public static String hashOfKey(String key) {
    return Sha256.brief(key);
  }

  /** Whether {@code text} has the form of a hash. */
  public static boolean isHash(String text) {
    return HASH.matcher(text).matches();
  }
}
