package dev.repartee.registry.models;

import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.Precondition;
import dev.repartee.registry.store.StoreException;
import dev.repartee.registry.store.StoreException.Reason;
import dev.repartee.text.UserException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
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
  private final TransferOptions options;

  VersionUpload(ObjectStore store, Actor actor, TransferOptions options) {
    this.store = store;
    this.actor = actor;
    this.options = options;
  }

  /** A folder as it is published: its files, and the manifest's text. */
  private record Contents(List<UploadPlan> files, String manifest) {}

  ModelVersion publish(String model, Path folder) {
    Contents contents = contents(folder);
    ModelVersion version = claim(model, contents.files());
    log.info("publishing {} files of {} as {}", contents.files().size(), folder, version);
    new BlobUpload(store, options.threads(), model, folder).upload(contents.files());
    commit(version, contents.manifest());
    return version;
  }

  private Contents contents(Path folder) {
    if (Files.isDirectory(folder) && !Files.isRegularFile(folder.resolve(REQUIRED))) {
      throw new UserException(
          folder
              + ": not a model folder, has no "
              + REQUIRED
              + "; finetune writes one to RUN/model");
    }
    Path manifestFile = folder.resolve(Manifest.FILE);
    if (!Files.exists(manifestFile)) {
      List<UploadPlan> files = plan(folder, FolderFiles.paths(folder));
      Manifest made =
          new Manifest(Manifest.FORMAT_VERSION, files.stream().map(UploadPlan::file).toList());
      return new Contents(files, made.toJson());
    }
    Manifest listed = Manifest.read(folder);
    listed.requireNothingElse(folder);
    String text = read(manifestFile);
    for (ManifestFile file : listed.files()) {
      FolderFiles.requirePresent(folder, file);
    }
    List<UploadPlan> files = plan(folder, listed.files().stream().map(ManifestFile::path).toList());
    for (int i = 0; i < files.size(); i++) {
      FolderFiles.requireHash(
          folder.resolve(files.get(i).file().path()).toString(),
          listed.files().get(i),
          files.get(i).file().sha256());
    }
    return new Contents(files, text);
  }

  private List<UploadPlan> plan(Path folder, List<String> paths) {
    return paths.stream().map(path -> UploadPlan.of(folder, path, options.partBytes())).toList();
  }

  private ModelVersion claim(String model, List<UploadPlan> files) {
    List<String> blobs = files.stream().map(plan -> plan.file().sha256()).distinct().toList();
    byte[] claim =
        RegistryJson.bytes(new Claim(UUID.randomUUID(), actor.name(), actor.now(), blobs));
    for (int number = lastNumber(model) + 1; ; number++) {
      ModelVersion version = new ModelVersion(model, number);
      try {
        store.put(Layout.claim(version), claim, Precondition.absent());
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
    Stream<Integer> versions =
        store.folders(Layout.versions(model)).filter(Names::isNumber).map(Integer::valueOf);
    return Stream.concat(Layout.numbers(store, Layout.claims(model)), versions)
        .mapToInt(Integer::intValue)
        .max()
        .orElse(0);
  }

  private void commit(ModelVersion version, String manifest) {
    byte[] content = manifest.getBytes(StandardCharsets.UTF_8);
    try {
      store.put(Layout.manifest(version), content, Precondition.absent());
    } catch (StoreException e) {
      switch (e.reason()) {
        case PRECONDITION_FAILED ->
            throw new UserException(
                version
                    + " was given up by 'models gc' while it was published, since it took longer"
                    + " than --abandoned-after; publish again",
                e);
        case UNAVAILABLE ->
            throw new UserException(
                e.getMessage()
                    + "; see with 'models list "
                    + version.model()
                    + "' whether it became "
                    + version
                    + " all the same",
                e);
        default -> throw e;
      }
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UserException(file + ": cannot be read: " + e, e);
    }
  }
}
