package dev.repartee.finetune.evaluate;

import dev.repartee.engine.gpt2.Compute;
import dev.repartee.engine.gpt2.Precision;
import dev.repartee.engine.suggest.Calibration;
import dev.repartee.engine.suggest.EngineOptions;
import dev.repartee.engine.suggest.ModelCard;
import dev.repartee.engine.suggest.SuggestionEngine;
import dev.repartee.finetune.metric.Calibrator;
import dev.repartee.finetune.metric.Calibrator.Choice;
import dev.repartee.finetune.metric.EvaluationSettings;
import dev.repartee.finetune.metric.Rule;
import dev.repartee.finetune.metric.TypedTextSaved;
import dev.repartee.registry.models.Manifest;
import dev.repartee.text.UserException;
import dev.repartee.text.cli.ProgressLine;
import dev.repartee.text.conversation.Conversation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/** Calibrates a model folder on validation conversations and writes the result into it. */
final class ModelCalibration {

  /** Percentage points of net time saved that INT8 may cost. */
  static final double INT8_COSTS_AT_MOST = 0.3;

  /**
   * The result.
   *
   * @param calibration that the model's card now contains
   * @param offers what they are made from, by operating point
   * @param int8 whether INT8 is good enough; empty after a calibration on a GPU, which has no INT8
   */
  record CalibrationResult(
      Calibration calibration, Map<String, Choice> offers, Optional<Int8Check> int8) {}

  /**
   * Time saved in percent under {@link Rule#NET} on the conversations that calibrated it, which is
   * more than on others.
   *
   * @param allowed whether {@code --precision auto} may take INT8 from now on
   */
  @JsonNaming(PropertyNamingStrategies.LowerCamelCaseStrategy.class)
  record Int8Check(double netFp32, double netInt8, boolean allowed) {}

  private final Path folder;
  private final List<Conversation> validation;
  private final Optional<Integer> limit;

  /** Uses at most {@code limit} of the conversations. */
  ModelCalibration(Path folder, List<Conversation> validation, Optional<Integer> limit) {
    this.folder = folder;
    this.validation = validation;
    this.limit = limit;
  }

  /**
   * Calibrates and writes {@code calibration.json} and the manifest of the folder, and in {@code
   * repartee.json} whether INT8 is good enough.
   *
   * @param compute on and in which the model is going to run; in FP32 where that is INT8, and INT8
   *     turns out not to be good enough
   */
  CalibrationResult calibrate(Compute compute) {
    ModelCard card = ModelCard.read(folder);
    Calibrator.Result learned = learn(compute);
    write(card, learned.calibration());
    if (compute.isGpu()) {
      return new CalibrationResult(learned.calibration(), learned.choices(), Optional.empty());
    }
    Precision precision = compute.precision();
    double exact = precision == Precision.FP32 ? learned.net() : net(Precision.FP32);
    double rounded = precision == Precision.INT8 ? learned.net() : net(Precision.INT8);
    Int8Check check = new Int8Check(exact, rounded, rounded >= exact - INT8_COSTS_AT_MOST);
    if (precision == Precision.INT8 && !check.allowed()) {
      learned = learn(Compute.cpu(Precision.FP32));
    }
    write(card.withInt8(check.allowed()), learned.calibration());
    return new CalibrationResult(learned.calibration(), learned.choices(), Optional.of(check));
  }

  private Calibrator.Result learn(Compute compute) {
    try (SuggestionEngine engine = SuggestionEngine.load(folder, new EngineOptions(compute));
        ProgressLine progress =
            new ProgressLine("calibrate " + compute.precision().name(), "replies")) {
      return Calibrator.calibrate(engine, validation, limit, progress::stepTo);
    }
  }

  private double net(Precision precision) {
    EvaluationSettings netAlone =
        EvaluationSettings.DEFAULT.withRules(List.of(Rule.NET)).withTimed(0);
    EvaluationSettings settings = limit.map(netAlone::withLimit).orElse(netAlone);
    try (SuggestionEngine engine =
            SuggestionEngine.load(folder, new EngineOptions(Compute.cpu(precision)));
        ProgressLine progress = new ProgressLine("evaluate " + precision.name(), "replies")) {
      return TypedTextSaved.measure(engine, validation, settings, progress::stepTo)
          .evaluation()
          .rules()
          .get(Rule.NET.name())
          .saved();
    }
  }

  private void write(ModelCard card, Calibration calibration) {
    try {
      calibration.write(folder);
      card.write(folder);
      Manifest.of(folder).write(folder);
    } catch (IOException e) {
      throw new UserException(folder + ": the calibration cannot be written: " + e, e);
    }
  }
}
