package dev.repartee.serving.feedback;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/** The bytes that feedback may take on this machine. For use by several threads. */
final class DiskBudget {

  private static final Duration RECOUNT = Duration.ofSeconds(1);

  private final long most;
  private final Optional<Path> kept;
  private long journalBytes;
  private long keptBytes;
  private long counted;

  /**
   * Begins with what lies there.
   *
   * @param most bytes in all
   * @param kept folder that counts too, for a service without a store; people take files from it
   */
  DiskBudget(long most, Optional<Path> kept) {
    this.most = most;
    this.kept = kept;
    recount();
  }

  /** Takes bytes for a record, or nothing where there is no room for it. */
  synchronized boolean reserve(long bytes) {
    if (!fits(bytes) && System.nanoTime() - counted > RECOUNT.toNanos()) {
      recount();
    }
    if (!fits(bytes)) {
      return false;
    }
    journalBytes += bytes;
    return true;
  }

  /** Counts what is there whether it fits or not. */
  synchronized void occupy(long bytes) {
    journalBytes += bytes;
  }

  /** Gives bytes back whose record was not written, or whose segment was deleted. */
  synchronized void release(long bytes) {
    journalBytes -= bytes;
  }

  /** Counts a file that stays in the kept folder. */
  synchronized void keep(long bytes) {
    if (kept.isPresent()) {
      keptBytes += bytes;
    }
  }

  private boolean fits(long bytes) {
    return journalBytes + keptBytes + bytes <= most;
  }

  private void recount() {
    keptBytes = kept.map(DiskBudget::size).orElse(0L);
    counted = System.nanoTime();
  }

  private static long size(Path folder) {
    if (!Files.isDirectory(folder)) {
      return 0;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
