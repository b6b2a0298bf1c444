package dev.repartee.engine.suggest;

import java.util.List;

/**
 * Turns what speaks for an inline offer into the probability that it is right.
 *
 * @param weights of what speaks for it, in the order of {@link #features}; they give log-odds
 */
public record OfferScale(List<Double> weights) {

  /** For a model of which nothing was measured: what was learned on STAR, with less trust. */
  public static final OfferScale DEFAULT =
      new OfferScale(
          List.of(
              -1.2, 0.0, 0.8, 0.8, -0.4, 0.3, -0.04, 0.0, -0.2, -0.1, 0.3, 0.0, 0.0, 0.0, 0.0,
              0.0));

  private static final int DIMENSIONS = 16;

  private static final double LEAST = 0.005;

  /** Letters of a word after which it matters little how many more are typed. */
  private static final double LETTERS = 5;

  /** A candidate and what came of it. */
  public record Outcome(Candidate candidate, boolean right) {}

  public OfferScale {
    weights = ConditionalLogit.checked(weights, DIMENSIONS);
  }

  private static double[] features(Candidate candidate) {
    double model = logOdds(candidate.byModel());
    double inMemory = candidate.byMemory().isPresent() ? 1 : 0;
    double memory = inMemory * logOdds(candidate.byMemory().orElse(LEAST));
    double inReplies = candidate.byReplies().isPresent() ? 1 : 0;
    double replies = inReplies * logOdds(candidate.byReplies().orElse(LEAST));
    double all = model + memory + replies;
    double letters = Math.min(candidate.letters(), LETTERS) / LETTERS;
    double length = Math.log(Math.max(1, candidate.text().length()));
    return new double[] {
      1,
      candidate.byModel() > 0 ? 1 : 0,
      model,
      inMemory,
      inMemory * model,
      memory,
      memory * model,
      inReplies,
      inReplies * model,
      inReplies * memory,
      replies,
      letters,
      letters * all,
      candidate.letters() == 0 ? 1 : 0,
      length,
      length * all
    };
  }

  private static double logOdds(double probability) {
    return ConditionalLogit.logOdds(probability, LEAST);
  }

  /** The probability that {@code candidate} is right. */
  public double apply(Candidate candidate) {
    return ConditionalLogit.probabilities(weights, new double[][] {features(candidate)})[0];
  }

  /** The most likely weights. */
  public static OfferScale fit(List<Outcome> outcomes) {
    return new OfferScale(
        ConditionalLogit.fit(
            outcomes.stream()
                .map(one -> ConditionalLogit.Choice.ofOne(features(one.candidate()), one.right()))
                .toList(),
            DEFAULT.weights));
  }
}
