package dev.repartee.finetune.evaluate;

import dev.repartee.finetune.metric.EvaluationProgress;
import dev.repartee.text.cli.ProgressLine;

/** How many replies are done, on standard error. */
public final class ReplyProgress implements EvaluationProgress, AutoCloseable {

  private final ProgressLine line;

  /**
   * @param task what is done to which model
   */
  public ReplyProgress(String task) {
    line = new ProgressLine(task, "replies");
  }

  @Override
  public void replies(int done, int total) {
    line.stepTo(done, total);
  }

  @Override
  public void close() {
    line.close();
  }
}
