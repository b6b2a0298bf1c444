package dev.repartee.finetune.evaluate;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.repartee.common.eval.Evaluation;
import dev.repartee.common.gpt2.Precision;
import java.util.List;
import java.util.Optional;

/**
 * What {@code evaluate} prints: what was measured, and the figures.
 *
 * @param model the registry's version, the folder, or {@code freq}
 * @param precision what the model computed in; empty for the baseline
 * @param files the conversations' files, as they were given
 * @param evaluation the figures
 */
record EvaluationReport(
    String model,
    Optional<Precision> precision,
    List<String> files,
    @JsonUnwrapped Evaluation evaluation) {

  EvaluationReport {
    files = List.copyOf(files);
  }
}
