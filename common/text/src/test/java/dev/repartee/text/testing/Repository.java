package dev.repartee.text.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files of this repository, wherever the tests are started. */
public final class Repository {

  private static final Path ROOT = root();

  private Repository() {}

  public static Path file(String path) {
    return ROOT.resolve(path);
  }

  public static String text(String path) {
    try {
      return Files.readString(file(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(folder.resolve("common/text"))) {
      folder = folder.getParent();
      if (folder == null) {
        throw new IllegalStateException("run the tests within the repository");
      }
    }
    return folder;
  }
}
