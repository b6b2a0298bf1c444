package dev.repartee.finetune.evaluate;

import dev.repartee.engine.suggest.ReplyPredictor;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** {@code --golden} and {@code --canaries}: what is checked of a model beside its figures. */
final class CheckOptions {

  @Option(
      names = "--golden",
      paramLabel = "FILE",
      description =
          "Situations with what must and must not be suggested in them, JSON Lines (docs/gates.md).")
  private Optional<Path> golden;

  @Option(
      names = "--canaries",
      paramLabel = "FILE",
      description =
          "Secrets planted in the training data, JSON Lines (docs/gates.md): how surely they can be"
              + " got out of the model.")
  private Optional<Path> canaries;

  /** The files, read before anything is measured. */
  Checks read() {
    return new Checks(golden.map(GoldenPrompts::read), canaries.map(Canaries::read));
  }

  boolean any() {
    return golden.isPresent() || canaries.isPresent();
  }

  /** What is to be checked. */
  record Checks(Optional<GoldenPrompts> golden, Optional<Canaries> canaries) {

    static final Checks NONE = new Checks(Optional.empty(), Optional.empty());

    Found of(ReplyPredictor predictor) {
      return new Found(
          golden.map(prompts -> prompts.measure(predictor)),
          canaries.map(planted -> planted.measure(predictor)));
    }
  }

  /** What was found. */
  record Found(Optional<GoldenResult> golden, Optional<CanaryResult> canaries) {}
}
