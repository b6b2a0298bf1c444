package dev.repartee.finetune.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventFileWriterTest {

  private static final Clock CLOCK =
      Clock.fixed(Instant.ofEpochSecond(1_700_000_000), ZoneOffset.UTC);

  @TempDir private Path folder;

  /**
   * Every byte, derived by hand. Event: {@code 09} + wall time 1.7e9 as a double; {@code 10} + step
   * as a varint ({@code ac02} is 300); {@code 1a 0d} + "brain.Event:2"; {@code 2a} + summary;
   * {@code 3a 02 0801} is a session log with status START. Summary: {@code 0a} + value of {@code 0a
   * 0a} "train/loss" and {@code 15} + 2.5 as a float. Around each event: its length as 8 bytes, the
   * length's checksum and the event's, computed by a CRC-32C written bit by bit in another
   * language. The first 12 bytes are those with which every event file of TensorFlow begins.
   */
  @Test
  void theBytesAreThoseOfTheFormat() throws IOException {
    Path file;
    try (EventFileWriter writer = new EventFileWriter(folder, 1, CLOCK)) {
      file = writer.file();
      writer.scalars(300, Map.of("train/loss", 2.5));
    }
    String wallTime = "0000" + "0040fc54d941";
    assertThat(HexFormat.of().formatHex(Files.readAllBytes(file)))
        .isEqualTo(
            "1800000000000000a37f4b22"
                + ("09" + wallTime + "1a0d627261696e2e4576656e743a32")
                + "eced8f9d"
                + "0f000000000000006d532b09"
                + ("09" + wallTime + "10013a020801")
                + "822f9c49"
                + "2100000000000000017becf6"
                + ("09" + wallTime + "10ac022a130a110a0a747261696e2f6c6f737315" + "00002040")
                + "dd660eba");
  }

  /**
   * TensorBoard takes the first START of a folder for the run's beginning and drops, at every later
   * one, what has its step or a later one; it reads the files by name.
   */
  @Test
  void aResumedRunOpensALaterFileThatMakesOlderStepsVoid() throws IOException {
    Path first;
    Path second;
    try (EventFileWriter writer = new EventFileWriter(folder, 1, CLOCK)) {
      first = writer.file();
      writer.scalars(57, Map.of("train/loss", 1.0));
      writer.scalars(58, Map.of("train/loss", 9.0));
    }
    Clock earlier = Clock.fixed(CLOCK.instant().minusSeconds(3600), ZoneOffset.UTC);
    try (EventFileWriter writer = new EventFileWriter(folder, 58, earlier)) {
      second = writer.file();
    }
    // Step 58, and a session log with status START.
    assertThat(HexFormat.of().formatHex(Files.readAllBytes(second))).contains("103a3a020801");
    assertThat(second.getFileName().toString())
        .isGreaterThan(first.getFileName().toString())
        .startsWith("events.out.tfevents.1700000001.");
  }
}
