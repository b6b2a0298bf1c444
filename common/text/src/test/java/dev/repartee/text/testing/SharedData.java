package dev.repartee.text.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Finds the development data that is not part of the repository: the folder named by the system
 * property {@code repartee.shared}, or the folder {@code shared} beside the repository. Tests that
 * need it are skipped where it is missing.
 */
public final class SharedData {

  private static final String PROPERTY = "repartee.shared";

  private SharedData() {}

  /**
   * The file or folder at {@code relative}, such as {@code data/star.test.jsonl.gz}.
   *
   * @throws IllegalStateException when the property names a folder that does not exist, since its
   *     user wants the tests to run
   */
  public static Optional<Path> find(String relative) {
    return root().map(root -> root.resolve(relative)).filter(Files::exists);
  }

  /** Like {@link #find}; skips the calling test, saying so, when there is none. */
  public static Path assume(String relative) {
    Optional<Path> found = find(relative);
    assumeTrue(
        found.isPresent(),
        () ->
            "skipped: needs "
                + relative
                + " of the development data; name its folder with -D"
                + PROPERTY
                + "=DIR");
    return found.orElseThrow();
  }

  private static Optional<Path> root() {
    String named = System.getProperty(PROPERTY);
    if (named != null) {
      Path folder = Path.of(named);
      if (!Files.isDirectory(folder)) {
        throw new IllegalStateException(PROPERTY + "=" + named + ": no such folder");
      }
      return Optional.of(folder);
    }
    return Optional.of(Repository.file("").resolveSibling("shared")).filter(Files::isDirectory);
  }
}
