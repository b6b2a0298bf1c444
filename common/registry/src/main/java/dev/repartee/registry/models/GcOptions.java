package dev.repartee.registry.models;

import dev.repartee.text.UserException;
import java.time.Duration;

/**
 * What a garbage collection keeps beside the versions that an alias names.
 *
 * @param keepLast how many of a model's newest versions
 * @param window versions that an alias named within this time before now
 * @param abandonedAfter how long a publication may take before it is taken for broken off
 * @param dryRun find only, change nothing
 */
public record GcOptions(int keepLast, Duration window, Duration abandonedAfter, boolean dryRun) {

  public static final GcOptions DEFAULT =
      new GcOptions(5, Duration.ofDays(90), Duration.ofHours(24), false);

  /**
   * @throws UserException (wrong usage) naming the bound
   */
  public GcOptions {
    if (keepLast < 0 || window.isNegative() || abandonedAfter.isNegative()) {
      throw UserException.usage(
          "--keep-last, --window and --abandoned-after must be at least 0 but are "
              + keepLast
              + ", "
              + window
              + " and "
              + abandonedAfter);
    }
  }
}
