package dev.repartee.finetune.training;

import dev.repartee.finetune.corpus.Step;
import dev.repartee.finetune.report.ProgressText;
import dev.repartee.text.io.ProcessMemory;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Tells what happens: in {@code metrics.jsonl}, to TensorBoard, and in the report. */
final class RunEvents {

  private final MetricsLog log;
  private final TensorBoardLog board;
  private final Utilization utilization;
  private final RunReporting reporting;
  private final ProcessMemory memory = new ProcessMemory();

  RunEvents(MetricsLog log, TensorBoardLog board, Utilization utilization, RunReporting reporting) {
    this.log = log;
    this.board = board;
    this.utilization = utilization;
    this.reporting = reporting;
  }

  /**
   * What an optimizer step was like.
   *
   * @param loss mean over its scored tokens, nats
   * @param learningRate of the step
   * @param gradientNorm before clipping
   * @param seconds that it took
   */
  record Measured(double loss, double learningRate, double gradientNorm, double seconds) {}

  /** Notes a step, and gives what the progress bar says of it. */
  ProgressText.Step step(long number, Step step, Measured measured, double seconds) {
    double speed = step.tokens() / Math.max(1e-9, measured.seconds());
    OptionalDouble mfu = utilization.of(step, measured.seconds());
    OptionalLong resident = memory.resident();
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("step", number);
    line.put("epoch", step.epoch());
    line.put("loss", measured.loss());
    line.put("learning_rate", measured.learningRate());
    line.put("gradient_norm", measured.gradientNorm());
    line.put("scored_tokens", step.scored());
    line.put("tokens", step.tokens());
    line.put("tokens_per_second", speed);
    mfu.ifPresent(share -> line.put("mfu", share));
    resident.ifPresent(bytes -> line.put("resident_bytes", bytes));
    line.put("seconds", seconds);
    log.write(line);
    Map<String, Double> scalars = new LinkedHashMap<>();
    scalars.put("train/loss", measured.loss());
    scalars.put("train/learning_rate", measured.learningRate());
    scalars.put("train/gradient_norm", measured.gradientNorm());
    scalars.put("speed/tokens_per_second", speed);
    mfu.ifPresent(share -> scalars.put("speed/mfu", share));
    resident.ifPresent(bytes -> scalars.put("speed/resident_bytes", (double) bytes));
    board.write(number, scalars);
    return new ProgressText.Step(
        number,
        measured.loss(),
        step.scored(),
        step.tokens(),
        Duration.ofNanos(Math.round(measured.seconds() * 1e9)),
        mfu);
  }

  void validation(long step, int epoch, double loss, boolean best, double seconds) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("step", step);
    line.put("epoch", epoch);
    line.put("validation_loss", loss);
    line.put("validation_perplexity", Math.exp(loss));
    line.put("best", best);
    line.put("seconds", seconds);
    log.write(line);
    board.write(step, Map.of("validation/loss", loss, "validation/perplexity", Math.exp(loss)));
    reporting.refresh();
  }

  /** Something that happened, such as {@code resumed}, {@code checkpoint} or {@code stopped}. */
  void event(long step, String event, String detail) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("step", step);
    line.put("event", event);
    line.put("detail", detail);
    log.write(line);
  }

  /** Brings all lines to the disk, and gives the file's length. */
  long sync() {
    return log.sync();
  }
}
