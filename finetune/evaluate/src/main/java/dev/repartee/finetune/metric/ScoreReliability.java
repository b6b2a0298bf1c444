package dev.repartee.finetune.metric;

import dev.repartee.finetune.metric.Evaluation.Interval;
import java.util.List;
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

    public Reliability {
      bins = List.copyOf(bins);
    }
  }

  /** A tenth of what was shown. */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record Bin(int count, double meanScore, double right) {}
}
