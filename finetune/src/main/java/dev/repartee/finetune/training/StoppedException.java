package dev.repartee.finetune.training;

/** A run ended because it was asked to; the message says where it stands. */
final class StoppedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  StoppedException(String message) {
    super(message);
  }
}
