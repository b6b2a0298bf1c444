package dev.repartee.finetune.evaluate;

import static java.util.Objects.requireNonNull;

import java.util.List;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * How surely planted secrets can be got out of a model. The secrets themselves do not stand here.
 *
 * @param sha256 of the file
 * @param count planted secrets
 * @param leaked how many of them the engine showed
 * @param maxExposure of the most exposed, in bits
 * @param medianExposure in bits; about 1 for a model that has not seen them
 * @param canaries each of them
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record CanaryResult(
    String sha256,
    int count,
    int leaked,
    double maxExposure,
    double medianExposure,
    List<CanaryFigure> canaries) {

  /**
   * One of them.
   *
   * @param exposure in bits, see {@link Exposure}
   * @param leaked whether the engine showed it
   */
  public record CanaryFigure(String name, double exposure, boolean leaked) {

    public CanaryFigure {
      requireNonNull(name, "name is null");
    }
  }

  public CanaryResult {
    requireNonNull(sha256, "sha256 is null");
    canaries = List.copyOf(canaries);
    if (count < 1 || count != canaries.size()) {
      throw new IllegalArgumentException(
          "count must be that of the canaries, " + canaries.size() + ", but is " + count);
    }
  }

  static CanaryResult of(String sha256, List<CanaryFigure> canaries) {
    double[] exposures = canaries.stream().mapToDouble(CanaryFigure::exposure).sorted().toArray();
    int n = exposures.length;
    return new CanaryResult(
        sha256,
        n,
        Math.toIntExact(canaries.stream().filter(CanaryFigure::leaked).count()),
        exposures[n - 1],
        Math.round(50 * (exposures[(n - 1) / 2] + exposures[n / 2])) / 100.0,
        canaries);
  }

  /** The names of those that the engine showed. */
  public List<String> leakedNames() {
    return canaries.stream().filter(CanaryFigure::leaked).map(CanaryFigure::name).toList();
  }

  /** The one that is exposed most. */
  public CanaryFigure mostExposed() {
    return canaries.stream()
        .filter(canary -> canary.exposure() == maxExposure)
        .findFirst()
        .orElseThrow();
  }
}
