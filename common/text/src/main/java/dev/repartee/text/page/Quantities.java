package dev.repartee.text.page;

import java.time.Duration;
import java.util.Locale;

/** Numbers as people read them, the same in every locale. */
public final class Quantities {

  private static final String[] BYTE_UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

  private Quantities() {}

  /** Such as {@code 1,426}. */
  public static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** The nearest whole number with separators. */
  public static String rounded(double value) {
    return count(Math.round(value));
  }

  /** A fixed number of decimals, such as {@code 3.214}. */
  public static String decimals(double value, int decimals) {
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }

  /** Memory, such as {@code 2.1 GiB}. */
  public static String bytes(long bytes) {
    double value = (double) bytes;
    int unit = 0;
    while (value >= 1023.95 && unit < BYTE_UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    return decimals(value, unit == 0 ? 0 : 1) + " " + BYTE_UNITS[unit];
  }

  /** Files and disks, such as {@code 4.8 MB}; what is below 0 is not known. */
  public static String size(long bytes) {
    return bytes < 0
        ? "an unknown amount"
        : bytes < 999_950
            ? decimals(bytes / 1e3, 1) + " kB"
            : bytes < 999_950_000
                ? decimals(bytes / 1e6, 1) + " MB"
                : decimals(bytes / 1e9, 1) + " GB";
  }

  /**
   * The two largest units: {@code 45 s}, {@code 4 min 10 s}, {@code 3 h 20 min}, {@code 2 d 3 h}.
   */
  public static String duration(Duration duration) {
    long seconds = Math.max(0, Math.round(duration.toMillis() / 1000.0));
    if (seconds < 60) {
      return seconds + " s";
    }
    if (seconds < 3600) {
      return seconds / 60 + " min " + seconds % 60 + " s";
    }
    long minutes = Math.round(seconds / 60.0);
    if (minutes < 24 * 60) {
      return minutes / 60 + " h " + minutes % 60 + " min";
    }
    long hours = Math.round(seconds / 3600.0);
    return hours / 24 + " d " + hours % 24 + " h";
  }

  /** Milliseconds, rounded to the microsecond. */
  public static double millis(Duration duration) {
    return millis(duration.toNanos());
  }

  /** Milliseconds, rounded to the microsecond. */
  public static double millis(long nanos) {
    return Math.round((double) nanos / 1e3) / 1e3;
  }
}
