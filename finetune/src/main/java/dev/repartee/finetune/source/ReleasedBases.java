package dev.repartee.finetune.source;

import dev.repartee.finetune.source.HubListing.HashKind;
import dev.repartee.finetune.source.HubListing.RemoteFile;
import dev.repartee.finetune.source.HubModels.HubSettings;
import dev.repartee.finetune.source.ModelOptions.LocalModel;
import dev.repartee.text.UserException;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.io.LockFile;
import dev.repartee.text.io.Resources;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * Base models that a release carries as an archive, pinned by size and SHA-256 in {@code
 * bases.properties}. They are downloaded once into {@code bases/NAME/SHA256} of the cache.
 */
final class ReleasedBases {

  private static final String PINS = "bases.properties";

  /** Names another file of pins. */
  private static final String VARIABLE = "REPARTEE_BASES";

  private final Path cache;
  private final String file;
  private final Properties pins = new Properties();

  private ReleasedBases(Path cache, String file, String text) {
    this.cache = cache;
    this.file = file;
    try {
      pins.load(new StringReader(text));
    } catch (IOException | IllegalArgumentException e) {
      throw new UserException(file + " is not a properties file: " + e.getMessage(), e);
    }
  }

  /**
   * The bases of this version, or of the file that {@code REPARTEE_BASES} names.
   *
   * @param cache to keep them in; by default {@code REPARTEE_CACHE}, or the user's cache folder
   * @throws UserException when that file cannot be read
   */
  static ReleasedBases of(Map<String, String> environment, Optional<Path> cache) {
    Path root = HubSettings.of(environment, cache).cache().resolveSibling("bases");
    String other = environment.getOrDefault(VARIABLE, "").strip();
    if (other.isEmpty()) {
      return new ReleasedBases(root, PINS, Resources.text(ReleasedBases.class, PINS));
    }
    try {
      return new ReleasedBases(root, other, Files.readString(Path.of(other)));
    } catch (IOException e) {
      throw new UserException(
          "%s names %s, which cannot be read: %s".formatted(VARIABLE, other, e.getMessage()), e);
    }
  }

  /** Whether {@code model} names a base, released or not yet. */
  boolean has(String model) {
    return pins.containsKey(model);
  }

  /**
   * Downloads the base {@code name} unless it is in the cache.
   *
   * @throws UserException when no release carries it yet, or it cannot be downloaded
   */
  LocalModel fetch(String name) {
    Pin pin = pin(name);
    Path folder = cache.resolve(name).resolve(pin.archive().hash());
    LocalModel base = new LocalModel(name + "@" + pin.archive().hash(), folder);
    if (Files.isDirectory(folder)) { // a whole one, also in a cache that cannot be written
      return base;
    }
    try {
      Files.createDirectories(folder.getParent());
      try (LockFile _ = HubCache.lock(folder.resolveSibling(pin.archive().hash() + ".lock"));
          HubClient client = new HubClient(pin.server(cache), Thread::sleep)) {
        if (!Files.isDirectory(folder)) {
          HubDownload.Source source =
              new HubDownload.Source(name, pin.uri(), answer -> pin.check(name, answer));
          new HubDownload(client, HubModels.RETRIES, HubModels.STALL, source, pin.archive())
              .into(folder.getParent());
          Path archive = folder.resolveSibling(pin.archive().name());
          AtomicFile.writeFolder(folder, into -> unpack(archive, into));
          Files.delete(archive);
        }
      }
    } catch (IOException e) {
      throw HubCache.unwritable(folder, e);
    }
    return base;
  }

  private Pin pin(String name) {
    String[] parts = pins.getProperty(name).strip().split("\\s+", -1);
    if (parts[0].isEmpty()) {
      throw new UserException(
          ("no release carries the base %s yet: build it with scripts/build-base, in about two "
                  + "hours, and give its folder; or take gpt2 or random:small")
              .formatted(name));
    }
    try {
      if (parts.length != 3) {
        throw new IllegalArgumentException(parts.length + " parts");
      }
      URI uri = URI.create(parts[0]);
      if (uri.getHost() == null) {
        throw new IllegalArgumentException("no host in " + uri);
      }
      return new Pin(
          uri, new RemoteFile(name + ".zip", Long.parseLong(parts[1]), HashKind.SHA256, parts[2]));
    } catch (IllegalArgumentException e) {
      throw new UserException(
          "%s: %s must be URL SIZE SHA256, as scripts/build-base prints it: %s"
              .formatted(file, name, e.getMessage()),
          e);
    }
  }

  private static void unpack(Path archive, Path folder) throws IOException {
    try (ZipInputStream zip =
        new ZipInputStream(Files.newInputStream(archive), StandardCharsets.UTF_8)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path target = folder.resolve(entry.getName()).normalize();
        if (!target.startsWith(folder)) {
          throw new IOException(entry.getName() + " would be outside of the folder");
        }
        if (!entry.isDirectory()) {
          AtomicFile.write(target, zip::transferTo);
        }
      }
    }
  }

  /** Where an archive is, and what it must be. */
  private record Pin(URI uri, RemoteFile archive) {

    /** The archive's server, which gets no token. */
    HubSettings server(Path cache) {
      return new HubSettings(uri.resolve("/"), Optional.empty(), cache);
    }

    void check(String name, HttpResponse<?> answer) throws IOException {
      int status = answer.statusCode();
      if (status == 404 || status == 401 || status == 403) {
        throw new UserException(
            "%s: %s answered %d; open it in a browser, or name a mirror with %s"
                .formatted(name, uri, status, VARIABLE));
      }
      if (status / 100 != 2) {
        throw new IOException(answer.uri().getHost() + " answered " + status);
      }
    }
  }
}
