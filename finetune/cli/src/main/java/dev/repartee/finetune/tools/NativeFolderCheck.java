package dev.repartee.finetune.tools;

import ai.djl.util.Utils;
import dev.repartee.text.io.Folders;
import dev.repartee.text.page.Quantities;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folder into which DJL unpacks native libraries at the first start. Without it every start
 * would fail; with it full, the next version's libraries would.
 */
final class NativeFolderCheck implements Check {

  private static final String NAME = "natives";
  private static final long NEEDED = 1L << 30;

  private final Path folder;

  /** Looks at DJL's own folder. */
  NativeFolderCheck() {
    this(Utils.getCacheDir());
  }

  NativeFolderCheck(Path folder) {
    this.folder = folder;
  }

  @Override
  public Finding run() {
    Path existing = folder.toAbsolutePath();
    while (!Files.exists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    try {
      List<String> cached = cached();
      long free = Folders.freeBytes(existing).orElse(0);
      Details details =
          new Details()
              .add("folder", folder.toString())
              .add("cached", cached)
              .add("free_bytes", free);
      String summary =
          "%s holds %s; %s free"
              .formatted(
                  folder,
                  cached.isEmpty() ? "nothing yet" : String.join(", ", cached),
                  Quantities.bytes(free));
      String advice = "set DJL_CACHE_DIR to a folder with %s free";
      if (!Files.isWritable(existing)) {
        return Finding.missing(
            NAME,
            summary + "; not writable",
            details.map(),
            "make it writable, or " + advice.formatted(Quantities.bytes(NEEDED)));
      }
      return free < NEEDED
          ? Finding.warning(
              NAME,
              summary,
              details.map(),
              "free some, or " + advice.formatted(Quantities.bytes(NEEDED)))
          : Finding.ok(NAME, summary, details.map());
    } catch (IOException e) {
      return Finding.missing(
          NAME,
          folder + " cannot be read: " + e,
          new Details().add("folder", folder.toString()).map(),
          "fix its permissions, or set DJL_CACHE_DIR to another folder");
    }
  }

  /** One entry a library and version, such as {@code pytorch/2.7.1-20250812-cpu-linux-x86_64}. */
  private List<String> cached() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> paths = Files.walk(folder, 2)) {
      return paths
          .filter(path -> Files.isDirectory(path) && path.getNameCount() == depth() + 2)
          .map(path -> folder.relativize(path).toString().replace('\\', '/'))
          .sorted()
          .toList();
    }
  }

  private int depth() {
    return folder.getNameCount();
  }
}
