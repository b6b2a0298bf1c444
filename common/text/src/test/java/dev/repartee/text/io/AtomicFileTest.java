package dev.repartee.text.io;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class AtomicFileTest {

  /** This file system cannot sync a folder, as a disk that fails cannot. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void aFolderThatCannotBeSyncedIsReported() {
    assertThatThrownBy(() -> Folders.sync(Path.of("/proc"))).isInstanceOf(IOException.class);
  }
}
