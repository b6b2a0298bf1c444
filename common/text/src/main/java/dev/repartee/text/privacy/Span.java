package dev.repartee.text.privacy;

import java.util.Optional;

/**
 * A stretch of a text.
 *
 * @param kind what it holds; empty for a placeholder that the text already had
 */
record Span(Optional<PersonalData> kind, int start, int end) {

  Span(PersonalData kind, int start, int end) {
    this(Optional.of(kind), start, end);
  }

  int length() {
    return end - start;
  }
}
