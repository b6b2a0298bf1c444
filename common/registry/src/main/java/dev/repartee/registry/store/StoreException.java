package dev.repartee.registry.store;

import dev.repartee.registry.store.ObjectStore.Precondition;
import dev.repartee.text.UserException;
import java.io.IOException;

/** A failure of a store; {@link #reason()} says why. */
public final class StoreException extends UserException {

  private static final long serialVersionUID = 1L;

  /** Why a call failed. */
  public enum Reason {
    /** The object does not exist. */
    NOT_FOUND,
    /** The object exists when it must not, or has another generation than expected. */
    PRECONDITION_FAILED,
    /** There are no credentials, or they lack the right. */
    NO_ACCESS,
    /** The bucket itself does not exist. */
    NO_BUCKET,
    /** The store does not answer, fails after all retries, refuses, or cannot be written. */
    UNAVAILABLE
  }

  private final Reason reason;

  StoreException(Reason reason, String message) {
    this(reason, message, null);
  }

  StoreException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /**
   * The failure of a stream that was opened and then broke.
   *
   * @param location of the object that was read
   */
  public static StoreException brokenOff(String location, IOException cause) {
    String first = cause.toString().lines().findFirst().orElseThrow();
    return new StoreException(
        Reason.UNAVAILABLE, location + ": the download was interrupted: " + first, cause);
  }

  static StoreException notFound(String location) {
    return new StoreException(Reason.NOT_FOUND, location + " does not exist");
  }

  static StoreException preconditionFailed(String location, Precondition precondition) {
    return new StoreException(
        Reason.PRECONDITION_FAILED,
        location + " was changed by someone else: expected " + precondition.description());
  }

  public Reason reason() {
    return reason;
  }

  /** Whether the store could not be reached, which says nothing about what is in it. */
  public boolean isUnreachable() {
    return reason == Reason.UNAVAILABLE || reason == Reason.NO_ACCESS;
  }

  /** Rethrows this failure unless it was a failed precondition, which the caller handles. */
  public void requirePreconditionFailed() {
    if (reason != Reason.PRECONDITION_FAILED) {
      throw this;
    }
  }
}
