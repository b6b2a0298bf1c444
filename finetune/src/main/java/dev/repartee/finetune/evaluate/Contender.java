package dev.repartee.finetune.evaluate;

import dev.repartee.engine.suggest.EngineOptions;
import dev.repartee.engine.suggest.ReplyPredictor;
import dev.repartee.finetune.metric.Baseline;
import dev.repartee.finetune.source.EngineSettings.PredictorFactory;
import dev.repartee.finetune.source.ModelOptions;
import dev.repartee.text.UserException;
import dev.repartee.text.conversation.Conversation;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What can be measured: a model or a baseline, which is not yet loaded or trained.
 *
 * @param name in the report
 * @param options how a model runs; empty for a baseline
 * @param folder of a model; empty for a baseline
 * @param opener loads or trains it; the caller closes the result
 */
record Contender(
    String name,
    Optional<EngineOptions> options,
    Optional<Path> folder,
    Supplier<ReplyPredictor> opener) {

  static Contender of(Baseline baseline, List<Conversation> training) {
    return new Contender(
        baseline.id(), Optional.empty(), Optional.empty(), () -> baseline.train(training));
  }

  static Contender of(
      ModelOptions.LocalModel model, EngineOptions options, PredictorFactory loader) {
    return new Contender(
        model.name(),
        Optional.of(options),
        Optional.of(model.folder()),
        () -> loader.load(model.folder(), options));
  }

  /**
   * Whether {@code model} names a baseline.
   *
   * @throws UserException when it does and there is nothing to learn from
   */
  static Optional<Baseline> baseline(String option, String model, boolean hasTraining) {
    Optional<Baseline> baseline = Baseline.named(model);
    if (baseline.isPresent() && !hasTraining) {
      throw UserException.usage(
          option + " " + model + " is a baseline that learns from --train FILE; give it");
    }
    return baseline;
  }
}
