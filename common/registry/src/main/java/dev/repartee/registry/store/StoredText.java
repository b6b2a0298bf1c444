package dev.repartee.registry.store;

import static java.util.Objects.requireNonNull;

/**
 * A small object's text together with the generation it was read at, ready for a compare-and-swap.
 *
 * @param text decoded as UTF-8
 * @param generation of exactly this text
 */
public record StoredText(String text, long generation) {

  public StoredText {
    requireNonNull(text, "text is null");
  }

  /** Holds as long as nobody has written the object since it was read. */
  public Precondition unchanged() {
    return Precondition.generation(generation);
  }
}
