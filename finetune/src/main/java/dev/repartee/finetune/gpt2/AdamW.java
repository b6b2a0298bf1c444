package dev.repartee.finetune.gpt2;

/**
 * The settings of AdamW (arXiv 1711.05101).
 *
 * @param beta1 decay of the gradients' running mean
 * @param beta2 decay of the gradients' running square
 * @param epsilon added to the denominator
 * @param weightDecay pulled off the weights each step, times the learning rate; matrices only
 */
public record AdamW(double beta1, double beta2, double epsilon, double weightDecay) {

  public AdamW {
    requireFraction("beta1", beta1);
    requireFraction("beta2", beta2);
    if (!(epsilon > 0)) {
      throw new IllegalArgumentException("epsilon must be above 0 but is " + epsilon);
    }
    if (!(weightDecay >= 0)) {
      throw new IllegalArgumentException("weightDecay must be at least 0 but is " + weightDecay);
    }
  }

  private static void requireFraction(String name, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(name + " must be from 0 to below 1 but is " + value);
    }
  }
}
