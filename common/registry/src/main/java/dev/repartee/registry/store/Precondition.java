package dev.repartee.registry.store;

import java.util.OptionalLong;

/**
 * What must hold for the object that a write replaces or a delete removes.
 *
 * @param generation that the object must still have, for a compare-and-swap; 0 when there must be
 *     none, -1 when anything may be there
 */
public record Precondition(long generation) {

  /** There must be no such object: exactly one of several writers wins. */
  private static final long ABSENT = 0;

  /** The write always happens. */
  private static final long NONE = -1;

  public static Precondition none() {
    return new Precondition(NONE);
  }

  public static Precondition absent() {
    return new Precondition(ABSENT);
  }

  public static Precondition generation(long value) {
    if (value <= 0) {
      throw new IllegalArgumentException("generation must be positive but is " + value);
    }
    return new Precondition(value);
  }

  boolean isNone() {
    return generation == NONE;
  }

  boolean isAbsent() {
    return generation == ABSENT;
  }

  /**
   * Whether it holds.
   *
   * @param current the object's generation; empty when there is no object
   */
  boolean holds(OptionalLong current) {
    return isNone() || generation == current.orElse(ABSENT);
  }

  /** What is expected, for a message. */
  String description() {
    return isNone() ? "anything" : isAbsent() ? "no such object" : "generation " + generation;
  }
}
