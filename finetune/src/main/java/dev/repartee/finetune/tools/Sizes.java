package dev.repartee.finetune.tools;

import java.util.Locale;

/** Bytes as people read them. */
final class Sizes {

  private static final double GIB = 1L << 30;

  private Sizes() {}

  static String text(long bytes) {
    return String.format(Locale.ROOT, "%.1f GiB", bytes / GIB);
  }
}
