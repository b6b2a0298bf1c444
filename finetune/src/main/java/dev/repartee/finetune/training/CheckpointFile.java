package dev.repartee.finetune.training;

import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import tools.jackson.core.JacksonException;

/**
 * {@code progress.json} of a checkpoint.
 *
 * @param format version of the layout
 * @param fingerprint of the run's settings and data
 * @param stateBytes length of the file of weights and moments
 * @param stateCrc32c its checksum
 * @param metricsBytes length of metrics.jsonl
 * @param progress the run's state
 */
record CheckpointFile(
    int format,
    String fingerprint,
    long stateBytes,
    long stateCrc32c,
    long metricsBytes,
    Progress progress) {

  static final int FORMAT = 1;
  static final String NAME = "progress.json";
  private static final int BUFFER_BYTES = 1 << 20;

  static CheckpointFile of(Path state, String fingerprint, long metricsBytes, Progress progress)
      throws IOException {
    return new CheckpointFile(
        FORMAT, fingerprint, Files.size(state), crc32c(state), metricsBytes, progress);
  }

  void write(Path folder) throws IOException {
    AtomicFile.writeString(folder.resolve(NAME), Json.PRETTY.writeValueAsString(this) + "\n");
  }

  /**
   * Reads the file.
   *
   * @throws IOException saying what is missing or damaged
   */
  static CheckpointFile read(Path folder) throws IOException {
    CheckpointFile file;
    try {
      file = Json.COMPACT.readValue(Files.readString(folder.resolve(NAME)), CheckpointFile.class);
    } catch (JacksonException e) {
      throw new IOException(NAME + " is damaged: " + e.getOriginalMessage(), e);
    }
    if (file.format() != FORMAT || file.progress() == null || file.fingerprint() == null) {
      throw new IOException(NAME + " must be of format " + FORMAT + " and complete");
    }
    return file;
  }

  /**
   * Compares the state with what was noted of it.
   *
   * @throws IOException saying what is missing or damaged
   */
  void verify(Path state) throws IOException {
    if (!Files.isRegularFile(state) || Files.size(state) != stateBytes) {
      throw new IOException(state.getFileName() + " does not have its " + stateBytes + " bytes");
    }
    if (crc32c(state) != stateCrc32c) {
      throw new IOException(state.getFileName() + " has another checksum");
    }
  }

  private static long crc32c(Path file) throws IOException {
    CRC32C checksum = new CRC32C();
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = new CheckedInputStream(Files.newInputStream(file), checksum)) {
      while (in.read(buffer) >= 0) {
        // Reading is all.
      }
    }
    return checksum.getValue();
  }
}
