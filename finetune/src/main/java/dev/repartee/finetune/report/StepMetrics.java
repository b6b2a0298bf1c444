package dev.repartee.finetune.report;

import tools.jackson.databind.JsonNode;

/**
 * An optimizer step's line of {@code metrics.jsonl}. Measurements that the line lacks are NaN,
 * counts 0.
 *
 * @param step number, from 1
 * @param epoch pass over the data, from 1
 * @param loss mean of the scored tokens, nats
 * @param learningRate used in this step
 * @param gradientNorm before clipping
 * @param scoredTokens that the loss is the mean of
 * @param tokens trained, context included and padding not
 * @param tokensPerSecond of this step
 * @param mfu share of the matrix multiplication peak, 0 to 1
 * @param residentBytes memory of the process after this step
 * @param seconds since the start
 */
public record StepMetrics(
    long step,
    long epoch,
    double loss,
    double learningRate,
    double gradientNorm,
    long scoredTokens,
    long tokens,
    double tokensPerSecond,
    double mfu,
    double residentBytes,
    double seconds) {

  static StepMetrics of(JsonNode line) {
    return new StepMetrics(
        line.path("step").asLong(0),
        line.path("epoch").asLong(0),
        number(line, "loss"),
        number(line, "learning_rate"),
        number(line, "gradient_norm"),
        line.path("scored_tokens").asLong(0),
        line.path("tokens").asLong(0),
        number(line, "tokens_per_second"),
        number(line, "mfu"),
        number(line, "resident_bytes"),
        number(line, "seconds"));
  }

  /** A number, also one that JSON can only hold as a text: {@code "NaN"}, {@code "Infinity"}. */
  static double number(JsonNode line, String field) {
    JsonNode value = line.path(field);
    if (value.isNumber()) {
      return value.doubleValue();
    }
    return switch (value.asString("")) {
      case "Infinity" -> Double.POSITIVE_INFINITY;
      case "-Infinity" -> Double.NEGATIVE_INFINITY;
      default -> Double.NaN;
    };
  }
}
