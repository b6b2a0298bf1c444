package dev.repartee.text.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A file that one owner at a time can lock, among the threads of this process and all other
 * processes. The system unlocks it when the owner's process dies, even when it is killed.
 */
public final class LockFile implements AutoCloseable {

  /**
   * The files that this process has locked. A lock of the system belongs to the process and ends
   * when any of its channels to the file is closed, so these files must not even be opened.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final FileChannel channel;
  private boolean released;

  private LockFile(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Locks {@code file} and creates it if it is missing; its folder must exist.
   *
   * @return empty when another owner has the lock
   */
  public static Optional<LockFile> tryLock(Path file) throws IOException {
    return lock(file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE));
  }

  /** Like {@link #tryLock}, but throws {@code FileAlreadyExistsException} when the file exists. */
  public static Optional<LockFile> tryLockNew(Path file, FileAttribute<?>... attributes)
      throws IOException {
    return lock(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes);
  }

  /** Like {@link #tryLock}, but throws {@code NoSuchFileException} when the file is missing. */
  public static Optional<LockFile> tryLockExisting(Path file) throws IOException {
    return lock(file, Set.of(StandardOpenOption.WRITE));
  }

  private static Optional<LockFile> lock(
      Path file, Set<StandardOpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    Path name = file.toAbsolutePath().getParent().toRealPath().resolve(file.getFileName());
    if (!HELD.add(name)) {
      return Optional.empty();
    }
    FileChannel channel = null;
    boolean locked = false;
    try {
      channel = FileChannel.open(name, options, attributes);
      // Who took a new file for a leftover may have deleted it before it was locked.
      locked = channel.tryLock() != null && Files.exists(name);
      return locked ? Optional.of(new LockFile(name, channel)) : Optional.empty();
    } finally {
      if (!locked) {
        release(name, channel);
      }
    }
  }

  private static void release(Path name, FileChannel channel) throws IOException {
    try {
      if (channel != null) {
        channel.close();
      }
    } finally {
      HELD.remove(name);
    }
  }

  /**
   * Waits until {@code file} can be locked and tries again after each {@code pause}.
   *
   * @param onWait runs once, if the first try fails
   * @return empty when the file stayed locked for longer than {@code limit}
   */
  public static Optional<LockFile> await(Path file, Duration limit, Duration pause, Runnable onWait)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    Optional<LockFile> lock = tryLock(file);
    if (lock.isEmpty()) {
      onWait.run();
    }
    while (lock.isEmpty() && Duration.ofNanos(System.nanoTime() - start).compareTo(limit) <= 0) {
      Thread.sleep(pause);
      lock = tryLock(file);
    }
    return lock;
  }

  /** Replaces the content of the file, so that people can find the owner. */
  public void write(String text) throws IOException {
    channel.truncate(0);
    channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** What the owner writes; another channel to the file would end the lock when it is closed. */
  public FileChannel channel() {
    return channel;
  }

  /** Unlocks the file; it is not deleted. */
  @Override
  public void close() throws IOException {
    if (!released) { // an interrupt may have closed the channel
      released = true;
      release(file, channel);
    }
  }
}
