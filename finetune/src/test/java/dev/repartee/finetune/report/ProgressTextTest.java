package dev.repartee.finetune.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.finetune.report.RunMetrics.ProgressText;
import dev.repartee.finetune.report.RunMetrics.StepMetrics;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ProgressTextTest {

  private static StepMetrics step(
      long number, double loss, long scoredTokens, long tokens, double seconds) {
    return step(number, loss, scoredTokens, tokens, seconds, OptionalLong.empty());
  }

  private static StepMetrics step(
      long number, double loss, long scored, long tokens, double seconds, OptionalLong memory) {
    return new StepMetrics(number, 1, loss, 1e-3, 1, scored, tokens, tokens / seconds, memory, 0);
  }

  @Test
  void saysLossSpeedTimeLeftAndMemory() {
    StepMetrics step = step(1, 3.214, 300, 2852, 2, OptionalLong.of(2202010L * 1024));
    assertThat(new ProgressText(126).after(step))
        .isEqualTo("loss 3.214 · 1,426 tok/s · ETA 4 min 10 s · 2.1 GiB");
  }

  @Test
  void theTimeLeftFollowsTheRecentSpeedAndNotTheMean() {
    ProgressText text = new ProgressText(1000);
    for (int step = 1; step <= 500; step++) {
      text.after(step(step, 9, 10, 100, 1));
    }
    String last = "";
    for (int step = 501; step <= 550; step++) {
      last = text.after(step(step, 2, 10, 100, 4));
    }
    assertThat(last).isEqualTo("loss 2.000 · 25 tok/s · ETA 30 min 0 s");
  }

  @Test
  void theLossIsAMeanByScoredTokens() {
    ProgressText text = new ProgressText(2);
    text.after(step(1, 1, 30, 100, 1));
    assertThat(text.after(step(2, 5, 10, 100, 1))).isEqualTo("loss 2.000 · 100 tok/s · ETA 0 s");
  }

  @Test
  void whatIsNotMeasuredIsLeftOut() {
    assertThat(new ProgressText(1).after(step(1, 1, 1, 1, 0))).isEqualTo("loss 1.000");
  }
}
