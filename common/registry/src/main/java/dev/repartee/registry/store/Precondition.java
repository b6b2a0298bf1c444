package dev.repartee.registry.store;

import java.util.OptionalLong;

/** What must hold for the object that a write replaces or a delete removes. */
public sealed interface Precondition {

  /** The write always happens. */
  record None() implements Precondition {}

  /** There must be no such object: exactly one of several writers wins. */
  record Absent() implements Precondition {}

  /** The object must still have this generation: compare-and-swap. */
  record Generation(long value) implements Precondition {
    public Generation {
      if (value <= 0) {
        throw new IllegalArgumentException("generation must be positive but is " + value);
      }
    }
  }

  static Precondition none() {
    return new None();
  }

  static Precondition absent() {
    return new Absent();
  }

  static Precondition generation(long value) {
    return new Generation(value);
  }

  /**
   * Whether it holds.
   *
   * @param current the object's generation; empty when there is no object
   */
  default boolean holds(OptionalLong current) {
    return switch (this) {
      case None _ -> true;
      case Absent _ -> current.isEmpty();
      case Generation(long value) -> current.isPresent() && current.getAsLong() == value;
    };
  }

  /** What is expected, for a message. */
  default String description() {
    return switch (this) {
      case None _ -> "anything";
      case Absent _ -> "no such object";
      case Generation(long value) -> "generation " + value;
    };
  }
}
