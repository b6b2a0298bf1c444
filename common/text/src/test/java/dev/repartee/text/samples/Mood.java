package dev.repartee.text.samples;

import java.util.Locale;
import java.util.Random;

/** What a customer is like on the day. */
enum Mood {
  CALM,
  FRIENDLY,
  ANNOYED,
  TERSE,
  CHATTY;

  /** Draws a mood; people are annoyed more often when something went wrong. */
  static Mood draw(boolean problem, Random random) {
    int where = random.nextInt(100);
    int annoyed = problem ? 24 : 4;
    if (where < annoyed) {
      return ANNOYED;
    }
    if (where < annoyed + 16) {
      return TERSE;
    }
    if (where < annoyed + 34) {
      return FRIENDLY;
    }
    return where < annoyed + 44 ? CHATTY : CALM;
  }

  /** The name in the phrase files. */
  String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
