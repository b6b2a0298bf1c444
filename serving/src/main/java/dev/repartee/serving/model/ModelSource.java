package dev.repartee.serving.model;

import java.util.Optional;
import java.util.function.Consumer;

/** Where the served model comes from. */
@FunctionalInterface
public interface ModelSource {

  /**
   * Brings the model to this machine, every file of it verified.
   *
   * @param progress told each {@link Phase} as it begins
   * @throws dev.repartee.text.UserException when there is no such model, it cannot be reached, or a
   *     file is missing or altered
   */
  ModelFolder obtain(Consumer<Phase> progress);

  /**
   * As {@link #obtain}, for a service that serves nothing yet: where the model cannot be reached
   * soon, what was brought last may take its place.
   */
  default ModelFolder obtainAtStart(Consumer<Phase> progress) {
    return obtain(progress);
  }

  /**
   * What {@link #obtain} would bring now, found out without bringing it; nothing for a source that
   * never changes.
   *
   * @throws dev.repartee.text.UserException when it cannot be found out
   */
  default Optional<ModelIdentity> latest() {
    return Optional.empty();
  }
}
