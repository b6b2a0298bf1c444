package dev.repartee.finetune.evaluate;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.repartee.finetune.evaluate.EvaluationReport.Rival;
import dev.repartee.finetune.metric.Comparison.Difference;
import dev.repartee.finetune.metric.Evaluation;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The baseline that saved most under a rule.
 *
 * @param ratio of the model's saving to the baseline's; empty where the baseline saved nothing
 * @param advantage of the model in percentage points, in pairs; empty in earlier evaluations
 */
public record BestBaseline(
    String name,
    double saved,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) OptionalDouble ratio,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Difference> advantage) {

  public BestBaseline {
    ratio = requireNonNullElse(ratio, OptionalDouble.empty()); // absent in JSON
    advantage = requireNonNullElse(advantage, Optional.empty());
  }

  /** The best of {@code baselines} for each rule of {@code ours} that they were measured by. */
  static Map<String, BestBaseline> of(Map<String, Rival> baselines, Evaluation ours) {
    Map<String, BestBaseline> best = new LinkedHashMap<>();
    ours.rules()
        .forEach(
            (rule, saving) ->
                best(baselines, rule, saving.saved()).ifPresent(one -> best.put(rule, one)));
    return best;
  }

  private static Optional<BestBaseline> best(
      Map<String, Rival> baselines, String rule, double saved) {
    BestBaseline best = null;
    for (Rival rival : baselines.values()) {
      if (rival.rules().containsKey(rule)) {
        double theirs = rival.rules().get(rule).saved();
        if (best == null || theirs > best.saved()) {
          best =
              new BestBaseline(
                  rival.model(),
                  theirs,
                  ratio(saved, theirs),
                  Optional.ofNullable(rival.advantage().rules().get(rule)));
        }
      }
    }
    return Optional.ofNullable(best);
  }

  private static OptionalDouble ratio(double ours, double theirs) {
    return theirs > 0
        ? OptionalDouble.of(Math.round(100 * ours / theirs) / 100.0)
        : OptionalDouble.empty();
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s saves %.2f%%", name, saved);
  }
}
