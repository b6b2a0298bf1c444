package dev.repartee.finetune.metric;

import dev.repartee.engine.suggest.PlattScale;
import dev.repartee.finetune.metric.Evaluation.Interval;
import dev.repartee.text.Quantiles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * Whether scores are the probabilities that they claim to be. Only then can offers be gated by
 * them.
 *
 * @param offers that the headline rule counts; right is one whose every character is, and that ends
 *     at a word boundary
 * @param suggestions shown before typing; right is one that equals the reply
 */
public record ScoreReliability(Reliability offers, Reliability suggestions) {

  /** Something that was shown in a conversation, with its score and whether it was right. */
  record ScoredText(int conversation, PlattScale.Outcome outcome) {

    private double score() {
      return outcome.probability();
    }

    private boolean right() {
      return outcome.right();
    }

    /** The share of them that was right. */
    private static double right(List<ScoredText> some) {
      return some.stream().filter(ScoredText::right).count() / Math.max(1.0, some.size());
    }

    private static double meanScore(List<ScoredText> some) {
      return some.stream().mapToDouble(ScoredText::score).average().orElse(0);
    }
  }

  /**
   * Shares in percent.
   *
   * @param count how many were shown
   * @param meanScore their mean score
   * @param right the share of them that was right; the mean score where calibration is perfect
   * @param ece expected calibration error: the mean, over all shown, of the distance between mean
   *     score and share right of their bin; 0 when nothing was shown. See Naeini, Cooper and
   *     Hauskrecht, Obtaining Well Calibrated Probabilities Using Bayesian Binning, AAAI 2015.
   * @param eceOfPerfect the error that a perfectly calibrated forecaster with the same scores stays
   *     under in 97.5% of the cases: so few were shown that it is not 0
   * @param skill how much less the Brier score is than that of a forecaster who knows the share
   *     right alone; above 0 where scores tell more
   * @param bins ten of equal counts, by score
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record Reliability(
      int count,
      double meanScore,
      double right,
      double ece,
      double eceOfPerfect,
      double skill,
      Interval skillCi95,
      List<Bin> bins) {

    private static final int BINS = 10;

    public Reliability {
      bins = List.copyOf(bins);
    }

    static Reliability of(List<ScoredText> all, int conversations, long seed) {
      List<ScoredText> sorted =
          all.stream().sorted(Comparator.comparingDouble(ScoredText::score)).toList();
      double rate = ScoredText.right(sorted);
      Ratio skill = new Ratio(conversations);
      for (ScoredText one : sorted) {
        double right = one.right() ? 1 : 0;
        double flat = (right - rate) * (right - rate);
        double brier = (right - one.score()) * (right - one.score());
        skill.add(one.conversation(), flat - brier, flat);
      }
      return new Reliability(
          sorted.size(),
          Scores.percent(ScoredText.meanScore(sorted)),
          Scores.percent(rate),
          Scores.percent(error(sorted, i -> sorted.get(i).right())),
          Scores.percent(errorOfPerfect(sorted, seed)),
          skill.percent(),
          skill.percentInterval(seed),
          bins(sorted));
    }

    /** Where the bin of this number begins; bins hold the same count, or one more. */
    private static int start(int bin, int count) {
      return (int) ((long) bin * count / BINS);
    }

    private static double error(List<ScoredText> sorted, IntPredicate right) {
      double error = 0;
      for (int bin = 0; bin < BINS; bin++) {
        double difference = 0;
        for (int i = start(bin, sorted.size()); i < start(bin + 1, sorted.size()); i++) {
          difference += sorted.get(i).score() - (right.test(i) ? 1 : 0);
        }
        error += Math.abs(difference);
      }
      return error / Math.max(1, sorted.size());
    }

    /** The error that 97.5% of forecasters stay under whose scores are these and are true. */
    private static double errorOfPerfect(List<ScoredText> sorted, long seed) {
      SplittableRandom random = new SplittableRandom(seed);
      double[] errors = new double[Ratio.RESAMPLES];
      for (int r = 0; r < errors.length; r++) {
        errors[r] = error(sorted, i -> random.nextDouble() < sorted.get(i).score());
      }
      Arrays.sort(errors);
      return Quantiles.linear(errors, 0.975);
    }

    private static List<Bin> bins(List<ScoredText> sorted) {
      List<Bin> bins = new ArrayList<>();
      for (int bin = 0; bin < BINS; bin++) {
        List<ScoredText> some =
            sorted.subList(start(bin, sorted.size()), start(bin + 1, sorted.size()));
        if (!some.isEmpty()) {
          bins.add(
              new Bin(
                  some.size(),
                  Scores.percent(ScoredText.meanScore(some)),
                  Scores.percent(ScoredText.right(some))));
        }
      }
      return bins;
    }
  }

  /** A tenth of what was shown. */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record Bin(int count, double meanScore, double right) {}
}
