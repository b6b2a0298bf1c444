package dev.repartee.infra.autoscaling;

import java.util.List;

/** Checks of assumptions; the message names the field, its bounds and what it is. */
final class Bounds {

  private Bounds() {}

  static void within(String field, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new IllegalArgumentException(
          field + " must be between " + text(least) + " and " + text(most) + " but is " + value);
    }
  }

  static <T> List<T> filled(String field, List<T> values) {
    if (values == null || values.isEmpty()) {
      throw new IllegalArgumentException(field + " must not be empty");
    }
    return List.copyOf(values);
  }

  static <T> T present(String field, T value) {
    if (value == null) {
      throw new IllegalArgumentException(field + " is missing");
    }
    return value;
  }

  private static String text(double bound) {
    return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
  }
}
