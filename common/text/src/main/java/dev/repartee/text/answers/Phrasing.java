package dev.repartee.text.answers;

import static java.util.Objects.requireNonNull;

/**
 * One way in which an answer was worded.
 *
 * @param text as agents typed it
 * @param count how many messages used exactly this wording
 */
public record Phrasing(String text, long count) {

  public Phrasing {
    requireNonNull(text, "text is null");
    if (count < 1) {
      throw new IllegalArgumentException("count must be at least 1 but is " + count);
    }
  }
}
