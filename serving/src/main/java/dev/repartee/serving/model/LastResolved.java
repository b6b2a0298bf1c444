package dev.repartee.serving.model;

import dev.repartee.registry.models.ModelReference;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.io.Sha256;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/** Which version a reference named when the store was reached last, in a file of the cache. */
final class LastResolved {

  private static final Logger log = LoggerFactory.getLogger(LastResolved.class);
  private static final int NAME_DIGITS = 16;

  /** What the file holds; the folder is relative to the cache. */
  private record Entry(String version, String folder, Optional<Instant> published) {}

  private final Path cache;
  private final String model;
  private final Path file;

  LastResolved(Path cache, String store, ModelReference reference) {
    this.cache = cache;
    this.model = reference.model();
    String name = Sha256.of(store + "\n" + reference).substring(0, NAME_DIGITS);
    this.file = cache.resolve(model).resolve("last-" + name + ".json");
  }

  /** Keeps what was obtained; a cache that cannot be written only costs the next start its help. */
  void remember(ModelFolder obtained) {
    Entry entry =
        new Entry(
            obtained.identity().version(),
            cache.relativize(obtained.path()).toString(),
            obtained.published());
    try {
      AtomicFile.writeString(file, Json.COMPACT.writeValueAsString(entry));
    } catch (IOException e) {
      log.warn("{} cannot be written: {}", file, e.getMessage());
    }
  }

  /** What was obtained last, as far as it is still there. */
  Optional<ModelFolder> recall() {
    try {
      Entry entry = Json.COMPACT.readValue(Files.readString(file), Entry.class);
      Path folder = cache.resolve(entry.folder());
      return Files.isDirectory(folder)
          ? Optional.of(
              new ModelFolder(new ModelIdentity(model, entry.version()), folder, entry.published()))
          : Optional.empty();
    } catch (IOException | JacksonException e) {
      return Optional.empty();
    }
  }
}
