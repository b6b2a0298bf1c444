package dev.repartee.registry.store;

import static java.util.Objects.requireNonNull;

/**
 * What a store knows about an object.
 *
 * @param key relative to the store's root, with {@code /} between its parts
 * @param size in bytes
 * @param generation changes with every write and is never reused; positive
 */
public record StoredObject(String key, long size, long generation) {

  public StoredObject {
    requireNonNull(key, "key is null");
    if (size < 0) {
      throw new IllegalArgumentException("size must be at least 0 but is " + size);
    }
    if (generation <= 0) {
      throw new IllegalArgumentException("generation must be positive but is " + generation);
    }
  }

  /** Holds as long as nobody has written or deleted the object since. */
  public Precondition unchanged() {
    return Precondition.generation(generation);
  }
}
