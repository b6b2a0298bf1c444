package dev.repartee.engine.suggest;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * What is worth an agent's attention: what is expected to save more time than it costs to read. The
 * costs are in keystrokes.
 *
 * @param offers gives the probabilities of inline offers, by which they are chosen
 * @param replies scale of the probabilities of whole replies, by which they are chosen
 * @param offersShown scale of the probabilities of the offers that were chosen: of texts that are
 *     chosen because they are probable, fewer are right
 * @param repliesShown the same of whole replies
 * @param read what it costs to read a text, at least 0
 * @param wrongOffer what an offer that is wrong costs beside its reading: the place that another
 *     would have had while it stands
 * @param wrongReply the same of a whole reply
 */
@JsonNaming(PropertyNamingStrategies.LowerCamelCaseStrategy.class)
public record OfferPolicy(
    OfferScale offers,
    PlattScale replies,
    PlattScale offersShown,
    PlattScale repliesShown,
    double read,
    double wrongOffer,
    double wrongReply) {

  /** A wrong offer costs so much that none is made. */
  public static final double NEVER = 1e6;

  /** What it costs to decide for a text and to press a key. */
  private static final double ACCEPT = 2;

  public OfferPolicy {
    requireNonNull(offers, "offers is null");
    requireNonNull(replies, "replies is null");
    requireNonNull(offersShown, "offersShown is null");
    requireNonNull(repliesShown, "repliesShown is null");
    if (!(read >= 0) || !Double.isFinite(wrongOffer) || !Double.isFinite(wrongReply)) {
      throw new IllegalArgumentException(
          "read must be at least 0 and the costs finite but they are %s, %s and %s"
              .formatted(read, wrongOffer, wrongReply));
    }
  }

  /** A policy under which a text that is wrong costs its reading alone. */
  public static OfferPolicy of(OfferScale offers, PlattScale replies, double read) {
    return new OfferPolicy(offers, replies, PlattScale.IDENTITY, PlattScale.IDENTITY, read, 0, 0);
  }

  /** The same with another cost of an offer that is wrong. */
  public OfferPolicy withWrongOffer(double cost) {
    return new OfferPolicy(offers, replies, offersShown, repliesShown, read, cost, wrongReply);
  }

  /** The same with another cost of a whole reply that is wrong. */
  public OfferPolicy withWrongReply(double cost) {
    return new OfferPolicy(offers, replies, offersShown, repliesShown, read, wrongOffer, cost);
  }

  /** The same with another scale by which whole replies are chosen. */
  public OfferPolicy withReplies(PlattScale scale) {
    return new OfferPolicy(offers, scale, offersShown, repliesShown, read, wrongOffer, wrongReply);
  }

  /** The same with other scales of what was chosen. */
  public OfferPolicy withShown(PlattScale ofOffers, PlattScale ofReplies) {
    return new OfferPolicy(offers, replies, ofOffers, ofReplies, read, wrongOffer, wrongReply);
  }

  /**
   * What an offer is expected to save.
   *
   * @param probability that it is right, by {@link #offers}
   * @param length of its text
   */
  double ofOffer(double probability, int length) {
    return worth(probability, length, wrongOffer);
  }

  /** What a whole reply is expected to save; as {@link #ofOffer}. */
  double ofReply(double probability, int length) {
    return worth(probability, length, wrongReply);
  }

  private double worth(double probability, int length, double wrong) {
    return probability * (length - ACCEPT) - read - wrong * (1 - probability);
  }

  /**
   * Turns what speaks for an inline offer into the probability that it is right.
   *
   * @param countsAlone whether what the model says counts nothing, since counted words and known
   *     replies alone save as much
   * @param weights of what speaks for it, by name; they give log-odds
   */
  @JsonNaming(PropertyNamingStrategies.LowerCamelCaseStrategy.class)
  public record OfferScale(boolean countsAlone, Map<String, Double> weights) {

    /** The weights are those learned on STAR, with less trust. */
    private static final Features<Evidence> FEATURES =
        new Features<Evidence>()
            .with("always", -1.2, _ -> 1)
            .with("inModel", 0, one -> one.byModel > 0 ? 1 : 0)
            .with("model", 0.8, one -> one.model)
            .with("inMemory", 0.8, one -> one.inMemory)
            .with("inMemory*model", -0.4, one -> one.inMemory * one.model)
            .with("memory", 0.3, one -> one.memory)
            .with("memory*model", -0.04, one -> one.memory * one.model)
            .with("inReplies", 0, one -> one.inReplies)
            .with("inReplies*model", -0.2, one -> one.inReplies * one.model)
            .with("inReplies*memory", -0.1, one -> one.inReplies * one.memory)
            .with("replies", 0.3, one -> one.replies)
            .with("agreeing", 0, one -> one.inReplies * Math.log(one.agreeing + Evidence.LEAST))
            .with("letters", 0, one -> one.letters)
            .with("letters*all", 0, one -> one.letters * one.all())
            .with("newWord", 0, one -> one.letters == 0 ? 1 : 0)
            .with("length", 0, one -> one.length)
            .with("length*all", 0, one -> one.length * one.all());

    /** For a model of which nothing was measured. */
    public static final OfferScale DEFAULT = new OfferScale(false, FEATURES.expected());

    /**
     * What speaks for a candidate; {@code model}, {@code memory} and {@code replies} in log-odds.
     */
    private record Evidence(
        double byModel,
        double model,
        double inMemory,
        double memory,
        double inReplies,
        double replies,
        double agreeing,
        double letters,
        double length) {

      private static final double LEAST = 0.005;

      /** Letters of a word after which it matters little how many more are typed. */
      private static final double LETTERS = 5;

      static Evidence of(Candidate candidate, boolean countsAlone) {
        double byModel = countsAlone ? 0 : candidate.byModel();
        double inMemory = candidate.byMemory().isPresent() ? 1 : 0;
        double inReplies = candidate.byReplies().isPresent() ? 1 : 0;
        return new Evidence(
            byModel,
            countsAlone ? 0 : logOdds(byModel),
            inMemory,
            inMemory * logOdds(candidate.byMemory().orElse(LEAST)),
            inReplies,
            inReplies * logOdds(candidate.byReplies().orElse(LEAST)),
            candidate.agreeing(),
            Math.min(candidate.letters(), LETTERS) / LETTERS,
            Math.log(Math.max(1, candidate.text().length())));
      }

      private static double logOdds(double probability) {
        return ConditionalLogit.logOdds(probability, LEAST);
      }

      double all() {
        return model + memory + replies;
      }
    }

    /** A candidate and what came of it. */
    public record Outcome(Candidate candidate, boolean right) {}

    public OfferScale {
      weights = FEATURES.checked(weights);
    }

    private static double[] features(Candidate candidate, boolean countsAlone) {
      return FEATURES.of(Evidence.of(candidate, countsAlone));
    }

    /** The probability that {@code candidate} is right. */
    public double apply(Candidate candidate) {
      if (countsAlone && !candidate.isCounted()) {
        return 0;
      }
      return ConditionalLogit.probabilities(
          weights.values(), new double[][] {features(candidate, countsAlone)})[0];
    }

    /** The most likely weights. */
    public static OfferScale fit(boolean countsAlone, List<OfferScale.Outcome> outcomes) {
      return new OfferScale(
          countsAlone,
          FEATURES.fit(
              outcomes.stream()
                  .filter(one -> !countsAlone || one.candidate().isCounted())
                  .map(
                      one ->
                          ConditionalLogit.Choice.ofOne(
                              features(one.candidate(), countsAlone), one.right()))
                  .toList()));
    }
  }

  /**
   * Turns a probability as the model sees it into the share of cases in which it turns out right: a
   * line through the log-odds, fitted on conversations that the model has not learned from. See
   * Platt, Probabilistic Outputs for Support Vector Machines, 1999.
   *
   * @param slope above 0, so that the order stays
   * @param intercept in log-odds
   */
  public record PlattScale(double slope, double intercept) {

    /** Leaves probabilities as they are. */
    public static final PlattScale IDENTITY = new PlattScale(1, 0);

    private static final double LEAST = 1e-6;
    private static final double LEAST_SLOPE = 0.01; // the order of texts must stay

    /** One forecast and what came of it. */
    public record Outcome(double probability, boolean right) {}

    public PlattScale {
      if (!(slope > 0) || !Double.isFinite(slope) || !Double.isFinite(intercept)) {
        throw new IllegalArgumentException(
            "slope must be above 0 and intercept a number but they are %s and %s"
                .formatted(slope, intercept));
      }
    }

    /** The calibrated probability. */
    public double apply(double probability) {
      return 1 / (1 + Math.exp(-(slope * logOdds(probability) + intercept)));
    }

    private static double logOdds(double probability) {
      return ConditionalLogit.logOdds(probability, LEAST);
    }

    /** The most likely scale, with a weak pull towards the identity. */
    public static PlattScale fit(List<PlattScale.Outcome> outcomes) {
      List<Double> fitted =
          ConditionalLogit.fit(
              outcomes.stream()
                  .map(
                      one ->
                          ConditionalLogit.Choice.ofOne(
                              new double[] {logOdds(one.probability()), 1}, one.right()))
                  .toList(),
              List.of(1.0, 0.0),
              List.of(LEAST_SLOPE, Double.NEGATIVE_INFINITY));
      return new PlattScale(fitted.get(0), fitted.get(1));
    }
  }
}
