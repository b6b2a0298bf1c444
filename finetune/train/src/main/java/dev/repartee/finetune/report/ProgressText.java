package dev.repartee.finetune.report;

import dev.repartee.finetune.report.RunMetrics.StepMetrics;
import dev.repartee.text.page.Quantities;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The text beside the progress bar, such as {@code loss 3.214 · 1,426 tok/s · ETA 4 min 10 s · 2.1
 * GiB · MFU 43%}. Loss, speed and MFU are means over the last steps, and so is the time left: a run
 * that became slower says so within {@value #WINDOW} steps. What passes between steps (validation,
 * checkpoints) does not count.
 */
public final class ProgressText {

  private static final int WINDOW = 50;
  private final long allSteps;
  private final Deque<StepMetrics> recent = new ArrayDeque<>();

  /**
   * @param allSteps steps of the whole run
   */
  public ProgressText(long allSteps) {
    this.allSteps = allSteps;
  }

  /** Adds a step and returns the text. */
  public String after(StepMetrics step) {
    recent.addLast(step);
    if (recent.size() > WINDOW) {
      recent.removeFirst();
    }
    StringBuilder text = new StringBuilder("loss ").append(Quantities.decimals(meanLoss(), 3));
    double seconds = recent.stream().mapToDouble(ProgressText::seconds).sum();
    if (seconds > 0) {
      long recentTokens = recent.stream().mapToLong(StepMetrics::tokens).sum();
      text.append(" · ").append(Quantities.rounded(recentTokens / seconds)).append(" tok/s");
      double left = Math.max(0, allSteps - step.step()) * seconds / recent.size();
      text.append(" · ETA ").append(Quantities.duration(ofSeconds(left)));
    }
    if (!Double.isNaN(step.residentBytes())) {
      text.append(" · ").append(Quantities.bytes((long) step.residentBytes()));
    }
    if (seconds > 0 && !Double.isNaN(step.mfu())) {
      double mfu =
          recent.stream()
                  .filter(one -> !Double.isNaN(one.mfu()))
                  .mapToDouble(one -> one.mfu() * seconds(one))
                  .sum()
              / seconds;
      text.append(" · MFU ").append(Quantities.percent(mfu));
    }
    return text.toString();
  }

  /** Those of the step alone. */
  private static double seconds(StepMetrics step) {
    return step.tokens() / step.tokensPerSecond();
  }

  /** Weighted by scored tokens like the validation loss, so that both can be compared. */
  private double meanLoss() {
    double weights = recent.stream().mapToDouble(StepMetrics::scoredTokens).sum();
    double sum = recent.stream().mapToDouble(step -> step.loss() * step.scoredTokens()).sum();
    return weights == 0 ? Double.NaN : sum / weights;
  }

  private static Duration ofSeconds(double seconds) {
    return Duration.ofMillis(Math.round(seconds * 1000));
  }
}
