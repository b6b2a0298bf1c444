package dev.repartee.finetune.hub;

import dev.repartee.text.UserException;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tries again what failed in a way that may pass, waiting twice as long each time. */
final class Retries {

  private static final Logger log = LoggerFactory.getLogger(Retries.class);

  /** A connection that brought this many bytes was worth it: the count of failures starts anew. */
  private static final long PROGRESS_BYTES = 1 << 20;

  /** What may fail. */
  @FunctionalInterface
  interface Action<T> {
    T run() throws IOException;
  }

  private final Patience patience;

  Retries(Patience patience) {
    this.patience = patience;
  }

  /**
   * Runs {@code action} until it succeeds.
   *
   * @param progress bytes that attempts have gained so far
   * @param givenUp what to throw after the last failure
   * @throws UserException from {@code action}, which is not tried again, or {@code givenUp}'s
   */
  <T> T run(Action<T> action, LongSupplier progress, Function<IOException, UserException> givenUp) {
    long before = progress.getAsLong();
    int failures = 0;
    while (true) {
      try {
        return action.run();
      } catch (IOException e) {
        long now = progress.getAsLong();
        failures = now - before >= PROGRESS_BYTES ? 1 : failures + 1;
        before = now;
        Duration wait = wait(failures, e);
        if (failures >= patience.attempts() || wait.compareTo(patience.longestWait()) > 0) {
          throw givenUp.apply(e);
        }
        log.warn(
            "{}; trying again in {} s ({} of {})",
            e.getMessage(),
            "%.0f".formatted(wait.toMillis() / 1e3),
            failures,
            patience.attempts() - 1);
        sleep(wait);
      }
    }
  }

  private Duration wait(int failures, IOException failure) {
    Duration own = patience.firstWait().multipliedBy(1L << Math.min(failures - 1, 16));
    Duration bounded = own.compareTo(patience.longestWait()) > 0 ? patience.longestWait() : own;
    return failure instanceof PassingFailure passing
        ? passing.askedWait().orElse(bounded)
        : bounded;
  }

  private void sleep(Duration wait) {
    try {
      patience.pause().sleep(wait);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  static UserException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new UserException("interrupted; run again, and the download goes on", cause);
  }
}
