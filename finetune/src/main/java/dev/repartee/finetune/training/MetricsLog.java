package dev.repartee.finetune.training;

import dev.repartee.common.json.Json;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** {@code metrics.jsonl} of a run: one JSON object a line, readable while the run goes on. */
final class MetricsLog implements AutoCloseable {

  private final BufferedWriter out;

  MetricsLog(Path file) throws IOException {
    out = Files.newBufferedWriter(file);
  }

  void write(Map<String, ?> metrics) {
    try {
      out.write(Json.COMPACT.writeValueAsString(metrics));
      out.newLine();
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("metrics.jsonl cannot be written", e);
    }
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
