package dev.repartee.registry.models;

import dev.repartee.registry.models.Manifest.FileKind;
import dev.repartee.registry.models.Manifest.ManifestFile;
import dev.repartee.registry.models.Versions.Claim;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.ObjectStore.Crc32c;
import dev.repartee.registry.store.ObjectStore.Precondition;
import dev.repartee.registry.store.ObjectStore.StoredObject;
import dev.repartee.registry.store.StoreException;
import dev.repartee.text.Threads;
import dev.repartee.text.UserException;
import dev.repartee.text.io.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Publishes one folder, or the knowledge in one with the weights of another version, under the next
 * free number: whole or not at all.
 *
 * <p>In this order, on which safety against a {@link GarbageCollection} rests (docs/adr/0016):
 *
 * <ol>
 *   <li>Plan: read every file once for its hashes.
 *   <li>Claim a number, naming the blobs that the version will need.
 *   <li>Renew the blobs that are in the registry already, and send the others. A collection deletes
 *       only the generations that it listed before it read the claims. So either it has seen the
 *       claim, or it does not know the renewed generation.
 *   <li>Write the manifest, which makes the version exist.
 * </ol>
 *
 * <p>A publication that was interrupted leaves blobs; the next one finds them by their hashes and
 * does not send them again.
 */
final class Upload {

  private static final Logger log = LoggerFactory.getLogger(Upload.class);

  /** How often blobs that others changed meanwhile are looked at again. */
  private static final int ROUNDS = 5;

  private static final int THREADS = 4;

  private final ObjectStore store;
  private final Layout layout;
  private final Actor actor;
  private final String model;
  private final Path folder;

  /** The checksum of each file of the folder, by its SHA-256; those of the base are not here. */
  private final Map<String, String> checksums = new HashMap<>();

  Upload(ObjectStore store, Layout layout, Actor actor, String model, Path folder) {
    this.store = store;
    this.layout = layout;
    this.actor = actor;
    this.model = model;
    this.folder = folder;
  }

  /**
   * Publishes the folder.
   *
   * @throws UserException when it is no folder of the kind, differs from its manifest or changes
   *     meanwhile, or when the store fails
   */
  ModelVersion publish() {
    return publish(plan(), Optional.empty());
  }

  /**
   * Publishes the knowledge in the folder with the weights of {@code base}, of which this machine
   * needs none.
   *
   * @param manifest of {@code base}
   * @return empty when the folder holds the knowledge that {@code base} has
   * @throws UserException when the folder holds anything other than knowledge, {@code base} lacks
   *     files, or the store fails
   */
  Optional<ModelVersion> publishOn(ModelVersion base, Manifest manifest) {
    List<String> paths = Manifest.paths(folder);
    for (String path : paths) {
      if (FileKind.of(path) != FileKind.KNOWLEDGE) {
        throw new UserException(
            "%s: holds %s, which is not knowledge; publish a whole model folder with 'models publish', or remove the file"
                .formatted(folder, path));
      }
    }
    List<ManifestFile> knowledge = hash(paths);
    if (knowledge.equals(manifest.files(FileKind.KNOWLEDGE))) {
      log.info("{} holds what {} has; nothing is published", folder, base);
      return Optional.empty();
    }
    Manifest made =
        new Manifest(
            Manifest.FORMAT_VERSION,
            Stream.concat(manifest.files(FileKind.WEIGHTS).stream(), knowledge.stream())
                .sorted(Comparator.comparing(ManifestFile::path))
                .toList(),
            Optional.of(manifest.builtOn().orElse(base.number())));
    return Optional.of(publish(made, Optional.of(base)));
  }

  private ModelVersion publish(Manifest manifest, Optional<ModelVersion> base) {
    Map<String, ManifestFile> blobs = new LinkedHashMap<>(); // equal files are one blob
    manifest.files().forEach(file -> blobs.put(file.sha256(), file));
    ModelVersion version = claim(List.copyOf(blobs.keySet()));
    // An experiment's folder is a temporary one.
    log.atLevel(layout.kind() == RegistryKind.EXPERIMENT ? Level.DEBUG : Level.INFO)
        .log("publishing {} as {}", folder, version);
    inParallel(
        blobs.values(),
        file -> {
          if (checksums.containsKey(file.sha256())) {
            send(file);
          } else {
            renew(file, base.orElseThrow());
          }
        });
    commit(version, manifest.toJson());
    return version;
  }

  // Step 1: plan

  private Manifest plan() {
    layout.kind().require(folder);
    boolean isListed = Files.exists(folder.resolve(Manifest.FILE));
    if (isListed) {
      Manifest listed = Manifest.read(folder);
      listed.requireNothingElse(folder);
      // People edit a library where they fetched it.
      if (layout.kind() != RegistryKind.LIBRARY) {
        return checked(listed);
      }
    }
    return new Manifest(hash(Manifest.paths(folder)));
  }

  private Manifest checked(Manifest listed) {
    listed.files().forEach(file -> file.requirePresent(folder));
    List<ManifestFile> found = hash(listed.files().stream().map(ManifestFile::path).toList());
    for (int i = 0; i < found.size(); i++) {
      String location = folder.resolve(found.get(i).path()).toString();
      listed.files().get(i).requireHash(location, found.get(i).sha256());
    }
    // A whole folder is its own ancestor, also when it was fetched as a build.
    return new Manifest(listed.files());
  }

  /** Reads each file once for all of its hashes. */
  private List<ManifestFile> hash(List<String> paths) {
    return paths.stream().map(this::hash).toList();
  }

  private ManifestFile hash(String path) {
    Path file = folder.resolve(path);
    MessageDigest digest = Sha256.newDigest();
    CRC32C checksum = new CRC32C();
    try (InputStream in =
        new CheckedInputStream(
            new DigestInputStream(Files.newInputStream(file), digest), checksum)) {
      long size = in.transferTo(OutputStream.nullOutputStream());
      String sha256 = HexFormat.of().formatHex(digest.digest());
      checksums.put(sha256, Crc32c.text(checksum));
      return new ManifestFile(path, size, sha256);
    } catch (IOException e) {
      throw new UserException(file + ": cannot be read: " + e, e);
    } catch (IllegalArgumentException e) {
      throw new UserException(folder + ": " + e.getMessage() + "; rename the file", e);
    }
  }

  // Step 2: claim

  private ModelVersion claim(List<String> blobs) {
    byte[] claim = Layout.json(new Claim(UUID.randomUUID(), actor.name(), actor.now(), blobs));
    for (int number = lastNumber() + 1; ; number++) {
      ModelVersion version = new ModelVersion(model, number);
      if (store.create(layout.claim(version), claim)) {
        return version;
      }
      log.debug("{} was taken by another publisher", version);
    }
  }

  /** Numbers are never reused: those of failed publications and removed versions count too. */
  private int lastNumber() {
    Stream<Integer> versions =
        store.folders(layout.versions(model)).filter(ModelVersion::isNumber).map(Integer::valueOf);
    return Stream.concat(Layout.numbers(store, layout.claims(model)), versions)
        .mapToInt(Integer::intValue)
        .max()
        .orElse(0);
  }

  // Step 3: send

  /** Renews the blob of a file that is not on this machine. */
  private void renew(ManifestFile file, ModelVersion base) {
    String key = layout.blob(model, file.sha256());
    inRounds(
        isFirst -> {
          StoredObject found =
              store
                  .stat(key)
                  .orElseThrow(
                      () ->
                          new UserException(
                              "%s, %s's %s does not exist; the version is damaged, or was removed meanwhile; build on another version"
                                  .formatted(store.locate(key), base, file.path())));
          file.requireSize(store.locate(key), found.size());
          if (isFirst) {
            store.renew(found);
          }
        });
  }

  /** Renews the blob of a file if it is there, or sends it. A damaged one is replaced. */
  private void send(ManifestFile file) {
    String key = layout.blob(model, file.sha256());
    String checksum = checksums.get(file.sha256());
    inRounds(
        isFirst -> {
          Optional<StoredObject> there = store.stat(key);
          if (there.filter(found -> found.size() == file.size()).isPresent()
              && store.crc32c(key).equals(Optional.of(checksum))) {
            if (isFirst) {
              store.renew(there.get());
            }
            log.debug("{} is in the registry already", file.path());
            return;
          }
          there.ifPresent(_ -> log.warn("{} is damaged and is replaced", store.locate(key)));
          log.debug("uploading {} ({} bytes)", file.path(), file.size());
          store.putFile(
              key,
              folder.resolve(file.path()),
              checksum,
              there.map(StoredObject::unchanged).orElse(Precondition.absent()));
        });
  }

  /**
   * Repeats what others have made fail: they renewed, wrote or deleted the blob meanwhile.
   *
   * @param step receives whether it is the first round: in a later one the blob was written after
   *     our claim, and needs no renewal
   */
  private void inRounds(Consumer<Boolean> step) {
    for (int round = 1; round <= ROUNDS; round++) {
      try {
        step.accept(round == 1);
        return;
      } catch (StoreException e) {
        e.requirePreconditionFailed();
      }
    }
    throw new UserException(
        store.locate(layout.blobs(model))
            + ": was changed by others again and again while files were uploaded; try again");
  }

  /**
   * Does something with all values in a few threads. After a failure no other value's turn comes.
   * The running ones are waited for: interrupting the Google client can block for long.
   *
   * @throws RuntimeException of a value that failed
   */
  private static <T> void inParallel(Collection<T> values, Consumer<T> task) {
    AtomicBoolean failed = new AtomicBoolean();
    ThreadFactory factory = Thread.ofVirtual().name("transfer-", 0).factory();
    try (ExecutorService workers = Executors.newFixedThreadPool(THREADS, factory)) {
      CompletableFuture<?>[] results =
          values.stream()
              .map(
                  value ->
                      CompletableFuture.runAsync(
                              () -> {
                                if (!failed.get()) {
                                  task.accept(value);
                                }
                              },
                              workers)
                          .whenComplete(
                              (_, failure) -> failed.compareAndSet(false, failure != null)))
              .toArray(CompletableFuture<?>[]::new);
      Threads.await(CompletableFuture.allOf(results));
    }
  }

  // Step 4: commit

  private void commit(ModelVersion version, String manifest) {
    byte[] content = manifest.getBytes(StandardCharsets.UTF_8);
    try {
      store.put(layout.manifest(version), content, Precondition.absent());
    } catch (StoreException e) {
      switch (e.reason()) {
        case PRECONDITION_FAILED ->
            throw new UserException(
                version
                    + " was abandoned by 'models gc' while it was published, since it took longer"
                    + " than a day; publish again",
                e);
        case UNAVAILABLE ->
            throw new UserException(
                "%s; see with 'models list %s' whether it became %s anyway"
                    .formatted(e.getMessage(), layout.kind().written(version.model()), version),
                e);
        default -> throw e;
      }
    }
  }
}
