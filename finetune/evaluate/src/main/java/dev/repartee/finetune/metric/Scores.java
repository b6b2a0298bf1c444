package dev.repartee.finetune.metric;

import dev.repartee.engine.suggest.ReplyLikelihood.LogLikelihood;
import dev.repartee.finetune.metric.Counts.RuleCounts;
import dev.repartee.finetune.metric.Evaluation.AgentSpread;
import dev.repartee.finetune.metric.Evaluation.Perplexity;
import dev.repartee.finetune.metric.Evaluation.Saving;
import dev.repartee.finetune.metric.Evaluation.Suggestions;
import dev.repartee.text.Quantiles;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** Turns what happened at every reply into figures. */
final class Scores {

  /** Agents with fewer messages are left out of the spread: their figures are mostly noise. */
  static final int LEAST_AGENT_MESSAGES = 30;

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
    return ratio(outcomes, numerator, denominator);
  }

  private Ratio ratio(
      List<ReplyOutcome> replies,
      ToDoubleFunction<ReplyOutcome> numerator,
      ToDoubleFunction<ReplyOutcome> denominator) {
    Ratio ratio = counts.ratio();
    for (ReplyOutcome outcome : replies) {
      ratio.add(
          outcome.conversation(),
          numerator.applyAsDouble(outcome),
          denominator.applyAsDouble(outcome));
    }
    return ratio;
  }

  Suggestions suggestions() {
    String anyRule = rules.getFirst().name();
    Ratio saved = Share.SUGGESTIONS_SAVED.of(counts, anyRule);
    Ratio first = Share.TOP1.of(counts, anyRule);
    Ratio firstThree = Share.TOP3.of(counts, anyRule);
    Ratio reciprocal =
        ratio(
            outcome -> outcome.rank().isEmpty() ? 0 : 1.0 / (outcome.rank().getAsInt() + 1),
            outcome -> 1);
    return new Suggestions(
        Math.toIntExact(Counts.sum(counts.top3())),
        saved.percent(),
        saved.percentInterval(counts.seed()),
        ratio(
                outcome -> outcome.suggestionTaken() ? outcome.characters() - 1 : 0,
                ReplyOutcome::characters)
            .percent(),
        first.percent(),
        first.percentInterval(counts.seed()),
        firstThree.percent(),
        firstThree.percentInterval(counts.seed()),
        fourDecimals(reciprocal.value()),
        reciprocal.interval(Scores::fourDecimals, counts.seed()));
  }

  /** What each rule saved, by its name, in the order of the settings. */
  Map<String, Saving> savings() {
    Map<String, Saving> savings = new LinkedHashMap<>();
    for (int i = 0; i < rules.size(); i++) {
      savings.put(rules.get(i).name(), saving(i));
    }
    return savings;
  }

  private Saving saving(int index) {
    String rule = rules.get(index).name();
    RuleCounts costs = counts.rule(rule);
    Ratio saved = Share.SAVED.of(counts, rule);
    Ratio precision = Share.OFFER_PRECISION.of(counts, rule);
    return new Saving(
        saved.percent(),
        saved.percentInterval(counts.seed()),
        Counts.sum(costs.typed()),
        Counts.sum(costs.actions()),
        Counts.sum(costs.shown()),
        Counts.sum(costs.replies()),
        precision.percent(),
        precision.percentInterval(counts.seed()),
        perAgent(index));
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

  private Optional<AgentSpread> perAgent(int index) {
    double[] saved =
        outcomes.stream()
            .filter(outcome -> outcome.position().agentId().isPresent())
            .collect(Collectors.groupingBy(outcome -> outcome.position().agentId().get()))
            .values()
            .stream()
            .filter(replies -> replies.size() >= LEAST_AGENT_MESSAGES)
            .map(
                replies ->
                    ratio(
                        replies,
                        outcome -> outcome.saved(index, rules.get(index)),
                        ReplyOutcome::characters))
            .filter(ratio -> ratio.denominator() > 0)
            .mapToDouble(Ratio::percent)
            .sorted()
            .toArray();
    int n = saved.length;
    return n == 0
        ? Optional.empty()
        : Optional.of(
            new AgentSpread(
                n,
                saved[0],
                quantile(saved, 0.1),
                quantile(saved, 0.5),
                quantile(saved, 0.9),
                saved[n - 1]));
  }

  private static double quantile(double[] sorted, double share) {
    return Math.round(1e2 * Quantiles.linear(sorted, share)) / 1e2;
  }

  /** A share as a percentage with two decimals. */
  static double percent(double share) {
    return Math.round(1e4 * share) / 1e2;
  }

  private static double fourDecimals(double value) {
    return Math.round(1e4 * value) / 1e4;
  }
}
