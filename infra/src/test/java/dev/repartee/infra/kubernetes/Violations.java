package dev.repartee.infra.kubernetes;

import java.util.ArrayList;
import java.util.List;

/** Collects violations, so that one run reports all of them. */
final class Violations {

  private final List<String> found = new ArrayList<>();

  /** Adds a formatted message unless {@code right}. */
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
