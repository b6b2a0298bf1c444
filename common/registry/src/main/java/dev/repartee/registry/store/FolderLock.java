package dev.repartee.registry.store;

import dev.repartee.text.io.LockFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/** Mutual exclusion on one folder between threads, stores and processes. */
final class FolderLock {

  /** Something that is done while the lock is held. */
  @FunctionalInterface
  interface Action<T> {
    T run() throws IOException;
  }

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofMillis(2);

  private final Path file;
  private final ReentrantLock threads = new ReentrantLock();

  FolderLock(Path file) {
    this.file = file;
  }

  /**
   * Runs {@code action} while nobody else holds the lock.
   *
   * @throws IOException from the action, or when the lock stays taken for 30 s
   */
  <T> T hold(Action<T> action) throws IOException {
    threads.lock();
    try {
      Files.createDirectories(file.getParent());
      try (LockFile _ = acquire()) {
        return action.run();
      }
    } finally {
      threads.unlock();
    }
  }

  private LockFile acquire() throws IOException {
    try {
      return LockFile.await(file, PATIENCE, PAUSE, () -> {})
          .orElseThrow(
              () -> new IOException(file + " has been locked for " + PATIENCE.toSeconds() + " s"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for " + file, e);
    }
  }
}
