package dev.repartee.registry.store;

import java.util.OptionalLong;

/** What must hold for the object that a write replaces or a delete removes. */
public sealed interface Precondition {

  /** The write always happens. */
  record None() implements Precondition {
    @Override
    public boolean holds(OptionalLong current) {
      return true;
    }

    @Override
    public String description() {
      return "anything";
    }
  }

  /** No such object may exist: of several writers exactly one wins. */
  record Absent() implements Precondition {
    @Override
    public boolean holds(OptionalLong current) {
      return current.isEmpty();
    }

    @Override
    public String description() {
      return "no such object";
    }
  }

  /** The object must still be of this generation: compare-and-swap. */
  record Generation(long value) implements Precondition {
    public Generation {
      if (value <= 0) {
        throw new IllegalArgumentException("generation must be positive but is " + value);
      }
    }

    @Override
    public boolean holds(OptionalLong current) {
      return current.isPresent() && current.getAsLong() == value;
    }

    @Override
    public String description() {
      return "generation " + value;
    }
  }

  /**
   * Whether it holds.
   *
   * @param current the object's generation, empty where there is no object
   */
  boolean holds(OptionalLong current);

  /** What is expected, for a message. */
  String description();

  static Precondition none() {
    return new None();
  }

  static Precondition absent() {
    return new Absent();
  }

  static Precondition generation(long value) {
    return new Generation(value);
  }
}
