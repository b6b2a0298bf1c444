package dev.repartee.serving.feedback;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Appends to the segment that is open, and seals it by size and age. For one thread. */
final class SegmentWriter {

  private static final Logger log = LoggerFactory.getLogger(SegmentWriter.class);
  private static final long MOST_BYTES = 8L << 20;

  private final FeedbackFolder folder;
  private final FeedbackOptions options;
  private final Runnable onSealed;
  private Optional<Segment> open = Optional.empty();

  /** The open segment; {@code size} is what is known to be on the disk. */
  private static final class Segment {
    final Path file;
    final FileChannel channel;
    final long began = System.nanoTime();
    long size;
    int records;

    Segment(Path file, FileChannel channel) {
      this.file = file;
      this.channel = channel;
    }
  }

  /**
   * Opens nothing before the first record.
   *
   * @param onSealed called whenever a segment was sealed
   */
  SegmentWriter(FeedbackFolder folder, FeedbackOptions options, Runnable onSealed) {
    this.folder = folder;
    this.options = options;
    this.onSealed = onSealed;
  }

  /**
   * Writes lines so that they survive the end of the process and a power cut.
   *
   * @throws IOException when none of them is stored
   */
  void write(List<byte[]> lines) throws IOException {
    Segment segment = open();
    ByteBuffer bytes = ByteBuffer.allocate(lines.stream().mapToInt(line -> line.length).sum());
    lines.forEach(bytes::put);
    bytes.flip();
    int length = bytes.limit();
    try {
      while (bytes.hasRemaining()) {
        segment.channel.write(bytes);
      }
      segment.channel.force(false);
    } catch (IOException e) {
      abandon(segment);
      throw e;
    }
    segment.size += length;
    segment.records += lines.size();
  }

  private Segment open() throws IOException {
    if (open.isEmpty()) {
      Path file = folder.nextOpen();
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      try {
        folder.sync(); // or the file itself could be gone after a power cut
      } catch (IOException e) {
        channel.close();
        Files.delete(file);
        throw e;
      }
      open = Optional.of(new Segment(file, channel));
    }
    return open.get();
  }

  /** Nothing can be said of a file after a failed write or sync: back to what was synced before. */
  private void abandon(Segment segment) {
    try {
      segment.channel.truncate(segment.size);
    } catch (IOException e) {
      log.warn("{} keeps records that were refused: {}", segment.file, e.toString());
    }
    seal();
  }

  /** How long the open segment may stay open, where there is one. */
  Optional<Duration> untilSeal() {
    return open.map(
        segment -> {
          Duration age = Duration.ofNanos(System.nanoTime() - segment.began);
          Duration left = options.segmentAge().minus(age);
          return left.isNegative() ? Duration.ZERO : left;
        });
  }

  void sealIfDue() {
    boolean full =
        open.map(s -> s.records >= options.segmentRecords() || s.size >= MOST_BYTES).orElse(false);
    if (full || untilSeal().map(Duration::isZero).orElse(false)) {
      seal();
    }
  }

  /** Ends the open segment, where there is one. One that cannot be renamed is sealed at a start. */
  void seal() {
    if (open.isEmpty()) {
      return;
    }
    Segment segment = open.get();
    open = Optional.empty();
    try {
      segment.channel.close();
      if (segment.size == 0) {
        Files.deleteIfExists(segment.file);
      } else {
        folder.seal(segment.file);
      }
    } catch (IOException e) {
      log.warn("{} waits for the next start: {}", segment.file, e.toString());
    }
    onSealed.run();
  }
}
