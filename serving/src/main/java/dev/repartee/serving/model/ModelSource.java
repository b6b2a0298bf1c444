package dev.repartee.serving.model;

import java.util.function.Consumer;

/** Where the served model comes from. */
@FunctionalInterface
public interface ModelSource {

  /**
   * Brings the model to this machine, every file of it verified.
   *
   * @param progress told each {@link Phase} as it begins
   * @throws dev.repartee.common.UserException when there is no such model, it cannot be reached, or
   *     a file is missing or altered
   */
  ModelFolder obtain(Consumer<Phase> progress);
}
