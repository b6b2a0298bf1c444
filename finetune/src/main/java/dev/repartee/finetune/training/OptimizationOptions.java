package dev.repartee.finetune.training;

import picocli.CommandLine.Option;

/** Options that say how the weights change. */
final class OptimizationOptions {

  @Option(names = "--epochs", defaultValue = "3", description = "Passes over the conversations.")
  private int epochs;

  @Option(
      names = "--max-steps",
      defaultValue = "0",
      description = "Steps after which training ends in any case; 0 for none.")
  private long maxSteps;

  @Option(names = "--learning-rate", defaultValue = "5e-4", description = "Highest rate.")
  private double learningRate;

  @Option(
      names = "--schedule",
      defaultValue = "cosine",
      paramLabel = "cosine|linear|constant",
      description = "How the rate falls after the warm-up.")
  private Schedule.Shape shape;

  @Option(names = "--warmup", defaultValue = "0.05", description = "Share of steps to reach it.")
  private double warmup;

  @Option(
      names = "--final-rate",
      defaultValue = "0.1",
      description = "Share of the highest rate that is left at the end.")
  private double finalRate;

  @Option(names = "--weight-decay", defaultValue = "0.1", description = "AdamW's, for matrices.")
  private double weightDecay;

  @Option(names = "--clip", defaultValue = "1.0", description = "Largest gradient norm.")
  private double clip;

  Optimization settings() {
    return new Optimization(
        new Length(epochs, maxSteps),
        new Schedule(shape, learningRate, warmup, finalRate),
        weightDecay,
        clip);
  }
}
