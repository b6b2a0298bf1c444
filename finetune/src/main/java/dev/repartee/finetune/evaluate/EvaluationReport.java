package dev.repartee.finetune.evaluate;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.repartee.engine.gpt2.Precision;
import dev.repartee.finetune.metric.Counts;
import dev.repartee.finetune.metric.Difference;
import dev.repartee.finetune.metric.Evaluation;
import dev.repartee.finetune.metric.Evaluation.Latencies;
import dev.repartee.finetune.metric.Evaluation.Saving;
import dev.repartee.finetune.metric.Evaluation.Suggestions;
import dev.repartee.finetune.metric.Measurement;
import dev.repartee.finetune.metric.Measurement.Comparison;
import dev.repartee.finetune.metric.Proposable;
import dev.repartee.registry.models.Manifest.ModelDigest;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * The result of {@code evaluate} as it is printed and written to {@code evaluation.json}; {@code
 * report.js} draws the page from it. Unknown values are left out.
 *
 * @param model the registry's version, the folder, or a baseline
 * @param precision of the model; empty for a baseline
 * @param operatingPoint {@code eager} or {@code calm}; empty for a baseline
 * @param files of the conversations, as they were given
 * @param train the files that the baselines learned from
 * @param typos the share of wrong keys; empty without
 * @param evaluation the metrics
 * @param baselines by their ids; empty without data to learn from
 * @param bestBaseline of each rule, by its name
 * @param verdict what follows from the figures; empty for a baseline
 * @param comparison the other model, where one was given
 * @param countsAlone the engine without the model, beside baselines; empty where it offers the same
 * @param answers how many replies are each answer of the model's set, by its id
 * @param proposable how much of the replies the model may propose; empty for a baseline
 * @param modelFiles the model's files; empty for a baseline, and for a folder that differs from its
 *     manifest
 * @param data SHA-256 of the conversations that were measured
 * @param counts of each conversation, which the metrics are computed from; written to the file
 *     alone, since they are long
 */
public record EvaluationReport(
    String model,
    Optional<Precision> precision,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> operatingPoint,
    List<String> files,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> train,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Double> typos,
    @JsonUnwrapped Evaluation evaluation,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Rival> baselines,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, BestBaseline> bestBaseline,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Verdict> verdict,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Rival> comparison,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Rival> countsAlone,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Integer> answers,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Proposable> proposable,
    Instant measuredAt,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<ModelDigest> modelFiles,
    String data,
    Counts counts) {

  public EvaluationReport {
    files = List.copyOf(files);
    train = List.copyOf(train);
    baselines = Collections.unmodifiableMap(new LinkedHashMap<>(baselines));
    bestBaseline = Collections.unmodifiableMap(new LinkedHashMap<>(bestBaseline));
    answers = Collections.unmodifiableMap(new TreeMap<>(answers));
  }

  /**
   * Another predictor, measured on the same conversations.
   *
   * @param advantage of the model over this predictor
   */
  public record Rival(
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

    /** Whether it saves more than the model, with the whole interval. */
    public boolean isAhead() {
      return advantage.ci95().high() < 0;
    }

    /** The comparison in pairs, from the model's side. */
    public String compared() {
      return String.format(
          Locale.ROOT,
          "%s saves %.1f%% (the model %+.1f points, 95%% %+.1f to %+.1f)",
          name,
          saved,
          advantage.difference(),
          advantage.ci95().low(),
          advantage.ci95().high());
    }

    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%s saves %.2f%%", name, saved);
    }
  }
}
