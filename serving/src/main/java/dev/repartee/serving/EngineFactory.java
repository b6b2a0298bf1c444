package dev.repartee.serving;

import dev.repartee.engine.gpt2.BatchedPasses;
import dev.repartee.engine.suggest.PrecisionChoice;
import dev.repartee.serving.model.PredictorLoader;
import java.time.Duration;

/** Makes what loads models, by the options of {@code serve}. */
@FunctionalInterface
public interface EngineFactory {

  /**
   * What the engine is asked to do.
   *
   * @param precision what the model computes in
   * @param deadline after which a prediction is what was found by then
   * @param naive whether to compute each request by itself and to remember nothing
   * @param passes told of each joint pass of the model
   */
  record Options(
      PrecisionChoice precision, Duration deadline, boolean naive, BatchedPasses.Listener passes) {}

  PredictorLoader loader(Options options);
}
