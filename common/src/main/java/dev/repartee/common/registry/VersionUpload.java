package dev.repartee.common.registry;

import dev.repartee.common.UserException;
import dev.repartee.common.store.ObjectStore;
import dev.repartee.common.store.Precondition;
import dev.repartee.common.store.StoreException;
import dev.repartee.common.store.StoreException.Reason;
import dev.repartee.common.store.StoredObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes a folder under the next free number: its manifest last, so whole or not at all. */
final class VersionUpload {

  private static final Logger log = LoggerFactory.getLogger(VersionUpload.class);

  /** What tells a model folder from any other: publishing one's home folder must fail. */
  private static final String REQUIRED = "config.json";

  private final ObjectStore store;
  private final Actor actor;

  VersionUpload(ObjectStore store, Actor actor) {
    this.store = store;
    this.actor = actor;
  }

  ModelVersion publish(String model, Path folder) {
    if (Files.isDirectory(folder) && !Files.isRegularFile(folder.resolve(REQUIRED))) {
      throw new UserException(
          folder
              + ": not a model folder, has no "
              + REQUIRED
              + "; finetune writes one to RUN/model");
    }
    Path manifestFile = folder.resolve(Manifest.FILE);
    boolean listed = Files.exists(manifestFile);
    Manifest manifest = listed ? checked(folder) : Manifest.of(folder);
    byte[] manifestBytes =
        listed ? read(manifestFile) : manifest.toJson().getBytes(StandardCharsets.UTF_8);

    ModelVersion version = claim(model);
    log.info("publishing {} files of {} as {}", manifest.files().size(), folder, version);
    for (ManifestFile file : manifest.files()) {
      upload(version, folder, file);
    }
    // The files were hashed before they were read again for the upload.
    if (!Manifest.of(folder).equals(sorted(manifest))) {
      throw new UserException(
          folder
              + ": changed while it was published; "
              + version
              + " was left unfinished, try again");
    }
    store.put(Layout.manifest(version), manifestBytes, Precondition.absent());
    return version;
  }

  private static Manifest checked(Path folder) {
    Manifest manifest = Manifest.read(folder);
    manifest.requireNothingElse(folder);
    manifest.verify(folder);
    return manifest;
  }

  /** Another program may have written the manifest in another order. */
  private static Manifest sorted(Manifest manifest) {
    return new Manifest(
        manifest.formatVersion(),
        manifest.files().stream().sorted((a, b) -> a.path().compareTo(b.path())).toList());
  }

  private void upload(ModelVersion version, Path folder, ManifestFile file) {
    log.info("uploading {} ({} bytes)", file.path(), file.size());
    StoredObject stored =
        store.put(
            Layout.file(version, file.path()), folder.resolve(file.path()), Precondition.absent());
    FolderFiles.requireSize(store.locate(stored.key()), file, stored.size());
  }

  private ModelVersion claim(String model) {
    Claim claim = new Claim(UUID.randomUUID(), actor.name(), actor.now());
    for (int number = lastNumber(model) + 1; ; number++) {
      ModelVersion version = new ModelVersion(model, number);
      try {
        store.put(Layout.claim(version), RegistryJson.bytes(claim), Precondition.absent());
        return version;
      } catch (StoreException e) {
        if (e.reason() != Reason.PRECONDITION_FAILED) {
          throw e;
        }
        log.debug("{} was taken by another publisher", version);
      }
    }
  }

  private int lastNumber(String model) {
    Stream<String> claims =
        store
            .list(Layout.claims(model))
            .map(object -> object.key().substring(Layout.claims(model).length()))
            .map(name -> name.replaceFirst("\\.json$", ""));
    return Stream.concat(claims, store.folders(Layout.versions(model)))
        .filter(Names::isNumber)
        .flatMapToInt(number -> IntStream.of(Integer.parseInt(number)))
        .max()
        .orElse(0);
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UserException(file + ": cannot be read: " + e, e);
    }
  }
}
