package dev.repartee.finetune.report;

import dev.repartee.text.io.ProcessMemory;
import dev.repartee.text.page.Quantities;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalDouble;

/**
 * The text beside the progress bar, such as {@code loss 3.214 · 1,426 tok/s · ETA 4 min 10 s · 2.1
 * GiB · MFU 43%}. Loss, speed and MFU are means over the last steps, and so is the time left: a run
 * that became slower says so within {@value #WINDOW} steps. What passes between steps (validation,
 * checkpoints) does not count.
 */
public final class ProgressText {

  private static final int WINDOW = 50;
  private static final double NANOS = 1e9;

  /**
   * A finished step.
   *
   * @param number from 1
   * @param loss mean over the scored tokens
   * @param scoredTokens number of scored tokens
   * @param tokens trained, with context and without padding
   * @param took duration of the step
   * @param mfu model FLOPs utilization: share of the matrix multiplication peak, 0 to 1, if
   *     measured
   */
  public record Step(
      long number, double loss, long scoredTokens, long tokens, Duration took, OptionalDouble mfu) {

    private double seconds() {
      return took.toNanos() / NANOS;
    }
  }

  private final long allSteps;
  private final ProcessMemory memory;
  private final Deque<Step> recent = new ArrayDeque<>();

  /**
   * @param allSteps steps of the whole run
   * @param memory read at each step
   */
  public ProgressText(long allSteps, ProcessMemory memory) {
    this.allSteps = allSteps;
    this.memory = memory;
  }

  /** Adds a step and returns the text. */
  public String after(Step step) {
    recent.addLast(step);
    if (recent.size() > WINDOW) {
      recent.removeFirst();
    }
    StringBuilder text = new StringBuilder("loss ").append(Quantities.decimals(meanLoss(), 3));
    double seconds = recent.stream().mapToDouble(Step::seconds).sum();
    if (seconds > 0) {
      long recentTokens = recent.stream().mapToLong(Step::tokens).sum();
      text.append(" · ").append(Quantities.rounded(recentTokens / seconds)).append(" tok/s");
      double left = Math.max(0, allSteps - step.number()) * seconds / recent.size();
      text.append(" · ETA ").append(Quantities.duration(ofSeconds(left)));
    }
    memory.resident().ifPresent(bytes -> text.append(" · ").append(Quantities.bytes(bytes)));
    if (seconds > 0 && step.mfu().isPresent()) {
      double mfu =
          recent.stream().mapToDouble(s -> s.mfu().orElse(0) * s.seconds()).sum() / seconds;
      text.append(" · MFU ").append(Quantities.percent(mfu));
    }
    return text.toString();
  }

  /** Weighted by scored tokens like the validation loss, so that both can be compared. */
  private double meanLoss() {
    double weights = recent.stream().mapToDouble(Step::scoredTokens).sum();
    double sum = recent.stream().mapToDouble(step -> step.loss() * step.scoredTokens()).sum();
    return weights == 0 ? Double.NaN : sum / weights;
  }

  private static Duration ofSeconds(double seconds) {
    return Duration.ofMillis(Math.round(seconds * 1000));
  }
}
