package dev.repartee.serving;

import dev.repartee.registry.store.ObjectStores;
import dev.repartee.serving.feedback.FeedbackListener;
import dev.repartee.serving.feedback.FeedbackOptions;
import dev.repartee.serving.feedback.FeedbackPart;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of {@code serve} that say where feedback is kept. */
final class FeedbackFlags {

  /** No model can be called so, whose pulled versions lie beside it. */
  private static final String DEFAULT_FOLDER = ".feedback";

  @Option(
      names = "--feedback-dir",
      paramLabel = "DIR",
      description =
          "Where feedback is kept until the store has it, or for good without --store; for one"
              + " service alone. Default: .feedback in the --cache folder.")
  private Optional<Path> folder = Optional.empty();

  @Option(
      names = "--feedback-max-bytes",
      defaultValue = "" + FeedbackOptions.DEFAULT_MAX_BYTES,
      paramLabel = "N",
      description =
          "Bytes of feedback on this machine over which more is refused. Default: ${DEFAULT-VALUE}.")
  private long maxBytes;

  /**
   * Opens the feedback's journal.
   *
   * @param store where it is moved to
   * @param cache holds the default folder
   * @param listener told of what was stored
   */
  FeedbackPart open(Optional<String> store, Path cache, FeedbackListener listener) {
    FeedbackOptions options = FeedbackOptions.defaults().withMaxBytes(maxBytes);
    return FeedbackPart.open(
        folder.orElseGet(() -> cache.resolve(DEFAULT_FOLDER)),
        store.map(ObjectStores::open),
        options,
        List.of(listener));
  }
}
