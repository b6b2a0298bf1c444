package dev.repartee.finetune.metric;

import dev.repartee.engine.suggest.LogLikelihood;
import dev.repartee.finetune.metric.Evaluation.AgentSpread;
import dev.repartee.finetune.metric.Evaluation.Perplexity;
import dev.repartee.finetune.metric.Evaluation.Saving;
import dev.repartee.finetune.metric.Evaluation.Suggestions;
import dev.repartee.text.Quantiles;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** Turns what happened at every reply into figures. */
final class Scores {

  /** Agents with fewer messages are left out of the spread: their figures are mostly noise. */
  static final int LEAST_AGENT_MESSAGES = 30;

  private final List<ReplyOutcome> outcomes;
  private final int conversations;
  private final long seed;
  private final List<Rule> rules;

  Scores(List<ReplyOutcome> outcomes, int conversations, EvaluationSettings settings) {
    this.outcomes = List.copyOf(outcomes);
    this.conversations = conversations;
    this.seed = settings.seed();
    this.rules = settings.rules();
  }

  private Ratio ratio(
      ToDoubleFunction<ReplyOutcome> numerator, ToDoubleFunction<ReplyOutcome> denominator) {
    Ratio ratio = new Ratio(conversations);
    for (ReplyOutcome outcome : outcomes) {
      ratio.add(
          outcome.conversation(),
          numerator.applyAsDouble(outcome),
          denominator.applyAsDouble(outcome));
    }
    return ratio;
  }

  int replies() {
    return outcomes.size();
  }

  long characters() {
    return outcomes.stream().mapToLong(ReplyOutcome::characters).sum();
  }

  /** What the whole replies save alone, were the first three always shown. */
  private Ratio savedBySuggestions() {
    return ratio(
        outcome -> outcome.isAmongFirst() ? outcome.characters() - 1 : 0, ReplyOutcome::characters);
  }

  /** What the rule at {@code index} of the settings saved. */
  Ratio saved(int index) {
    return ratio(outcome -> outcome.saved(index, rules.get(index)), ReplyOutcome::characters);
  }

  Suggestions suggestions() {
    Ratio saved = savedBySuggestions();
    Ratio first = ratio(outcome -> outcome.rank().orElse(1) == 0 ? 1 : 0, outcome -> 1);
    Ratio firstThree = ratio(outcome -> outcome.isAmongFirst() ? 1 : 0, outcome -> 1);
    Ratio reciprocal =
        ratio(
            outcome -> outcome.rank().isEmpty() ? 0 : 1.0 / (outcome.rank().getAsInt() + 1),
            outcome -> 1);
    return new Suggestions(
        Math.toIntExact(outcomes.stream().filter(ReplyOutcome::isAmongFirst).count()),
        saved.percent(),
        saved.percentInterval(seed),
        ratio(
                outcome -> outcome.suggestionTaken() ? outcome.characters() - 1 : 0,
                ReplyOutcome::characters)
            .percent(),
        first.percent(),
        first.percentInterval(seed),
        firstThree.percent(),
        firstThree.percentInterval(seed),
        fourDecimals(reciprocal.value()),
        reciprocal.interval(Scores::fourDecimals, seed));
  }

  /** The figures of the rule at {@code index} of the settings. */
  Saving saving(int index) {
    Ratio saved = saved(index);
    Ratio precision =
        ratio(
            outcome -> outcome.suggestionTaken() ? 0 : outcome.costs().get(index).actions(),
            outcome -> outcome.costs().get(index).offersShown());
    return new Saving(
        saved.percent(),
        saved.percentInterval(seed),
        outcomes.stream().mapToLong(outcome -> outcome.costs().get(index).typed()).sum(),
        outcomes.stream().mapToLong(outcome -> outcome.costs().get(index).actions()).sum(),
        Math.round(precision.denominator()),
        outcomes.stream().mapToLong(outcome -> outcome.costs().get(index).repliesShown()).sum(),
        precision.percent(),
        precision.percentInterval(seed),
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
            perToken.interval(loss -> fourDecimals(Math.exp(loss)), seed),
            Math.round(perToken.denominator()),
            fourDecimals(nats / Math.log(2) / Math.max(1, characters()))));
  }

  private static final class AgentTotals {
    private int messages;
    private double saved;
    private long characters;
  }

  private Optional<AgentSpread> perAgent(int index) {
    Map<String, AgentTotals> totalsOfAgent = new HashMap<>();
    for (ReplyOutcome outcome : outcomes) {
      if (outcome.place().agentId().isPresent()) {
        AgentTotals totals =
            totalsOfAgent.computeIfAbsent(
                outcome.place().agentId().get(), unseen -> new AgentTotals());
        totals.messages++;
        totals.saved += outcome.saved(index, rules.get(index));
        totals.characters += outcome.characters();
      }
    }
    double[] saved =
        totalsOfAgent.values().stream()
            .filter(totals -> totals.messages >= LEAST_AGENT_MESSAGES && totals.characters > 0)
            .mapToDouble(totals -> totals.saved / totals.characters)
            .sorted()
            .map(Scores::percent)
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
