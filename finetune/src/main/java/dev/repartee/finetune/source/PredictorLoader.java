package dev.repartee.finetune.source;

import dev.repartee.engine.suggest.EngineOptions;
import dev.repartee.engine.suggest.ReplyPredictor;
import java.nio.file.Path;

/** Opens the predictor of a model folder, as {@code SuggestionEngine::load} does. */
@FunctionalInterface
public interface PredictorLoader {

  /**
   * Loads {@code folder}; the caller closes the result.
   *
   * @throws dev.repartee.text.UserException naming the file that is missing or wrong
   */
  ReplyPredictor load(Path folder, EngineOptions options);
}
