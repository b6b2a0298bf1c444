package dev.repartee.text.privacy;

import static java.util.Objects.requireNonNull;

/**
 * Personal data found in a text.
 *
 * @param text as it was written; keep it out of logs
 * @param start where it begins in the original text, in UTF-16 units
 * @param end where it ends in the original text, exclusive
 */
public record Finding(PersonalData kind, String text, int start, int end) {

  public Finding {
    requireNonNull(kind, "kind is null");
    requireNonNull(text, "text is null");
    if (start < 0 || end <= start) {
      throw new IllegalArgumentException("start must be before end but is " + start + ", " + end);
    }
  }
}
