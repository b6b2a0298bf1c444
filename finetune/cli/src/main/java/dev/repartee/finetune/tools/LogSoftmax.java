package dev.repartee.finetune.tools;

/**
 * Log-probabilities from FP32 logits, in double precision: the sum over 50,000 exponentials would
 * lose the digits that two implementations are compared by.
 */
final class LogSoftmax {

  private final float[] logits;
  private final double logSum;

  LogSoftmax(float[] logits) {
    this.logits = logits;
    double largest = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      largest = Math.max(largest, logit);
    }
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - largest);
    }
    this.logSum = largest + Math.log(sum);
  }

  /** The natural logarithm of the probability of {@code id}. */
  double of(int id) {
    return logits[id] - logSum;
  }
}
