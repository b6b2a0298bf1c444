package dev.repartee.text.answers;

import static java.util.Objects.requireNonNull;

/**
 * One way in which an answer was worded.
 *
 * @param text as agents typed it
 * @param count how many messages used exactly this wording
 */
public record Phrasing(String text, long count) {

  /** Far above any count, and sums of it are still numbers. */
  static final long MOST = 1L << 40;

  public Phrasing {
    requireNonNull(text, "text is null");
    if (count < 1 || count > MOST) {
      throw new IllegalArgumentException(
          "count must be between 1 and %d but is %d".formatted(MOST, count));
    }
  }
}
