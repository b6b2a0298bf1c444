package dev.repartee.finetune.evaluate;

import dev.repartee.finetune.metric.EvaluationProgress;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A progress bar over replies, on standard error. */
public final class ReplyProgress implements EvaluationProgress, AutoCloseable {

  private static final int UPDATE_MILLIS = 500;

  private final ProgressBar bar;

  /**
   * @param task what is done to which model
   */
  public ReplyProgress(String task) {
    bar =
        new ProgressBarBuilder()
            .setTaskName(task)
            .setUnit(" replies", 1)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(UPDATE_MILLIS)
            .build();
  }

  @Override
  public void replies(int done, int total) {
    bar.maxHint(total);
    bar.stepTo(done);
  }

  @Override
  public void close() {
    bar.close();
  }
}
