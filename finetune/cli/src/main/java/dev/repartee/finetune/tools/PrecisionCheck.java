package dev.repartee.finetune.tools;

import dev.repartee.engine.gpt2.FastestPrecision;
import dev.repartee.engine.gpt2.Gpt2Config;
import dev.repartee.engine.gpt2.Precision;
import dev.repartee.finetune.gpt2.RandomShape;
import dev.repartee.finetune.gpt2.TrainingPrecision;
import java.util.Map;
import java.util.StringJoiner;

/** What {@code --precision auto} chooses on this CPU, for training and for inference, and why. */
final class PrecisionCheck implements Check {

  private static final String NAME = "precision";

  /** What {@code recipe} trains. */
  private static final Gpt2Config SHAPE = RandomShape.SMALL.config(8000);

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
    Map<Precision, Double> steps = TrainingPrecision.seconds(SHAPE);
    Precision training = FastestPrecision.fastest(steps);
    Precision inference = FastestPrecision.forInference(false);
    Precision allowed = FastestPrecision.forInference(true);
    String text =
        "training in %s (%s), inference in %s, or %s for models that allow it (products took %s)"
            .formatted(
                training,
                steps.size() == 1 ? "this CPU has no other" : "passes took " + milliseconds(steps),
                inference,
                allowed,
                milliseconds(FastestPrecision.inferenceSeconds()));
    return Finding.ok(
        NAME,
        text,
        new Details()
            .add("chosen", training)
            .add("inference", inference)
            .add("inference_int8_allowed", allowed)
            .add("training_pass_seconds", steps)
            .add("inference_product_seconds", FastestPrecision.inferenceSeconds())
            .map());
  }

  private static String milliseconds(Map<Precision, Double> seconds) {
    StringJoiner text = new StringJoiner(", ");
    seconds.forEach((precision, value) -> text.add("%s %.2f ms".formatted(precision, value * 1e3)));
    return text.toString();
  }
}
