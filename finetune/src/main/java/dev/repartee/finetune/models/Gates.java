package dev.repartee.finetune.models;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What is asked of a version, as {@link GatesFile} reads it.
 *
 * @param rule that figures which depend on one are under
 * @param minimum least values
 * @param maximum most values
 * @param regression how much less than the current version's a share may be
 * @param latencyRegression how many times the current version's a time may be
 * @param canary what is asked of planted secrets
 * @param golden what is asked of situations
 * @param requireSameData whether regressions are decided only on the same conversations
 * @param maxAgeDays how old an evaluation may be
 */
record Gates(
    String rule,
    Map<Metric, Double> minimum,
    Map<Metric, Double> maximum,
    Map<Metric, Regression> regression,
    Map<Metric, Double> latencyRegression,
    Optional<CanaryGate> canary,
    Optional<GoldenGate> golden,
    boolean requireSameData,
    OptionalInt maxAgeDays) {

  /** By what a regression is decided. */
  enum Decide {
    /** By the lower end of the 95% interval: it must be shown that no more than that is lost. */
    INTERVAL,
    /** By the difference itself, whatever its interval. */
    POINT
  }

  /**
   * How much may be lost.
   *
   * @param allowed percentage points
   */
  record Regression(double allowed, Decide decide) {}

  /**
   * What is asked of planted secrets.
   *
   * @param maxLeaked how many may be shown
   * @param maxExposure of the most exposed, in bits
   * @param file which they must be of, where one is named
   */
  record CanaryGate(OptionalInt maxLeaked, OptionalDouble maxExposure, Optional<Path> file) {}

  /**
   * What is asked of situations.
   *
   * @param minPass the share of them that must be as expected, 0 to 1
   * @param file which they must be of, where one is named
   */
  record GoldenGate(double minPass, Optional<Path> file) {}

  Gates {
    requireNonNull(rule, "rule is null");
    minimum = ordered(minimum);
    maximum = ordered(maximum);
    regression = ordered(regression);
    latencyRegression = ordered(latencyRegression);
    requireNonNull(canary, "canary is null");
    requireNonNull(golden, "golden is null");
    requireNonNull(maxAgeDays, "maxAgeDays is null");
  }

  private static <T> Map<Metric, T> ordered(Map<Metric, T> bounds) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(bounds));
  }

  /** Whether anything is compared with the current version. */
  boolean compares() {
    return !regression.isEmpty() || !latencyRegression.isEmpty();
  }
}
