package dev.repartee.finetune.training;

import dev.repartee.finetune.corpus.Step;
import java.util.LinkedHashMap;
import java.util.Map;

/** The lines of {@code metrics.jsonl}. */
final class RunEvents {

  private final MetricsLog log;

  RunEvents(MetricsLog log) {
    this.log = log;
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

  void step(long number, Step step, Measured measured, double seconds) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("step", number);
    line.put("epoch", step.epoch());
    line.put("loss", measured.loss());
    line.put("learning_rate", measured.learningRate());
    line.put("gradient_norm", measured.gradientNorm());
    line.put("scored_tokens", step.scored());
    line.put("tokens", step.tokens());
    line.put("tokens_per_second", step.tokens() / Math.max(1e-9, measured.seconds()));
    ProcessMemory.resident().ifPresent(bytes -> line.put("resident_bytes", bytes));
    line.put("seconds", seconds);
    log.write(line);
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
