package dev.repartee.finetune.report;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** A run's measurements in the forms that the verdicts, the charts and the tables share. */
final class RunFigures {

  /** Smoothing covers a fiftieth of the run, but no fewer steps than this. */
  private static final int LEAST_SPAN = 10;

  private static final int SPANS = 50;

  private final RunMetrics metrics;
  private final Series loss;
  private final Series smoothedLoss;
  private final Series trailingLoss;
  private final Series learningRate;
  private final Series gradientNorm;
  private final Series speed;
  private final Series mfu;
  private final Series memory;

  RunFigures(RunMetrics metrics) {
    this.metrics = metrics;
    List<StepMetrics> steps = metrics.steps();
    loss = Series.of(steps, StepMetrics::loss);
    smoothedLoss = Series.smoothedLoss(steps, span());
    trailingLoss = Series.trailingLoss(steps, span());
    learningRate = Series.of(steps, StepMetrics::learningRate);
    gradientNorm = Series.of(steps, StepMetrics::gradientNorm);
    speed = Series.of(steps, StepMetrics::tokensPerSecond);
    mfu = Series.of(steps, StepMetrics::mfu);
    memory = Series.of(steps, StepMetrics::residentBytes);
  }

  RunMetrics metrics() {
    return metrics;
  }

  /** About how many steps a smoothed value stands for. */
  int span() {
    return Math.max(LEAST_SPAN, metrics.steps().size() / SPANS);
  }

  Series loss() {
    return loss;
  }

  /** Around each step, for what is read off a curve. */
  Series smoothedLoss() {
    return smoothedLoss;
  }

  /** Up to each step, for what was to be expected of the next. */
  Series trailingLoss() {
    return trailingLoss;
  }

  Series learningRate() {
    return learningRate;
  }

  Series gradientNorm() {
    return gradientNorm;
  }

  Series speed() {
    return speed;
  }

  Series mfu() {
    return mfu;
  }

  Series memory() {
    return memory;
  }

  OptionalDouble peakMemory() {
    return memory.max();
  }

  /** The first step whose loss is not a finite number. */
  OptionalLong firstBrokenStep() {
    return metrics.steps().stream()
        .filter(step -> !Double.isFinite(step.loss()))
        .mapToLong(StepMetrics::step)
        .findFirst();
  }

  Optional<ValidationMetrics> firstValidation() {
    return metrics.validations().stream().findFirst();
  }

  Optional<ValidationMetrics> lastValidation() {
    return metrics.validations().isEmpty()
        ? Optional.empty()
        : Optional.of(metrics.validations().getLast());
  }
}
