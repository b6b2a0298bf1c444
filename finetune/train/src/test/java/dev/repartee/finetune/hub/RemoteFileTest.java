package dev.repartee.finetune.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.repartee.finetune.hub.HubListing.RemoteFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RemoteFileTest {

  /** What {@code git hash-object} prints for {@code hello} and a line feed. */
  private static final String GIT = "ce013625030ba8dba906f756967f9e9ca394464a";

  private static final String SHA256 =
      "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03";

  @TempDir private Path folder;

  @Test
  void hashesAreGitsAndSha256s() throws IOException {
    Files.writeString(folder.resolve("a.json"), "hello\n");
    assertThat(new RemoteFile("a.json", 6, GIT).isSoundIn(folder)).isTrue();
    assertThat(new RemoteFile("a.json", 6, SHA256).isSoundIn(folder)).isTrue();
    Files.writeString(folder.resolve("a.json"), "jello\n");
    assertThat(new RemoteFile("a.json", 6, GIT).isSoundIn(folder)).isFalse();
  }

  @Test
  void aNameCannotLeaveItsFolder() {
    for (String name : new String[] {"../a.json", "a/b.json", "..", "", "a\\b.json"}) {
      assertThatThrownBy(() -> new RemoteFile(name, 6, GIT))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("plain name");
    }
    assertThatThrownBy(() -> new RemoteFile("a.json", 6, "12"))
        .hasMessageContaining("64 hexadecimal digits");
  }
}
