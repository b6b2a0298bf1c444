package dev.repartee.finetune.evaluate;

import dev.repartee.common.UserException;
import dev.repartee.common.data.Conversation;
import dev.repartee.common.eval.Calibrator;
import dev.repartee.common.registry.Manifest;
import dev.repartee.common.suggest.Calibration;
import dev.repartee.common.suggest.EngineOptions;
import dev.repartee.common.suggest.ModelCard;
import dev.repartee.common.suggest.OfferPolicy;
import dev.repartee.common.suggest.SuggestionEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Calibrates a model folder on validation conversations and writes what it found into it. */
final class ModelCalibration {

  /** At the eager point a passed offer is not made again in the same reply. */
  private static final double OVERLOOKED = 0;

  private ModelCalibration() {}

  /** Changes {@code repartee.json} and the manifest of {@code folder}. */
  static Calibration calibrate(
      Path folder, EngineOptions options, List<Conversation> validation, Optional<Integer> limit) {
    ModelCard card = ModelCard.read(folder);
    OfferPolicy eager = new OfferPolicy(card.minProbability(), OVERLOOKED);
    Calibration learned;
    try (SuggestionEngine engine = SuggestionEngine.load(folder, options);
        ReplyProgress progress = new ReplyProgress("calibrate")) {
      learned = Calibrator.calibrate(engine, eager, validation, limit, progress);
    }
    try {
      card.with(learned).write(folder);
      Manifest.of(folder).write(folder);
    } catch (IOException e) {
      throw new UserException(folder + ": the calibration cannot be written: " + e, e);
    }
    return learned;
  }
}
