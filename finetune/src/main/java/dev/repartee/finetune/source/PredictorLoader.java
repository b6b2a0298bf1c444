package dev.repartee.finetune.source;

import dev.repartee.common.suggest.EngineOptions;
import dev.repartee.common.suggest.ReplyPredictor;
import java.nio.file.Path;

/** Opens the predictor of a model folder, as {@code SuggestionEngine::load} does. */
@FunctionalInterface
public interface PredictorLoader {

  /**
   * @throws dev.repartee.common.UserException naming the file that is missing or wrong
   */
  ReplyPredictor load(Path folder, EngineOptions options);
}
