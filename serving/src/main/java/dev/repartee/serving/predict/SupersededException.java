package dev.repartee.serving.predict;

/** A newer request of the same conversation came before this one had its turn. */
public final class SupersededException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  SupersededException() {
    super("a newer request of this conversation came first");
  }
}
