package dev.repartee.common.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        acquire(channel); // closing the channel releases it
        return action.run();
      }
    } finally {
      threads.unlock();
    }
  }

  private void acquire(FileChannel channel) throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!tryAcquire(channel)) {
      if (System.nanoTime() > deadline) {
        throw new IOException(file + " has been locked for " + PATIENCE.toSeconds() + " s");
      }
      try {
        Thread.sleep(PAUSE);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while waiting for " + file, e);
      }
    }
  }

  private static boolean tryAcquire(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false; // another store of this same JVM holds it; the JVM does not queue these
    }
  }
}
