package dev.repartee.serving;

import static java.util.Objects.requireNonNull;

import dev.repartee.engine.suggest.GoldenPrompt;
import dev.repartee.engine.suggest.OperatingPoint;
import dev.repartee.engine.suggest.ReplyLikelihood;
import dev.repartee.engine.suggest.ReplyPredictor;
import dev.repartee.serving.model.ModelFolder;
import dev.repartee.serving.model.ModelInfo;
import dev.repartee.serving.model.ModelSource;
import dev.repartee.serving.model.Phase;
import dev.repartee.serving.model.PredictorLoader;
import dev.repartee.serving.model.ServedModel;
import dev.repartee.serving.predict.PredictionOptions;
import dev.repartee.serving.predict.Predictions;
import dev.repartee.text.UserException;
import dev.repartee.text.conversation.Message;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Loads a model: gets its folder, verifies it, loads it and warms it up. The result answers at full
 * speed.
 *
 * @param source where the folder comes from
 * @param loader makes a predictor from the folder
 * @param options how much is predicted at once
 */
record ModelLoading(ModelSource source, PredictorLoader loader, PredictionOptions options) {

  private static final List<Message> WARM_UP =
      List.of(
          Message.customer("Hi, I have a question about my order."),
          Message.agent("Hello! I am happy to help."),
          Message.customer("It has not arrived yet. Where is it?"));

  /** As an agent types: nothing yet, the start of a word, its end, the next words. */
  private static final List<String> DRAFTS = List.of("", "I a", "I am", "I am s", "I am sorry t");

  ModelLoading {
    requireNonNull(source, "source is null");
    requireNonNull(loader, "loader is null");
    requireNonNull(options, "options is null");
  }

  /**
   * Loads the version that the source has now.
   *
   * @param progress receives each phase as it begins
   * @throws UserException when any of it fails, in one line
   */
  ServedModel load(Consumer<Phase> progress) {
    return load(source.obtain(progress), progress);
  }

  /** As {@link #load}, but falls back to the last version when the source cannot be reached. */
  ServedModel loadAtStart(Consumer<Phase> progress) {
    return load(source.obtainAtStart(progress), progress);
  }

  private ServedModel load(ModelFolder folder, Consumer<Phase> progress) {
    ModelInfo info = ModelInfo.read(folder);
    Optional<GoldenPrompt> golden = GoldenPrompt.read(folder.path());
    progress.accept(Phase.LOADING);
    ReplyPredictor predictor = open(folder);
    Predictions predictions = new Predictions(predictor, options);
    progress.accept(Phase.WARMING);
    try {
      if (predictor instanceof ReplyLikelihood model) {
        golden.ifPresent(prompt -> prompt.check(model));
      }
      for (String draft : DRAFTS) {
        var _ = predictions.predict(WARM_UP, draft, 3, OperatingPoint.EAGER);
      }
    } catch (RuntimeException | LinkageError e) {
      predictions.close();
      throw new UserException(
          "%s was loaded from %s but fails its first prediction: %s"
              .formatted(folder.identity(), folder.path(), oneLine(e)),
          e);
    }
    // The weights were read through buffers outside the heap, which are freed when their Java
    // objects are collected. On a heap this small that would happen only after many swaps.
    System.gc();
    return new ServedModel(info, predictions);
  }

  private ReplyPredictor open(ModelFolder folder) {
    try {
      return loader.load(folder.path());
    } catch (UserException e) {
      throw e;
    } catch (RuntimeException | LinkageError e) {
      throw new UserException(
          "%s cannot be loaded from %s: %s; 'repartee doctor' shows what this machine lacks"
              .formatted(folder.identity(), folder.path(), oneLine(e)),
          e);
    }
  }

  /** The first line of the message, or the type of a failure that has none. */
  static String oneLine(Throwable failure) {
    String message = Optional.ofNullable(failure.getMessage()).orElse("");
    String first = message.lines().findFirst().orElse("");
    return first.isEmpty() ? failure.getClass().getSimpleName() : first;
  }
}
