package dev.repartee.text.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.repartee.text.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdLinesTest {

  @TempDir private Path folder;

  @Test
  void oneIdPerLineWithoutBlanksAroundIt() throws IOException {
    Path file = folder.resolve("ids.txt");
    Files.writeString(file, "\ufeffa-1\r\n\n \t \n  b 2  \na-1");
    assertThat(IdLines.read(file)).containsExactly("a-1", "b 2", "a-1");
    Files.writeString(file, "");
    assertThat(IdLines.read(file)).isEmpty();
  }

  @Test
  void aFileThatCannotBeReadIsWrongUsage() throws IOException {
    Path missing = folder.resolve("missing.txt");
    assertFails(missing);
    assertFails(folder);
    Path latin = folder.resolve("latin.txt");
    Files.write(latin, new byte[] {'a', (byte) 0xe4});
    assertFails(latin);
  }

  private static void assertFails(Path file) {
    assertThatThrownBy(() -> IdLines.read(file))
        .isInstanceOf(UserException.class)
        .hasMessageContaining(file + ": cannot be read as UTF-8")
        .extracting(failure -> ((UserException) failure).kind())
        .isEqualTo(UserException.Kind.WRONG_USAGE);
  }
}
