package dev.repartee.finetune.evaluate;

import dev.repartee.engine.suggest.ReplyPredictor;
import dev.repartee.finetune.evaluate.CheckOptions.Checks;
import dev.repartee.finetune.evaluate.CheckOptions.Found;
import dev.repartee.finetune.metric.EvaluationSettings;
import dev.repartee.finetune.metric.Measurement;
import dev.repartee.finetune.metric.TypedTextSaved;
import dev.repartee.registry.models.Manifest.ModelDigest;
import dev.repartee.text.UserException;
import dev.repartee.text.conversation.Conversation;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was measured of one contender, and what was found besides.
 *
 * @param files the very model; empty for a baseline, and for a folder that differs from its
 *     manifest
 */
record Checked(Measurement measurement, Found found, Optional<ModelDigest> files) {

  private static final Logger log = LoggerFactory.getLogger(Checked.class);

  /** Measures {@code contender} alone. */
  static Measurement measure(
      Contender contender, List<Conversation> test, EvaluationSettings settings) {
    try (ReplyPredictor predictor = contender.opener().get()) {
      return measure(contender, predictor, test, settings);
    }
  }

  /** Measures and checks it. */
  static Checked of(
      Contender contender, List<Conversation> test, EvaluationSettings settings, Checks checks) {
    // Before it is measured, so that what is measured cannot have changed unnoticed.
    Optional<ModelDigest> files = contender.folder().flatMap(Checked::digest);
    try (ReplyPredictor predictor = contender.opener().get()) {
      // Checked first: that a baseline has no canaries should not come to light after an hour.
      Found found = checks.of(predictor);
      return new Checked(measure(contender, predictor, test, settings), found, files);
    }
  }

  private static Measurement measure(
      Contender contender,
      ReplyPredictor predictor,
      List<Conversation> test,
      EvaluationSettings settings) {
    try (ReplyProgress progress = new ReplyProgress(contender.name())) {
      return TypedTextSaved.measure(predictor, test, settings, progress);
    }
  }

  private static Optional<ModelDigest> digest(Path folder) {
    try {
      return Optional.of(ModelDigest.of(folder));
    } catch (UserException e) {
      log.warn("what is measured cannot be stored with a version: {}", e.getMessage());
      return Optional.empty();
    }
  }

  Evidence evidence() {
    return new Evidence(
        Instant.now().truncatedTo(ChronoUnit.SECONDS),
        files,
        measurement.data(),
        Machine.here(),
        found.golden(),
        found.canaries());
  }
}
