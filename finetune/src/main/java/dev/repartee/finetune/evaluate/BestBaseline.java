package dev.repartee.finetune.evaluate;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.repartee.finetune.evaluate.EvaluationReport.Rival;
import dev.repartee.finetune.metric.Evaluation;
import dev.repartee.finetune.metric.Measurement.Comparison.Difference;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * The baseline that saved most under a rule.
 *
 * @param ratio of the model's saving to the baseline's; empty where the baseline saved nothing
 * @param advantage of the model in percentage points, in pairs
 */
public record BestBaseline(
    String name,
    double saved,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) OptionalDouble ratio,
    Difference advantage) {

  /** The best of {@code baselines} for each rule of {@code ours}; none without baselines. */
  static Map<String, BestBaseline> of(Map<String, Rival> baselines, Evaluation ours) {
    Map<String, BestBaseline> best = new LinkedHashMap<>();
    ours.rules()
        .forEach(
            (rule, saving) ->
                baselines.values().stream()
                    .max(Comparator.comparingDouble(rival -> rival.rules().get(rule).saved()))
                    .ifPresent(rival -> best.put(rule, of(rival, rule, saving.saved()))));
    return best;
  }

  private static BestBaseline of(Rival rival, String rule, double ours) {
    double theirs = rival.rules().get(rule).saved();
    return new BestBaseline(
        rival.model(),
        theirs,
        theirs > 0
            ? OptionalDouble.of(Math.round(100 * ours / theirs) / 100.0)
            : OptionalDouble.empty(),
        rival.advantage().rules().get(rule));
  }

  /** What follows from the comparison in pairs, in a sentence. */
  String verdict() {
    double low = advantage.ci95().low();
    double high = advantage.ci95().high();
    String interval =
        String.format(
            Locale.ROOT, "%+.2f points, 95%% %+.2f to %+.2f", advantage.difference(), low, high);
    if (high < 0) {
      return "do not publish: %s saves more (%s)".formatted(name, interval);
    }
    return low > 0
        ? "worth publishing: it saves more than %s (%s)".formatted(name, interval)
        : "%s saves as much (%s); do not publish for what it saves; more conversations narrow the interval"
            .formatted(name, interval);
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s saves %.2f%%", name, saved);
  }
}
