package dev.repartee.text.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StagingFolderTest {

  @TempDir private Path parent;

  @Test
  void whatTheDeadLeftGoesAndWhatTheLivingFillStays() throws IOException {
    Path left;
    try (StagingFolder dead = StagingFolder.beside(parent.resolve("3-abc"))) {
      left = Files.createDirectories(dead.path().resolve("memory"));
      Files.writeString(left.resolve("index"), "half");
      dead.lock().close(); // as the system does when a process dies
      try (StagingFolder living = StagingFolder.beside(parent.resolve("4-abc"))) {
        Files.createDirectory(living.path());
        assertThat(left).doesNotExist();
        StagingFolder.deleteLeftovers(parent);
        assertThat(Folders.list(parent)).containsExactly(living.path(), living.lockFile());
      }
    }
    assertThat(Folders.list(parent)).isEmpty();
  }

  @Test
  void aTemporaryOneIsItsOwnersAlone() throws IOException {
    try (StagingFolder staged = StagingFolder.temporary("test")) {
      assertThat(staged.path()).isDirectory();
      assertThat(staged.path().getParent()).isEqualTo(StagingFolder.temporaryFolder());
      assertThat(Files.getPosixFilePermissions(StagingFolder.temporaryFolder()))
          .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    }
  }
}
