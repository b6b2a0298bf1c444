package dev.repartee.finetune.report;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * Writes scalars that TensorBoard shows, while the run goes on: every record is handed to the
 * system whole. A run that goes on after an interruption opens a new file in the same folder;
 * TensorBoard reads a folder's files in the order of their names and drops the older file's events
 * from the new one's first step on.
 *
 * <p>The messages are {@code Event}, {@code Summary} and {@code SessionLog} of TensorFlow's {@code
 * event.proto} and {@code summary.proto}, of which a few fields are needed. Not safe for use by
 * several threads.
 */
public final class EventFileWriter implements AutoCloseable {

  private static final String PREFIX = "events.out.tfevents.";

  // Event
  private static final int WALL_TIME = 1;
  private static final int STEP = 2;
  private static final int FILE_VERSION = 3;
  private static final int SUMMARY = 5;
  private static final int SESSION_LOG = 7;
  // Summary and Summary.Value
  private static final int VALUE = 1;
  private static final int TAG = 1;
  private static final int SIMPLE_VALUE = 2;
  // SessionLog
  private static final int STATUS = 1;
  private static final int START = 1;

  private static final int CHECKSUM_MASK = 0xa282ead8;

  /** Writes the fields of one message. */
  @FunctionalInterface
  private interface Fields {
    void writeTo(CodedOutputStream out) throws IOException;
  }

  private final Clock clock;
  private final Path file;
  private final FileChannel channel;

  /**
   * Opens a new file.
   *
   * @param folder of the event files of this run and no other; created
   * @param firstStep the first step that will be written: 0 or 1 for a new run, the one after the
   *     checkpoint's for a run that goes on
   */
  public EventFileWriter(Path folder, long firstStep) throws IOException {
    this(folder, firstStep, Clock.systemUTC());
  }

  EventFileWriter(Path folder, long firstStep, Clock clock) throws IOException {
    Files.createDirectories(folder);
    this.clock = clock;
    this.file = folder.resolve(nextName(folder, clock.instant().getEpochSecond()));
    this.channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try {
      append(out -> out.writeString(FILE_VERSION, "brain.Event:2"));
      // Also at the start of a new run: TensorBoard takes the first START of a folder for the
      // beginning, and only a later one for a restart that makes older steps void.
      append(
          out -> {
            out.writeInt64(STEP, firstStep);
            out.writeBytes(SESSION_LOG, message(log -> log.writeEnum(STATUS, START)));
          });
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** The file that is written. */
  public Path file() {
    return file;
  }

  /**
   * Appends the values of one step.
   *
   * @param step which they belong to
   * @param values by tag, such as {@code train/loss}; values that are not finite are kept, since
   *     TensorBoard marks them
   */
  public void scalars(long step, Map<String, Double> values) throws IOException {
    if (values.isEmpty()) {
      return;
    }
    ByteString summary =
        message(
            out -> {
              for (Map.Entry<String, Double> value : values.entrySet()) {
                out.writeBytes(VALUE, value(value.getKey(), value.getValue()));
              }
            });
    append(
        out -> {
          out.writeInt64(STEP, step);
          out.writeBytes(SUMMARY, summary);
        });
  }

  private static ByteString value(String tag, double value) throws IOException {
    return message(
        out -> {
          out.writeString(TAG, tag);
          out.writeFloat(SIMPLE_VALUE, (float) value);
        });
  }

  private void append(Fields fields) throws IOException {
    Instant now = clock.instant();
    double wallTime = now.getEpochSecond() + now.getNano() / 1e9;
    ByteString event =
        message(
            out -> {
              out.writeDouble(WALL_TIME, wallTime);
              fields.writeTo(out);
            });
    ByteBuffer record = record(event.asReadOnlyByteBuffer());
    while (record.hasRemaining()) {
      channel.write(record);
    }
  }

  /**
   * A record of TensorFlow's record files, little-endian: length (8 bytes), checksum of the length
   * (4), data, checksum of the data (4).
   */
  private static ByteBuffer record(ByteBuffer data) {
    int size = Long.BYTES + Integer.BYTES + data.remaining() + Integer.BYTES;
    ByteBuffer record = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    record.putLong(data.remaining());
    record.putInt(maskedChecksum(record.duplicate().flip()));
    record.put(data.duplicate());
    record.putInt(maskedChecksum(data.duplicate()));
    return record.flip();
  }

  /** A masked CRC-32C: a CRC of data that contains CRCs would be weak. */
  private static int maskedChecksum(ByteBuffer data) {
    CRC32C checksum = new CRC32C();
    checksum.update(data);
    return Integer.rotateRight((int) checksum.getValue(), 15) + CHECKSUM_MASK;
  }

  private static ByteString message(Fields fields) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    fields.writeTo(out);
    out.flush();
    return ByteString.copyFrom(bytes.toByteArray());
  }

  /** A name that sorts after those of all event files in the folder, whatever the clock says. */
  private static String nextName(Path folder, long now) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      long newest =
          files
              .map(other -> other.getFileName().toString())
              .filter(name -> name.matches("events\\.out\\.tfevents\\.\\d{1,18}\\..*"))
              .mapToLong(name -> Long.parseLong(name.substring(PREFIX.length()).split("\\.", 2)[0]))
              .max()
              .orElse(0);
      // Not the machine's name, as TensorFlow has it: Java would ask a name server for that.
      return "%s%010d.repartee.%d"
          .formatted(PREFIX, Math.max(now, newest + 1), ProcessHandle.current().pid());
    }
  }

  /** Syncs what was written and closes the file. */
  @Override
  public void close() throws IOException {
    try (channel) {
      channel.force(true);
    }
  }
}
