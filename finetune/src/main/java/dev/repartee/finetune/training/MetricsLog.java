package dev.repartee.finetune.training;

import dev.repartee.text.UserException;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/** {@code metrics.jsonl} of a run: one JSON object a line, readable while the run goes on. */
final class MetricsLog implements AutoCloseable {

  private final Path file;
  private final FileChannel channel;

  /** Keeps the file's first {@code bytes} and goes on behind them. */
  MetricsLog(Path file, long bytes) throws IOException {
    this.file = file;
    channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      channel.truncate(bytes);
      channel.position(channel.size());
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  void write(Map<String, ?> metrics) {
    String line = Json.COMPACT.writeValueAsString(metrics) + "\n";
    ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      throw notWritten(e);
    }
  }

  /** Brings all lines to the disk, and gives the file's length. */
  long sync() {
    try {
      channel.force(true);
      return channel.position();
    } catch (IOException e) {
      throw notWritten(e);
    }
  }

  private UserException notWritten(IOException e) {
    return new UserException(
        "%s cannot be written: %s; free some space, then go on with --resume"
            .formatted(file, e.getMessage()),
        e);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
