package dev.repartee.finetune.tools;

import dev.repartee.engine.gpt2.FastestPrecision;
import dev.repartee.engine.gpt2.Precision;
import java.util.Map;
import java.util.StringJoiner;

/** What {@code --precision auto} chooses on this CPU, for training and for inference, and why. */
final class PrecisionCheck implements Check {

  private static final String NAME = "precision";

  @Override
  public Finding run() {
    try {
      return measured();
    } catch (RuntimeException | LinkageError e) {
      return Finding.warning(
          NAME, "unknown: " + e, new Details().add("chosen", null).map(), "see what engine says");
    }
  }

  private static Finding measured() {
    Precision training = FastestPrecision.forTraining();
    Precision inference = FastestPrecision.forInference(false);
    Precision allowed = FastestPrecision.forInference(true);
    String text =
        "training in %s, inference in %s, or %s for models that allow it; products took %s"
            .formatted(
                training, inference, allowed, milliseconds(FastestPrecision.inferenceSeconds()));
    return Finding.ok(
        NAME,
        text,
        new Details()
            .add("chosen", training)
            .add("inference", inference)
            .add("inference_int8_allowed", allowed)
            .add("training_product_seconds", FastestPrecision.trainingSeconds())
            .add("inference_product_seconds", FastestPrecision.inferenceSeconds())
            .map());
  }

  private static String milliseconds(Map<Precision, Double> seconds) {
    StringJoiner text = new StringJoiner(", ");
    seconds.forEach((precision, value) -> text.add("%s %.2f ms".formatted(precision, value * 1e3)));
    return text.toString();
  }
}
