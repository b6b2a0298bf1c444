package dev.repartee.finetune.evaluate;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.repartee.engine.gpt2.Precision;
import dev.repartee.finetune.metric.Comparison;
import dev.repartee.finetune.metric.Counts;
import dev.repartee.finetune.metric.Evaluation;
import dev.repartee.finetune.metric.Evaluation.Latencies;
import dev.repartee.finetune.metric.Evaluation.Saving;
import dev.repartee.finetune.metric.Evaluation.Suggestions;
import dev.repartee.finetune.metric.Examples;
import dev.repartee.finetune.metric.Measurement;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * What {@code evaluate} prints: what was measured, and the figures. What is not known is left out.
 *
 * @param model the registry's version, the folder, or a baseline
 * @param precision what the model computed in; empty for a baseline
 * @param operatingPoint how readily it offered, {@code eager} or {@code calm}; empty for a baseline
 * @param files the conversations' files, as they were given
 * @param train the files that the baselines learned from
 * @param evaluation the figures
 * @param baselines by their ids; empty without data to learn from
 * @param bestBaseline of each rule, by its name
 * @param comparison the other model, where one was asked for
 * @param evidence which model was measured on what, and what was checked besides
 * @param counts what the figures were computed from, by conversation; for files only, being long
 * @param examples the replies that saved most and least; for files only, since they hold what
 *     people wrote
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record EvaluationReport(
    String model,
    Optional<Precision> precision,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> operatingPoint,
    List<String> files,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> train,
    @JsonUnwrapped Evaluation evaluation,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Rival> baselines,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Best> bestBaseline,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Rival> comparison,
    @JsonUnwrapped Evidence evidence,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Counts> counts,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Examples> examples) {

  EvaluationReport {
    files = List.copyOf(files);
    train = List.copyOf(train);
    baselines = Collections.unmodifiableMap(new LinkedHashMap<>(baselines));
    bestBaseline = Collections.unmodifiableMap(new LinkedHashMap<>(bestBaseline));
  }

  /** The same as it may be printed. */
  EvaluationReport printed() {
    return new EvaluationReport(
        model,
        precision,
        operatingPoint,
        files,
        train,
        evaluation,
        baselines,
        bestBaseline,
        comparison,
        evidence,
        Optional.empty(),
        Optional.empty());
  }

  /**
   * Another predictor on the same conversations.
   *
   * @param advantage how much more the model saved than this one
   */
  record Rival(
      String model,
      Suggestions suggestions,
      Map<String, Saving> rules,
      Latencies latency,
      Comparison advantage) {

    static Rival of(String name, Measurement theirs, Measurement ours) {
      Evaluation figures = theirs.evaluation();
      return new Rival(
          name,
          figures.suggestions(),
          figures.rules(),
          figures.latency(),
          ours.comparedWith(theirs));
    }
  }

  /**
   * The baseline that saved most under a rule.
   *
   * @param ratio how many times that the model saved; empty where the baseline saved nothing
   */
  record Best(
      String name,
      double saved,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) OptionalDouble ratio) {

    /** The best of {@code baselines}, which are not none, for each rule of {@code ours}. */
    static Map<String, Best> of(Map<String, Rival> baselines, Evaluation ours) {
      Map<String, Best> best = new LinkedHashMap<>();
      ours.rules().forEach((rule, saving) -> best.put(rule, best(baselines, rule, saving.saved())));
      return best;
    }

    private static Best best(Map<String, Rival> baselines, String rule, double saved) {
      Best best = null;
      for (Rival rival : baselines.values()) {
        double theirs = rival.rules().get(rule).saved();
        if (best == null || theirs > best.saved()) {
          best = new Best(rival.model(), theirs, ratio(saved, theirs));
        }
      }
      return best;
    }

    private static OptionalDouble ratio(double ours, double theirs) {
      return theirs > 0
          ? OptionalDouble.of(Math.round(100 * ours / theirs) / 100.0)
          : OptionalDouble.empty();
    }
  }
}
