package dev.repartee.finetune.report;

import tools.jackson.databind.JsonNode;

/**
 * A validation's line of {@code metrics.jsonl}.
 *
 * @param step after which it was taken; 0 before training
 * @param loss mean of the scored tokens, nats
 * @param perplexity e to the loss
 * @param seconds since the start, NaN where not known
 */
public record ValidationMetrics(long step, double loss, double perplexity, double seconds) {

  static ValidationMetrics of(JsonNode line) {
    double loss = StepMetrics.number(line, "validation_loss");
    double perplexity = StepMetrics.number(line, "validation_perplexity");
    return new ValidationMetrics(
        line.path("step").asLong(0),
        loss,
        Double.isNaN(perplexity) ? Math.exp(loss) : perplexity,
        StepMetrics.number(line, "seconds"));
  }
}
