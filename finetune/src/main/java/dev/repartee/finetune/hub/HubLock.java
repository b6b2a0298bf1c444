package dev.repartee.finetune.hub;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a second process, or thread, from writing the same files. It is waited for without end,
 * since a download may take hours, and the system frees it when its owner dies.
 */
final class HubLock implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(HubLock.class);
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final FileChannel channel;

  private HubLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock.
   *
   * @throws dev.repartee.common.UserException when {@code file} cannot be written
   */
  static HubLock take(Path file) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      HubLock lock = new HubLock(channel);
      try {
        lock.await(file);
        return lock;
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw HubCache.unwritable(file, e);
    }
  }

  private void await(Path file) throws IOException {
    boolean told = false;
    while (!tryLock()) {
      if (!told) {
        log.info("another process downloads this model; waiting for it ({})", file);
        told = true;
      }
      try {
        Thread.sleep(PAUSE);
      } catch (InterruptedException e) {
        throw Retries.interrupted(e);
      }
    }
  }

  private boolean tryLock() throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false; // another thread of this process
    }
  }

  @Override
  public void close() {
    try {
      channel.close(); // frees the lock
    } catch (IOException e) {
      log.debug("the lock's file cannot be closed", e);
    }
  }
}
