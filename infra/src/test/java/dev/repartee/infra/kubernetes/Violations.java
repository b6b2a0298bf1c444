package dev.repartee.infra.kubernetes;

import java.util.ArrayList;
import java.util.List;

/** What is wrong, collected, so that one run tells all of it. */
final class Violations {

  private final List<String> found = new ArrayList<>();

  /** Notes {@code message}, filled in with {@code values}, unless {@code right}. */
  @SuppressWarnings("AnnotateFormatMethod") // its annotations would be one more library
  Violations unless(boolean right, String message, Object... values) {
    if (!right) {
      found.add(message.formatted(values));
    }
    return this;
  }

  List<String> list() {
    return List.copyOf(found);
  }
}
