package dev.repartee.finetune.hub;

import dev.repartee.finetune.hub.HubErrors.UnreachableException;
import dev.repartee.finetune.hub.HubListing.RemoteFile;
import dev.repartee.text.UserException;
import dev.repartee.text.cli.ProgressLine;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.io.RetryPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Downloads one file. It resumes where an earlier attempt, of this run or another, was cut, and
 * checks size and hash of the whole.
 */
final class HubDownload {

  /** Judges an answer of the server. */
  @FunctionalInterface
  interface Check {

    /**
     * Throws unless {@code response} has a status of success.
     *
     * @throws IOException when another attempt may succeed
     * @throws UserException saying what is wrong and what to try
     */
    void check(HttpResponse<?> response) throws IOException;
  }

  /**
   * Where a file comes from.
   *
   * @param name of the model that it belongs to, for messages
   * @param uri always of the same content, so that a part can only belong to it
   */
  record Source(String name, URI uri, Check check) {}

  private static final Logger log = LoggerFactory.getLogger(HubDownload.class);

  /**
   * How often a file may arrive with a wrong hash. Once may be a part damaged on disk or a byte
   * damaged on its way; twice is an error that will stay.
   */
  private static final int MAX_ARRIVALS = 2;

  private static final int BUFFER_BYTES = 1 << 16;
  private static final int RANGE_REFUSED = 416;
  private static final int PARTIAL = 206;
  private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d{1,18})-.*");
  private static final long MEGABYTE = 1_000_000;

  private final HubClient client;
  private final RetryPolicy retries;
  private final Duration stall;
  private final Source source;
  private final RemoteFile file;

  /**
   * @param stall how long a connection may deliver nothing before it counts as cut
   */
  HubDownload(
      HubClient client, RetryPolicy retries, Duration stall, Source source, RemoteFile file) {
    this.client = client;
    this.retries = retries;
    this.stall = stall;
    this.source = source;
    this.file = file;
  }

  /**
   * Downloads into {@code folder}, which nobody else writes to.
   *
   * @throws UserException saying what went wrong, what was kept, and what to try
   */
  void into(Path folder) {
    log.info("downloading {} of {} ({})", file.name(), source.name(), megabytes(file.size()));
    for (int arrival = 1; arrival <= MAX_ARRIVALS; arrival++) {
      boolean right =
          client.retry(
              retries,
              () -> attempt(folder),
              () -> partSize(file, folder),
              e -> givenUp(e, partSize(file, folder), folder));
      if (right) {
        return;
      }
      log.warn("{} arrived with a wrong hash; it was deleted", file.name());
    }
    throw new UserException(
        ("%s: %s arrived %d times with another %s hash than %s; it was deleted; "
                + "a proxy may change files in transit, try another network")
            .formatted(
                source.name(), file.name(), MAX_ARRIVALS, file.kind().algorithm(), file.hash()));
  }

  private UserException givenUp(IOException failure, long kept, Path folder) {
    return new UnreachableException(
        "%s: %s: %s; kept %s of %s in %s; run again to continue from there"
            .formatted(
                source.name(),
                file.name(),
                failure.getMessage(),
                megabytes(kept),
                megabytes(file.size()),
                partPath(file, folder)),
        failure);
  }

  private static String megabytes(long bytes) {
    return "%.1f MB".formatted((double) bytes / MEGABYTE);
  }

  /** Returns whether the hash is right. */
  private boolean attempt(Path folder) throws IOException {
    try (PartFile part = new PartFile(file, folder)) {
      if (!part.isComplete()) {
        transfer(part);
      }
      return part.finish();
    }
  }

  private void transfer(PartFile part) throws IOException {
    long from = part.size();
    Map<String, String> headers = from == 0 ? Map.of() : Map.of("Range", "bytes=" + from + "-");
    HttpResponse<InputStream> response = client.get(source.uri(), headers);
    try (InputStream body = response.body()) {
      boolean partial = response.statusCode() == PARTIAL;
      if (from > 0
          && (response.statusCode() == RANGE_REFUSED || (partial && !startsAt(response, from)))) {
        part.restart();
        throw new IOException(response.uri().getHost() + " does not continue at byte " + from);
      }
      source.check().check(response);
      requireTheFile(response, partial ? file.size() - from : file.size());
      if (!partial) {
        part.restart(); // a server without ranges sends the whole file
      }
      copy(body, part);
    }
  }

  private static boolean startsAt(HttpResponse<?> response, long from) {
    Matcher range =
        CONTENT_RANGE.matcher(response.headers().firstValue("Content-Range").orElse(""));
    return range.matches() && Long.parseLong(range.group(1)) == from;
  }

  /** Keeps a proxy's page out of the part on disk. */
  private void requireTheFile(HttpResponse<?> response, long expected) {
    String type = response.headers().firstValue("Content-Type").orElse("");
    OptionalLong length = response.headers().firstValueAsLong("Content-Length");
    if (type.startsWith("text/html") || (length.isPresent() && length.getAsLong() != expected)) {
      throw new UnreachableException(
          ("%s: %s answered with %s bytes of type '%s' instead of %d bytes of "
                  + "%s, as the login page of a proxy may; open %s in a browser")
              .formatted(
                  source.name(),
                  response.uri().getHost(),
                  length.isPresent() ? length.getAsLong() : "some",
                  type,
                  expected,
                  file.name(),
                  source.uri()));
    }
  }

  private void copy(InputStream body, PartFile part) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    try (StallGuard guard = new StallGuard(body, stall);
        ProgressLine line = new ProgressLine(file.name(), "MB")) {
      while (!part.isComplete()) {
        int wanted = (int) Math.min(buffer.length, file.size() - part.size());
        int count = read(body, buffer, wanted, guard);
        if (count < 0) {
          throw new IOException("the connection ended early");
        }
        part.append(buffer, count);
        guard.progressed();
        line.stepTo(part.size() / MEGABYTE, file.size() / MEGABYTE);
      }
    }
  }

  private int read(InputStream body, byte[] buffer, int wanted, StallGuard guard)
      throws IOException {
    try {
      return body.read(buffer, 0, wanted);
    } catch (IOException e) {
      // The JDK's stream says "closed"; its cause says what closed it.
      Throwable reason = e.getCause() == null ? e : e.getCause();
      throw new IOException(
          guard.fired()
              ? "nothing came for " + stall.toSeconds() + " s"
              : "the connection was cut (" + reason.getMessage() + ")",
          e);
    }
  }

  /**
   * Closes a stream that delivers nothing for a while, which wakes its reader. The JDK's timeout
   * ends with the headers: a reader would wait forever for a connection that died silently.
   */
  private static final class StallGuard implements AutoCloseable {

    private final AtomicLong progress = new AtomicLong();
    private final Thread thread;
    private volatile boolean fired;

    StallGuard(InputStream stream, Duration limit) {
      this.thread = Thread.ofVirtual().name("stall-guard").start(() -> watch(stream, limit));
    }

    private void watch(InputStream stream, Duration limit) {
      try {
        long before;
        do {
          before = progress.get();
          Thread.sleep(limit);
        } while (progress.get() != before);
        fired = true;
        stream.close();
      } catch (InterruptedException | IOException e) {
        Thread.currentThread().interrupt(); // the guard is not needed any more
      }
    }

    void progressed() {
      progress.incrementAndGet();
    }

    /** Whether the guard closed the stream. */
    boolean fired() {
      return fired;
    }

    @Override
    public void close() {
      thread.interrupt();
    }
  }

  private static Path partPath(RemoteFile file, Path folder) {
    return folder.resolve(file.name() + ".part");
  }

  /** How many bytes of {@code file} earlier attempts left in {@code folder}. */
  static long partSize(RemoteFile file, Path folder) {
    try {
      return Files.size(partPath(file, folder));
    } catch (IOException e) {
      return 0;
    }
  }

  /**
   * The bytes of a file so far, as {@code NAME.part} beside its target, with their hash. The part
   * becomes the target when it is whole and its hash is right. Errors of the disk are {@link
   * UserException}s, so that they are not retried like errors of the connection.
   */
  private static final class PartFile implements AutoCloseable {

    private static final int READ_BYTES = 1 << 18;

    private final RemoteFile file;
    private final Path folder;
    private final Path path;
    private final FileChannel channel;
    private MessageDigest digest;
    private long size;

    /** Opens what {@code folder} has of {@code file}; a part that is too long is dropped. */
    PartFile(RemoteFile file, Path folder) {
      this.file = file;
      this.folder = folder;
      this.path = partPath(file, folder);
      this.digest = file.newDigest();
      try {
        this.channel =
            FileChannel.open(
                path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      } catch (IOException e) {
        throw disk(e);
      }
      try {
        readBack();
      } catch (RuntimeException e) {
        close();
        throw e;
      }
    }

    private void readBack() {
      try {
        long there = channel.size();
        if (there > file.size()) {
          restart();
          return;
        }
        ByteBuffer buffer = ByteBuffer.allocate(READ_BYTES);
        while (size < there && channel.read(buffer) >= 0) {
          buffer.flip();
          size += buffer.remaining();
          digest.update(buffer);
          buffer.clear();
        }
      } catch (IOException e) {
        throw disk(e);
      }
    }

    /** Bytes so far. */
    long size() {
      return size;
    }

    boolean isComplete() {
      return size == file.size();
    }

    /** Drops all bytes. */
    void restart() {
      try {
        channel.truncate(0).position(0);
      } catch (IOException e) {
        throw disk(e);
      }
      size = 0;
      digest = file.newDigest();
    }

    /** Adds bytes to the end. */
    void append(byte[] bytes, int count) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, count);
      try {
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
      } catch (IOException e) {
        throw disk(e);
      }
      digest.update(bytes, 0, count);
      size += count;
    }

    /**
     * Moves the complete file in place, synced, when its hash is right; deletes it otherwise.
     *
     * @return whether it was right
     */
    boolean finish() {
      try {
        if (!file.matches(digest)) {
          Files.delete(path);
          return false;
        }
        channel.force(true);
        AtomicFile.move(path, folder.resolve(file.name()));
        return true;
      } catch (IOException e) {
        throw disk(e);
      }
    }

    private UserException disk(IOException failure) {
      return new UserException(
          ("%s cannot be written: %s; make room or set REPARTEE_CACHE to another "
                  + "folder, and run again to continue")
              .formatted(path, failure.getMessage()),
          failure);
    }

    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
