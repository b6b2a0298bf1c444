package dev.repartee.finetune.training;

/**
 * The learning rate over a run: a linear rise from zero, then down in a shape.
 *
 * @param shape how it falls
 * @param learningRate the highest
 * @param warmup share of all steps in which it rises
 * @param finalRate share of the highest that is left at the end; without meaning where it is
 *     constant
 */
record Schedule(Shape shape, double learningRate, double warmup, double finalRate) {

  /** How the rate falls after the warm-up. */
  enum Shape {
    COSINE,
    LINEAR,
    CONSTANT
  }

  Schedule {
    Bounds.within("learning-rate", learningRate, 0, 1);
    Bounds.within("warmup", warmup, 0, 1);
    Bounds.within("final-rate", finalRate, 0, 1);
  }

  /** The rate of a step, counted from 0, of so many. */
  double rate(long step, long steps) {
    double warmupSteps = Math.max(1, warmup * steps);
    if (step < warmupSteps) {
      return learningRate * (step + 1) / warmupSteps;
    }
    double share = Math.min(1, (step - warmupSteps) / Math.max(1, steps - warmupSteps));
    double above =
        switch (shape) {
          case COSINE -> 0.5 * (1 + Math.cos(Math.PI * share));
          case LINEAR -> 1 - share;
          case CONSTANT -> 1;
        };
    return learningRate * (finalRate + (1 - finalRate) * above);
  }
}
