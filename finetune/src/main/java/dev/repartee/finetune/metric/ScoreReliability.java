package dev.repartee.finetune.metric;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.OptionalDouble;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * Whether scores are the probabilities that they claim to be. Only then can offers be gated by
 * them.
 *
 * @param offers shown under the headline rule; right is one whose every character is, and that ends
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
   * @param bins ten of equal width
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record Reliability(int count, double meanScore, double right, double ece, List<Bin> bins) {

    public Reliability {
      bins = List.copyOf(bins);
    }
  }

  /**
   * What was shown with scores of at least {@code from} and below {@code to}; a score of 100 stands
   * in the last bin.
   *
   * @param meanScore empty when nothing was
   * @param right empty when nothing was
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record Bin(
      int from,
      int to,
      int count,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) OptionalDouble meanScore,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) OptionalDouble right) {}
}
