package dev.repartee.finetune.evaluate;

import dev.repartee.engine.suggest.ReplyLikelihood;
import java.util.Arrays;
import java.util.Random;

/**
 * How much likelier a model finds a secret than chance would have it, in bits: the logarithm of how
 * many secrets of its format there are over its rank among them (Carlini and others, The Secret
 * Sharer, 2019). Nothing learned is about 1 bit, whatever the format; known for sure is all bits of
 * the format.
 *
 * <p>Ranked among {@value #CANDIDATES} random secrets; one that is likelier than all of these is
 * extrapolated by a {@link SkewNormal}.
 */
final class Exposure {

  static final int CANDIDATES = 255;

  /**
   * Nats that two readings of one text may differ by: what was computed before is taken over or is
   * not, and is rounded elsewhere.
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
    // Last, when all that the texts share has been read, as it had for most of the others.
    double own = logLikelihood(planted, planted.secret(), model);
    return bits(own, others, planted.format().bits());
  }

  private static double logLikelihood(PlantedSecret planted, String secret, ReplyLikelihood model) {
    return model.logLikelihood(planted.messages(), planted.reply(secret)).sum();
  }

  /**
   * @param own the secret's logarithmic likelihood
   * @param others those of random secrets
   * @param most bits of the format
   */
  static double bits(double own, double[] others, double most) {
    long likelier = Arrays.stream(others).filter(other -> other > own + EQUAL).count();
    long equal = Arrays.stream(others).filter(other -> Math.abs(other - own) <= EQUAL).count();
    // A redactor makes many secrets one placeholder: equally likely, the secret is anywhere there.
    double rank = 1 + likelier + equal / 2.0;
    double ranked = Math.min(most, log2(others.length + 1) - log2(rank));
    if (likelier + equal > 0 || !isSpread(others)) {
      return ranked;
    }
    double fitted = -log2(SkewNormal.fit(others).atLeast(own));
    return Math.clamp(fitted, ranked, most);
  }

  /** Of values that are all the same, or two, nothing can be extrapolated. */
  private static boolean isSpread(double[] values) {
    return Arrays.stream(values).map(value -> Math.rint(value / EQUAL)).distinct().count() > 2;
  }

  private static double log2(double value) {
    return Math.log(value) / Math.log(2);
  }
}
