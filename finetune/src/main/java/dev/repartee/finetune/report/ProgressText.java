package dev.repartee.finetune.report;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The text beside the progress bar, such as {@code loss 3.214 · 1,426 tok/s · ETA 4 min 10 s · 2.1
 * GiB}. Loss and speed are means over the last steps, and so is the time left: a run that became
 * slower says so within {@value #WINDOW} steps. What passes between steps (validation, checkpoints)
 * does not count.
 */
public final class ProgressText {

  private static final int WINDOW = 50;
  private static final double NANOS = 1e9;

  private record Step(double loss, long scoredTokens, long tokens, double seconds) {}

  private final long allSteps;
  private final ResidentMemory memory;
  private final Deque<Step> recent = new ArrayDeque<>();

  /**
   * @param allSteps steps of the whole run
   * @param memory asked at each step
   */
  public ProgressText(long allSteps, ResidentMemory memory) {
    this.allSteps = allSteps;
    this.memory = memory;
  }

  /**
   * Takes a step into account and returns the text.
   *
   * @param step its number, from 1
   * @param loss mean of its scored tokens
   * @param scoredTokens how many those are
   * @param tokens trained, context included and padding not
   * @param took the step's own time
   */
  public String after(long step, double loss, long scoredTokens, long tokens, Duration took) {
    recent.addLast(new Step(loss, scoredTokens, tokens, took.toNanos() / NANOS));
    if (recent.size() > WINDOW) {
      recent.removeFirst();
    }
    StringBuilder text = new StringBuilder("loss ").append(Quantities.decimals(meanLoss(), 3));
    double seconds = recent.stream().mapToDouble(Step::seconds).sum();
    if (seconds > 0) {
      long recentTokens = recent.stream().mapToLong(Step::tokens).sum();
      text.append(" · ").append(Quantities.rounded(recentTokens / seconds)).append(" tok/s");
      double left = Math.max(0, allSteps - step) * seconds / recent.size();
      text.append(" · ETA ").append(Quantities.duration(ofSeconds(left)));
    }
    memory.bytes().ifPresent(bytes -> text.append(" · ").append(Quantities.bytes((double) bytes)));
    return text.toString();
  }

  /** By scored tokens, as the validation loss is, so that both can be compared. */
  private double meanLoss() {
    double weights = recent.stream().mapToDouble(Step::scoredTokens).sum();
    double sum = recent.stream().mapToDouble(step -> step.loss() * step.scoredTokens()).sum();
    return weights == 0 ? Double.NaN : sum / weights;
  }

  private static Duration ofSeconds(double seconds) {
    return Duration.ofMillis(Math.round(seconds * 1000));
  }
}
