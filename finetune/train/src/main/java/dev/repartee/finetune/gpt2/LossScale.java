package dev.repartee.finetune.gpt2;

import dev.repartee.engine.gpt2.Precision;

/**
 * The factor on the loss that keeps FP16 gradients from underflow (Micikevicius et al., arXiv
 * 1710.03740, section 3.2). It is halved when a step overflows, which is then skipped, and doubled
 * after many good steps. Other precisions have FP32's range and keep it at 1.
 */
public final class LossScale {

  private static final double INITIAL = 65536;
  private static final double MAX = 1L << 24;
  private static final int GROW_AFTER = 1000;

  private final boolean dynamic;
  private double scale;
  private int goodSteps;

  LossScale(Precision precision) {
    this.dynamic = precision == Precision.FP16;
    this.scale = dynamic ? INITIAL : 1;
  }

  /** Whether steps may overflow now and then without a sign of divergence. */
  public boolean isDynamic() {
    return dynamic;
  }

  public double scale() {
    return scale;
  }

  /** Steps without overflow since the scale last changed. */
  public int goodSteps() {
    return goodSteps;
  }

  /** Continues from a saved state. */
  public void restore(double savedScale, int savedGoodSteps) {
    if (!(savedScale > 0)) {
      throw new IllegalArgumentException("the loss scale must be above 0 but is " + savedScale);
    }
    scale = savedScale;
    goodSteps = savedGoodSteps;
  }

  void stepped(boolean finite) {
    if (!dynamic) {
      return;
    }
    if (!finite) {
      scale = Math.max(1, scale / 2);
      goodSteps = 0;
    } else if (++goodSteps == GROW_AFTER) {
      scale = Math.min(MAX, scale * 2);
      goodSteps = 0;
    }
  }
}
