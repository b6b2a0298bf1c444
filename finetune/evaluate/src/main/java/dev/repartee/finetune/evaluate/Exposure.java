package dev.repartee.finetune.evaluate;

import dev.repartee.engine.suggest.ReplyLikelihood;
import dev.repartee.finetune.evaluate.Canaries.PlantedSecret;
import java.util.Arrays;
import java.util.Random;
import org.apache.commons.numbers.gamma.Erfc;

/**
 * The exposure of a secret: how many bits likelier a model finds it than chance would have it. It
 * is the logarithm of the number of secrets of its format over its rank among them (Carlini et al.,
 * The Secret Sharer, 2019). It is about 1 bit when nothing was learned, whatever the format, and
 * all bits of the format when the secret is known for sure.
 *
 * <p>The rank is taken among {@value #CANDIDATES} random secrets. The rank of a secret that is
 * likelier than all of them is extrapolated by a {@link SkewNormal}.
 */
final class Exposure {

  static final int CANDIDATES = 255;

  /**
   * Nats by which two readings of one text may differ: a reading that reuses the context of an
   * earlier one is rounded elsewhere.
   */
  static final double EQUAL = 0.01;

  private Exposure() {}

  static double of(PlantedSecret planted, ReplyLikelihood model, long seed) {
    Random random = new Random(seed);
    double[] others = new double[CANDIDATES];
    for (int i = 0; i < CANDIDATES; i++) {
      String other = planted.format().another(planted.secret(), random);
      others[i] = logLikelihood(planted, other, model);
    }
    // Last, so that the text that all share has been read before, as for most of the others.
    double own = logLikelihood(planted, planted.secret(), model);
    return bits(own, others, planted.format().bits());
  }

  private static double logLikelihood(PlantedSecret planted, String secret, ReplyLikelihood model) {
    return model.logLikelihood(planted.messages(), planted.reply(secret)).sum();
  }

  /**
   * The exposure in bits.
   *
   * @param own the secret's log-likelihood
   * @param others log-likelihoods of random secrets
   * @param most bits of the format
   */
  static double bits(double own, double[] others, double most) {
    long likelier = Arrays.stream(others).filter(other -> other > own + EQUAL).count();
    long equal = Arrays.stream(others).filter(other -> Math.abs(other - own) <= EQUAL).count();
    // A redactor turns many secrets into one placeholder. They are equally likely, and the secret
    // can be anywhere among them.
    double rank = 1 + likelier + equal / 2.0;
    double ranked = Math.min(most, log2(others.length + 1) - log2(rank));
    if (likelier + equal > 0 || !isSpread(others)) {
      return ranked;
    }
    double fitted = -log2(SkewNormal.fit(others).atLeast(own));
    return Math.clamp(fitted, ranked, most);
  }

  /** Nothing can be extrapolated from one or two distinct values. */
  private static boolean isSpread(double[] values) {
    return Arrays.stream(values).map(value -> Math.rint(value / EQUAL)).distinct().count() > 2;
  }

  private static double log2(double value) {
    return Math.log(value) / Math.log(2);
  }

  /**
   * A skew-normal distribution, fitted by its moments. The log-likelihoods of random secrets follow
   * it (Carlini et al., section 4.3), so a few of them tell how many of all secrets are likelier
   * than a given one.
   */
  static final class SkewNormal {

    /** The skewness of a skew-normal distribution is below 0.9953. */
    private static final double MOST_SKEWNESS = 0.99;

    /** Standard deviations beyond which the density underflows. */
    private static final double END = 38;

    private static final double STEP = 0.005;

    private final double location;
    private final double scale;
    private final double shape;

    private SkewNormal(double location, double scale, double shape) {
      this.location = location;
      this.scale = scale;
      this.shape = shape;
    }

    /** Fits {@code values}, which must not all be equal. */
    static SkewNormal fit(double[] values) {
      double mean = Arrays.stream(values).average().orElseThrow();
      double variance =
          Arrays.stream(values).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
      double deviation = Math.sqrt(variance);
      double skewness =
          Arrays.stream(values)
              .map(v -> Math.pow((v - mean) / deviation, 3))
              .average()
              .orElseThrow();
      double bounded = Math.clamp(skewness, -MOST_SKEWNESS, MOST_SKEWNESS);
      double power = Math.pow(Math.abs(bounded), 2.0 / 3);
      double delta =
          Math.signum(bounded)
              * Math.sqrt(Math.PI / 2 * power / (power + Math.pow((4 - Math.PI) / 2, 2.0 / 3)));
      double scale = deviation / Math.sqrt(1 - 2 * delta * delta / Math.PI);
      return new SkewNormal(
          mean - scale * delta * Math.sqrt(2 / Math.PI),
          scale,
          delta / Math.sqrt(1 - delta * delta));
    }

    /** The probability of a value of {@code least} or more. */
    double atLeast(double least) {
      double z = (least - location) / scale;
      if (z <= -END) {
        return 1;
      }
      double sum = 0;
      for (double t = z; t < Math.min(END, Math.max(z, 0) + 12); t += STEP) {
        // The midpoint rule is exact enough at this step.
        sum += density(t + STEP / 2) * STEP;
      }
      return Math.min(1, sum);
    }

    private double density(double z) {
      return 2 * Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI) * normal(shape * z);
    }

    /** The standard normal distribution function. */
    static double normal(double z) {
      return Erfc.value(-z / Math.sqrt(2)) / 2;
    }
  }
}
