package dev.repartee.text.testing;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Programs that a test needs and that are not on the class path. A test that lacks one is skipped;
 * with {@code REPARTEE_REQUIRE_TOOLS=1} in the environment it fails, so that no continuous build
 * skips it unnoticed.
 */
public final class Tools {

  private static final String REQUIRED = "REPARTEE_REQUIRE_TOOLS";

  private Tools() {}

  /** Skips the calling test unless {@code there}, or fails it where tools are required. */
  public static void need(boolean there, String whatIsMissing) {
    if ("1".equals(System.getenv(REQUIRED))) {
      assertTrue(there, REQUIRED + "=1, but " + whatIsMissing);
    }
    assumeTrue(there, "skipped: " + whatIsMissing);
  }

  /** Whether a program is on the path. */
  public static boolean has(String program) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }
}
