package dev.repartee.finetune.training;

import dev.repartee.text.UserException;

/** Checks options; the message names option, bound and value. */
final class Bounds {

  private Bounds() {}

  static void atLeast(String option, long value, long least) {
    if (value < least) {
      throw UserException.usage("--" + option + " must be at least " + least + " but is " + value);
    }
  }

  static void within(String option, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw UserException.usage(
          "--%s must be between %s and %s but is %s".formatted(option, least, most, value));
    }
  }
}
