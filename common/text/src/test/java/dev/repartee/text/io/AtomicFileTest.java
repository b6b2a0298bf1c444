package dev.repartee.text.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {

  @TempDir private Path parent;

  @Test
  void aFolderStaysUntilItIsReplaced() throws IOException {
    Path target = parent.resolve("model");
    AtomicFile.writeFolder(target, folder -> Files.writeString(folder.resolve("first"), "1"));
    assertThatThrownBy(
            () ->
                AtomicFile.replace(
                    parent.resolve("missing"), target, parent.resolve("model.old.tmp")))
        .isInstanceOf(IOException.class);
    assertThat(Folders.list(parent)).containsExactly(target);
    assertThat(target.resolve("first")).hasContent("1");

    Files.createDirectories(parent.resolve("model.old.tmp/left"));
    AtomicFile.writeFolder(target, folder -> Files.writeString(folder.resolve("second"), "2"));
    assertThat(Folders.list(parent)).containsExactly(target);
    assertThat(Folders.list(target)).containsExactly(target.resolve("second"));
  }

  /** This file system cannot sync a folder, as a disk that fails cannot. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void aFolderThatCannotBeSyncedIsReported() {
    assertThatThrownBy(() -> Folders.sync(Path.of("/proc"))).isInstanceOf(IOException.class);
  }
}
