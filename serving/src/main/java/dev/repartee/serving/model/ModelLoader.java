package dev.repartee.serving.model;

import dev.repartee.engine.suggest.Display;
import dev.repartee.engine.suggest.ServingEngine;
import dev.repartee.registry.knowledge.BuiltFrom;
import dev.repartee.registry.models.ModelReference;
import dev.repartee.serving.model.ModelSource.VerifiedModel;
import dev.repartee.serving.model.ServiceState.Phase;
import dev.repartee.serving.predict.PredictionOptions;
import dev.repartee.serving.predict.Predictions;
import dev.repartee.text.Threads;
import dev.repartee.text.UserException;
import dev.repartee.text.answers.AnswerLibraryFile;
import dev.repartee.text.conversation.Message;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads a verified model to its first prediction.
 *
 * @param source where the model comes from
 * @param engines makes an engine from the folder, every file of which was checked; throws {@link
 *     UserException} when it cannot be served
 * @param options the limits of its predictions
 * @param library alias or number of the answer library that the model must be built with, where one
 *     is wanted
 */
public record ModelLoader(
    ModelSource source,
    Function<Path, ServingEngine> engines,
    PredictionOptions options,
    Optional<ModelReference> library) {

  private static final Logger log = LoggerFactory.getLogger(ModelLoader.class);

  private static final List<Message> WARM_UP =
      List.of(
          Message.customer("Hi, I have a question about my order."),
          Message.agent("Hello! I am happy to help."),
          Message.customer("It has not arrived yet. Where is it?"));

  /** Drafts as an agent types them: empty, the start of a word, its end, the next words. */
  private static final List<String> DRAFTS = List.of("", "I a", "I am", "I am s", "I am sorry t");

  /** The same for another version. */
  ModelLoader of(ModelSource other) {
    return new ModelLoader(other, engines, options, library);
  }

  /** A version lacks the library, which a builder may build it with soon. */
  static final class UnbuiltException extends UserException {

    private static final long serialVersionUID = 1L;

    UnbuiltException(String message) {
      super(message);
    }
  }

  /**
   * Checks that a version has the library, where one is wanted: without it, nobody knows what must
   * never be said. A rollback to a version without one keeps what is forbidden in a library without
   * a name.
   */
  void requireLibrary(VerifiedModel version) {
    if (library.isEmpty()) {
      return;
    }
    String wanted = library.get().toString();
    Optional<BuiltFrom> built = BuiltFrom.read(version.path());
    boolean has =
        built
            .map(from -> from.libraryAlias().filter(wanted::equals).isPresent())
            .orElseGet(() -> Files.exists(version.path().resolve(AnswerLibraryFile.FILE)));
    if (!has) {
      throw new UnbuiltException(
          "%s was not built with the library %s, so it is not known what must never be said: 'repartee models build NAME@ALIAS --answers %s --every 30s' builds it; without --store this service does, and its log says what it waits for"
              .formatted(version.identity(), wanted, wanted));
    }
  }

  /**
   * Loads a version of the source that is on this machine, and warms it up.
   *
   * @param progress receives each phase as it begins
   * @throws UserException when any step fails, with a message of one line
   */
  ServedModel load(VerifiedModel verified, Consumer<Phase> progress) {
    ServedModel.Version version = ServedModel.Version.of(verified);
    progress.accept(Phase.LOADING);
    ServingEngine engine = open(verified);
    Predictions predictions = new Predictions(engine, options);
    ServedModel model = new ServedModel(version, predictions);
    progress.accept(Phase.WARMING);
    try {
      if (!engine.isCalibrated()) {
        log.warn(
            "{} is not calibrated; 'repartee evaluate --calibrate' does that", verified.identity());
      }
      for (String draft : DRAFTS) {
        var _ = predictions.predict(WARM_UP, draft, 3, Display.CALM);
      }
    } catch (RuntimeException | Error e) {
      predictions.close();
      throw new UserException(
          "%s was loaded from %s but fails its first prediction: %s"
              .formatted(verified.identity(), verified.path(), oneLine(e)),
          e);
    }
    // The weights were read through buffers outside the heap, which are freed when their Java
    // objects are collected. On such a small heap that would happen only after many swaps.
    System.gc();
    return model;
  }

  /**
   * Loads on a thread that ends: OpenMP keeps threads for each thread that computed in parallel,
   * and where these are more than there are cores, it waits for them asleep. Each pass of the model
   * then takes twice as long.
   */
  private ServingEngine open(VerifiedModel verified) {
    try {
      return Threads.call(
          Thread.ofPlatform().name("load-model")::start, () -> engines.apply(verified.path()));
    } catch (UserException e) {
      throw e;
    } catch (RuntimeException | Error e) {
      throw new UserException(
          "%s cannot be loaded from %s: %s; 'repartee doctor' shows what this machine lacks"
              .formatted(verified.identity(), verified.path(), oneLine(e)),
          e);
    }
  }

  /** The first line of the message, or the type if there is no message. */
  static String oneLine(Throwable failure) {
    String message = Optional.ofNullable(failure.getMessage()).orElse("");
    String first = message.lines().findFirst().orElse("");
    return first.isEmpty() ? failure.getClass().getSimpleName() : first;
  }
}
