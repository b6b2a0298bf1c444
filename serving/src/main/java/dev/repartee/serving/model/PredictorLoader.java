package dev.repartee.serving.model;

import dev.repartee.engine.suggest.ReplyPredictor;
import java.nio.file.Path;

/** Makes a predictor of a verified model folder. */
@FunctionalInterface
public interface PredictorLoader {

  /**
   * Loads the model.
   *
   * @param modelFolder a whole version, every file checked against its manifest
   * @throws dev.repartee.text.UserException when the folder cannot be served, saying why
   */
  ReplyPredictor load(Path modelFolder);
}
