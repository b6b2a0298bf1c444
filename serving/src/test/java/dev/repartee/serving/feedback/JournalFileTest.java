package dev.repartee.serving.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.serving.feedback.JournalFolder.Scan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalFileTest {

  private static final byte[] FIRST = utf8("{\"a\":\"é\"}");
  private static final byte[] SECOND = utf8("{\"b\":2}");

  @TempDir private Path folder;

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private Path write(byte[]... parts) throws IOException {
    Path file = folder.resolve("journal");
    Files.write(file, new byte[0]);
    for (byte[] part : parts) {
      Files.write(file, part, StandardOpenOption.APPEND);
    }
    return file;
  }

  private static List<String> texts(Scan scan) {
    return scan.records().stream().map(json -> new String(json, StandardCharsets.UTF_8)).toList();
  }

  @Test
  void everyPossibleTearIsCut() throws IOException {
    byte[] whole = JournalFolder.line(FIRST);
    byte[] torn = JournalFolder.line(SECOND);
    for (int length = 0; length < torn.length; length++) {
      Path file = write(whole, Arrays.copyOf(torn, length));
      Scan scan = JournalFolder.mend(file);
      assertThat(texts(scan)).containsExactly("{\"a\":\"é\"}");
      assertThat(scan.damaged()).isEmpty();
      assertThat(Files.readAllBytes(file)).as("torn at %d", length).isEqualTo(whole);
    }
    assertThat(texts(JournalFolder.mend(write(whole, torn)))).hasSize(2);
  }

  /** What a file system may leave of writes that were never synced. */
  @Test
  void zerosAndEmptyLinesAtTheEndAreCut() throws IOException {
    byte[] whole = JournalFolder.line(FIRST);
    for (byte[] garbage : List.of(new byte[100], utf8("\n\n"))) {
      Path file = write(whole, garbage);
      assertThat(texts(JournalFolder.mend(file))).hasSize(1);
      assertThat(Files.readAllBytes(file)).isEqualTo(whole);
    }
  }

  @Test
  void aFlippedByteDamagesItsLineAlone() throws IOException {
    byte[] damaged = JournalFolder.line(FIRST);
    damaged[damaged.length / 2] ^= 1;
    Path file = write(JournalFolder.line(SECOND), damaged, JournalFolder.line(FIRST), damaged);
    Scan scan = JournalFolder.mend(file);
    assertThat(texts(scan)).containsExactly("{\"b\":2}", "{\"a\":\"é\"}");
    byte[] line = Arrays.copyOf(damaged, damaged.length - 1);
    assertThat(scan.damaged()).as("the last one too").containsExactly(line, line);
    assertThat(scan.end()).isEqualTo(scan.size());
  }
}
