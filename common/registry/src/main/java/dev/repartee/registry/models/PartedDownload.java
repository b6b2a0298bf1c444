package dev.repartee.registry.models;

import dev.repartee.registry.store.ObjectStore;
import dev.repartee.text.UserException;
import dev.repartee.text.io.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One download of a large file in parts, several of which arrive at the same time. The file is
 * hashed from its beginning as far as it has arrived, so that little is left to do at the end.
 */
final class PartedDownload {

  private static final int BUFFER_BYTES = 1 << 18;

  private final ObjectStore store;
  private final String key;
  private final FileChannel target;
  private final List<Part> parts;
  private final AtomicInteger next = new AtomicInteger();
  private volatile boolean stopped;

  /**
   * A range of the file.
   *
   * @param arrived completed when the range is in the file, or when any part has failed
   */
  private record Part(long offset, long length, CompletableFuture<Void> arrived) {
    long end() {
      return offset + length;
    }
  }

  private PartedDownload(ObjectStore store, String key, FileChannel target, List<Part> parts) {
    this.store = store;
    this.key = key;
    this.target = target;
    this.parts = parts;
  }

  /**
   * Copies an object of {@code expected}'s size to {@code target}.
   *
   * @param target open for reading and writing; to be closed before anything else is done with the
   *     file when this fails
   * @return size and hash of what arrived
   * @throws UserException when the store fails, or the object or a part has another size
   * @throws IOException when the file cannot be written
   */
  static Hashing.Digest copy(
      ObjectStore store,
      String key,
      ManifestFile expected,
      FileChannel target,
      TransferOptions options)
      throws IOException {
    String location = store.locate(key) + ", " + expected.path();
    store.stat(key).ifPresent(object -> FolderFiles.requireSize(location, expected, object.size()));
    List<Part> parts = new ArrayList<>();
    for (long at = 0; at < expected.size(); at += options.partBytes()) {
      long length = Math.min(options.partBytes(), expected.size() - at);
      parts.add(new Part(at, length, new CompletableFuture<>()));
    }
    String sha256 = new PartedDownload(store, key, target, parts).run(options.threads());
    return new Hashing.Digest(expected.size(), sha256);
  }

  /**
   * After a failure the other parts stop at their next bytes. One for which none arrive is not
   * waited for: interrupting a read of the Google client blocks whoever interrupts until that read
   * times out, and the file, which the caller closes, takes nothing from it any more.
   */
  private String run(int threads) throws IOException {
    for (int i = 0; i < Math.min(threads, parts.size()); i++) {
      Thread.ofVirtual().name("download-", i).start(this::fetchParts);
    }
    try {
      return hash();
    } finally {
      stopped = true;
    }
  }

  private void fetchParts() {
    try {
      for (int i = next.getAndIncrement();
          i < parts.size() && !stopped;
          i = next.getAndIncrement()) {
        fetch(parts.get(i));
        parts.get(i).arrived().complete(null);
      }
    } catch (Throwable e) { // whatever it is, somebody waits
      parts.forEach(part -> part.arrived().completeExceptionally(e));
    }
  }

  private void fetch(Part part) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    long at = part.offset();
    try (InputStream in =
        new StoreInputStream(store.read(key, part.offset(), part.length()), store.locate(key))) {
      for (int count = in.read(buffer); count >= 0 && !stopped; count = in.read(buffer)) {
        ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, count);
        while (bytes.hasRemaining()) {
          at += target.write(bytes, at);
        }
      }
    }
    if (at != part.end()) {
      throw new UserException(
          "%s: ended %d bytes after byte %d, where %d were asked for"
              .formatted(store.locate(key), at - part.offset(), part.offset(), part.length()));
    }
  }

  /** What a part has written is in the page cache still: this reads from no disk. */
  private String hash() throws IOException {
    MessageDigest sha256 = Sha256.newDigest();
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    for (Part part : parts) {
      await(part);
      for (long at = part.offset(); at < part.end(); at += buffer.limit()) {
        buffer.clear().limit((int) Math.min(BUFFER_BYTES, part.end() - at));
        if (target.read(buffer, at) < 0) {
          throw new IOException("the file was cut short while it was written");
        }
        sha256.update(buffer.flip());
      }
    }
    return HexFormat.of().formatHex(sha256.digest());
  }

  private static void await(Part part) throws IOException {
    try {
      part.arrived().get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException failure -> throw failure;
        case RuntimeException failure -> throw failure;
        default -> throw new IllegalStateException(e.getCause());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the download was interrupted");
    }
  }
}
