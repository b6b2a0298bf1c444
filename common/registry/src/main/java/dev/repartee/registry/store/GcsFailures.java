package dev.repartee.registry.store;

import com.google.cloud.storage.StorageException;
import dev.repartee.registry.store.StoreException.Reason;
import java.io.IOException;
import java.util.Set;
import java.util.stream.Stream;

/** Translates the Google client's failures into those that {@link ObjectStore} promises. */
final class GcsFailures {

  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int PRECONDITION_FAILED = 412;

  /** What the client sends again; 0 stands for a connection that broke. */
  private static final Set<Integer> RETRIED = Set.of(0, 408, 429, 500, 502, 503, 504);

  private GcsFailures() {}

  static boolean isNotFound(StorageException failure) {
    return failure.getCode() == NOT_FOUND;
  }

  static boolean isForbidden(StorageException failure) {
    return failure.getCode() == FORBIDDEN;
  }

  static boolean isPreconditionFailed(StorageException failure) {
    return failure.getCode() == PRECONDITION_FAILED;
  }

  /** Whether all retries failed, any of which may have been carried out without an answer. */
  static boolean mayHaveTakenEffect(StorageException failure) {
    return RETRIED.contains(failure.getCode()) && !isAuthentication(failure);
  }

  /**
   * The failure of a call as a {@link StoreException} with advice.
   *
   * @param location of the object or folder that was requested
   * @param bucket named by a 404, which the caller has made sure means that it is missing
   */
  static StoreException translate(StorageException failure, String location, String bucket) {
    String detail = " (" + firstLine(failure) + ")";
    boolean refused = failure.getCode() == UNAUTHORIZED;
    if (refused || isAuthentication(failure)) {
      String what =
          refused
              ? ": the Google Cloud credentials were refused: expired or revoked"
              : ": no Google Cloud credentials, or none that can be renewed";
      return new StoreException(
          Reason.NO_ACCESS,
          location
              + what
              + "; run 'gcloud auth application-default login' or set"
              + " GOOGLE_APPLICATION_CREDENTIALS"
              + detail,
          failure);
    }
    return switch (failure.getCode()) {
      case FORBIDDEN ->
          new StoreException(
              Reason.NO_ACCESS,
              location
                  + ": these credentials lack the right; grant roles/storage.objectUser on gs://"
                  + bucket
                  + detail,
              failure);
      case NOT_FOUND ->
          new StoreException(
              Reason.NO_BUCKET,
              "bucket gs://" + bucket + " does not exist; check --store or create the bucket",
              failure);
      default ->
          new StoreException(
              Reason.UNAVAILABLE,
              location
                  + (RETRIED.contains(failure.getCode())
                      ? ": Cloud Storage failed after all retries; check the network or try again"
                          + " later"
                      : ": Cloud Storage refused the request, and would again; check --store, and "
                          + ObjectStores.EMULATOR_HOST
                          + " if it is set")
                  + detail,
              failure);
    };
  }

  /** A failure to get a token has no HTTP status: only the cause's class shows it. */
  private static boolean isAuthentication(Throwable failure) {
    return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
        .limit(10)
        .anyMatch(cause -> cause.getClass().getName().startsWith("com.google.auth."));
  }

  private static String firstLine(StorageException failure) {
    if (failure.getCode() == 0 && failure.getCause() instanceof IOException cause) {
      return cause.toString().lines().findFirst().orElseThrow(); // its message may be just a host
    }
    String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    return failure.getCode() + ": " + message.lines().findFirst().orElse("no message");
  }
}
