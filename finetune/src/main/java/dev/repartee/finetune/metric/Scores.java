package dev.repartee.finetune.metric;

import dev.repartee.engine.suggest.OfferPolicy.PlattScale;
import dev.repartee.engine.suggest.ReplyLikelihood.LogLikelihood;
import dev.repartee.finetune.metric.Counts.RuleCounts;
import dev.repartee.finetune.metric.Evaluation.Perplexity;
import dev.repartee.finetune.metric.Evaluation.Saving;
import dev.repartee.finetune.metric.Evaluation.Suggestions;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** Turns what happened at every reply into figures. */
final class Scores {

  private static final int BINS = 10;

  private final List<ReplyOutcome> outcomes;
  private final Counts counts;
  private final List<Rule> rules;

  /**
   * @param counts of the outcomes, under the rules of the settings
   */
  Scores(List<ReplyOutcome> outcomes, Counts counts, EvaluationSettings settings) {
    this.outcomes = List.copyOf(outcomes);
    this.counts = counts;
    this.rules = settings.rules();
  }

  private Ratio ratio(
      ToDoubleFunction<ReplyOutcome> numerator, ToDoubleFunction<ReplyOutcome> denominator) {
    Ratio ratio = counts.ratio();
    for (ReplyOutcome outcome : outcomes) {
      ratio.add(
          outcome.conversation(),
          numerator.applyAsDouble(outcome),
          denominator.applyAsDouble(outcome));
    }
    return ratio;
  }

  Suggestions suggestions() {
    Ratio saved = counts.savedBySuggestions();
    return new Suggestions(
        Math.toIntExact(Counts.sum(counts.amongFirst())),
        saved.percent(),
        saved.percentInterval(counts.seed()),
        ratio(
                outcome -> outcome.suggestionTaken() ? outcome.characters() - 1 : 0,
                ReplyOutcome::characters)
            .percent());
  }

  /** What each rule saved, by its name, in the order of the settings. */
  Map<String, Saving> savings() {
    Map<String, Saving> savings = new LinkedHashMap<>();
    for (Rule rule : rules) {
      savings.put(rule.name(), saving(rule.name()));
    }
    return savings;
  }

  private Saving saving(String rule) {
    RuleCounts costs = counts.rule(rule);
    Ratio saved = counts.saved(rule);
    return new Saving(
        saved.percent(),
        saved.percentInterval(counts.seed()),
        Counts.sum(costs.typed()),
        Counts.sum(costs.actions()),
        Counts.sum(costs.shown()),
        Counts.sum(costs.replies()),
        counts.ratio(costs.taken(), costs.shown()).percent());
  }

  /** Empty when the predictor cannot tell how likely a reply is. */
  Optional<Perplexity> perplexity() {
    Ratio perToken =
        ratio(
            outcome -> outcome.likelihood().map(likelihood -> -likelihood.sum()).orElse(0.0),
            outcome -> outcome.likelihood().map(LogLikelihood::tokens).orElse(0));
    if (perToken.denominator() == 0) {
      return Optional.empty();
    }
    double nats = perToken.value() * perToken.denominator();
    return Optional.of(
        new Perplexity(
            fourDecimals(Math.exp(perToken.value())),
            perToken.interval(loss -> fourDecimals(Math.exp(loss)), counts.seed()),
            Math.round(perToken.denominator()),
            fourDecimals(nats / Math.log(2) / Math.max(1, Counts.sum(counts.characters())))));
  }

  /**
   * Expected calibration error in percentage points: the mean, over all shown, of the distance
   * between mean score and share right of their bin, of ten of equal counts; 0 when nothing was
   * shown. See Naeini, Cooper and Hauskrecht, Obtaining Well Calibrated Probabilities Using
   * Bayesian Binning, AAAI 2015.
   */
  static double calibrationError(List<PlattScale.Outcome> shown) {
    List<PlattScale.Outcome> sorted =
        shown.stream().sorted(Comparator.comparingDouble(PlattScale.Outcome::probability)).toList();
    double error = 0;
    for (int bin = 0; bin < BINS; bin++) {
      error +=
          Math.abs(
              sorted.subList(start(bin, sorted.size()), start(bin + 1, sorted.size())).stream()
                  .mapToDouble(one -> one.probability() - (one.right() ? 1 : 0))
                  .sum());
    }
    return Ratio.percentOf(error / Math.max(1, sorted.size()));
  }

  /** Where the bin of this number begins; bins hold the same count, or one more. */
  private static int start(int bin, int count) {
    return (int) ((long) bin * count / BINS);
  }

  private static double fourDecimals(double value) {
    return Math.round(1e4 * value) / 1e4;
  }
}
