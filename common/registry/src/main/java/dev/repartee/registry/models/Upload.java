package dev.repartee.registry.models;

import static java.util.Objects.requireNonNull;

import dev.repartee.registry.models.Manifest.FileKind;
import dev.repartee.registry.models.Manifest.ManifestFile;
import dev.repartee.registry.models.ModelRegistry.TransferOptions;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.ObjectStore.Crc32c;
import dev.repartee.registry.store.ObjectStore.Precondition;
import dev.repartee.registry.store.ObjectStore.StoredObject;
import dev.repartee.registry.store.StoreException;
import dev.repartee.registry.store.StoreException.Reason;
import dev.repartee.text.Threads;
import dev.repartee.text.UserException;
import dev.repartee.text.io.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
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
 *   <li>Renew the blobs that are in the registry already, and send the others, large ones in parts.
 *       A collection deletes only the generations that it listed before it read the claims. So
 *       either it has seen the claim, or it does not know the renewed generation.
 *   <li>Write the manifest, which makes the version exist.
 * </ol>
 *
 * <p>A publication that broke off leaves blobs and parts; the next one finds them by their hashes
 * and does not send them again.
 */
final class Upload {

  private static final Logger log = LoggerFactory.getLogger(Upload.class);

  /** How often blobs that others changed meanwhile are looked at again. */
  private static final int ROUNDS = 5;

  private final ObjectStore store;
  private final Layout layout;
  private final Actor actor;
  private final TransferOptions options;
  private final String model;
  private final Path folder;

  /**
   * Who took a version number, when, and which blobs the version will need: these are not deleted
   * while the claim stands.
   *
   * @param id makes two publishers' claims differ
   * @param blobs SHA-256 of each file
   */
  record Claim(UUID id, String by, Instant at, List<String> blobs) {

    Claim {
      requireNonNull(id, "id is null");
      requireNonNull(by, "by is null");
      requireNonNull(at, "at is null");
      blobs = List.copyOf(requireNonNull(blobs, "blobs is null"));
    }
  }

  /**
   * What will be published.
   *
   * @param files of the folder
   * @param inherited files of the base version, which are in the registry and not on this machine
   * @param manifest its text
   */
  private record Plan(List<FilePlan> files, List<Inherited> inherited, String manifest) {}

  /** A file of {@code base}, of which only size and hash are known here. */
  private record Inherited(ModelVersion base, ManifestFile file) {}

  /**
   * One file.
   *
   * @param crc32c of the whole file, as {@link ObjectStore#crc32c} has it
   * @param parts in their order; one for a small file
   */
  private record FilePlan(ManifestFile file, String crc32c, List<Part> parts) {

    String sha256() {
      return file.sha256();
    }

    boolean inParts() {
      return parts.size() > 1;
    }
  }

  /** A range of a file. Its hash shows whether the file has changed since it was planned. */
  private record Part(long offset, int length, String sha256, String crc32c) {}

  Upload(
      ObjectStore store,
      Layout layout,
      Actor actor,
      TransferOptions options,
      String model,
      Path folder) {
    this.store = store;
    this.layout = layout;
    this.actor = actor;
    this.options = options;
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
    return publish(plan());
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
    List<FilePlan> files = planAll(paths);
    List<ManifestFile> knowledge = files.stream().map(FilePlan::file).toList();
    if (knowledge.equals(manifest.files(FileKind.KNOWLEDGE))) {
      log.info("{} holds what {} has; nothing is published", folder, base);
      return Optional.empty();
    }
    List<ManifestFile> weights = manifest.files(FileKind.WEIGHTS);
    Manifest made =
        new Manifest(
            Manifest.FORMAT_VERSION,
            Stream.concat(weights.stream(), knowledge.stream())
                .sorted(Comparator.comparing(ManifestFile::path))
                .toList(),
            Optional.of(manifest.builtOn().orElse(base.number())));
    List<Inherited> inherited = weights.stream().map(file -> new Inherited(base, file)).toList();
    return Optional.of(publish(new Plan(files, inherited, made.toJson())));
  }

  private ModelVersion publish(Plan plan) {
    ModelVersion version = claim(plan);
    // An experiment's folder is a temporary one.
    log.atLevel(layout.kind() == RegistryKind.EXPERIMENT ? Level.DEBUG : Level.INFO)
        .log("publishing {} as {}", folder, version);
    inParallel(plan.inherited(), this::renew);
    upload(plan.files());
    commit(version, plan.manifest());
    return version;
  }

  // Step 1: plan

  private Plan plan() {
    layout.kind().require(folder);
    Path manifestFile = folder.resolve(Manifest.FILE);
    if (!Files.exists(manifestFile)) {
      return planUnlisted();
    }
    Manifest listed = Manifest.read(folder);
    listed.requireNothingElse(folder);
    if (layout.kind() == RegistryKind.LIBRARY) { // people edit it where they fetched it
      return planUnlisted();
    }
    // A whole folder is its own ancestor, also when it was fetched as a build.
    String text =
        listed.builtOn().isEmpty() ? read(manifestFile) : new Manifest(listed.files()).toJson();
    listed.files().forEach(file -> file.requirePresent(folder));
    List<FilePlan> files = planAll(listed.files().stream().map(ManifestFile::path).toList());
    for (int i = 0; i < files.size(); i++) {
      FilePlan found = files.get(i);
      String location = folder.resolve(found.file().path()).toString();
      listed.files().get(i).requireHash(location, found.sha256());
    }
    return new Plan(files, List.of(), text);
  }

  /** The folder as it is now, with a manifest made of it. */
  private Plan planUnlisted() {
    List<FilePlan> files = planAll(Manifest.paths(folder));
    Manifest made = new Manifest(files.stream().map(FilePlan::file).toList());
    return new Plan(files, List.of(), made.toJson());
  }

  private List<FilePlan> planAll(List<String> paths) {
    return paths.stream().map(this::planFile).toList();
  }

  /** Reads a file once for all of its hashes. */
  private FilePlan planFile(String path) {
    Path file = folder.resolve(path);
    try (InputStream in = Files.newInputStream(file)) {
      // No more parts than can be composed.
      long least = Math.ceilDiv(Files.size(file), (long) ObjectStore.MAX_PARTS);
      int length = Math.toIntExact(Math.max(options.partBytes(), least));
      MessageDigest whole = Sha256.newDigest();
      CRC32C checksum = new CRC32C();
      List<Part> planned = new ArrayList<>();
      long size = 0;
      for (byte[] bytes = in.readNBytes(length);
          bytes.length > 0 || planned.isEmpty();
          bytes = in.readNBytes(length)) {
        whole.update(bytes);
        checksum.update(bytes);
        planned.add(new Part(size, bytes.length, Sha256.of(bytes), Crc32c.of(bytes)));
        size += bytes.length;
      }
      String sha256 = HexFormat.of().formatHex(whole.digest());
      return new FilePlan(
          new ManifestFile(path, size, sha256), Crc32c.text(checksum), List.copyOf(planned));
    } catch (IOException e) {
      throw new UserException(file + ": cannot be read: " + e, e);
    } catch (ArithmeticException e) {
      throw new UserException(
          file + ": is larger than " + ObjectStore.MAX_PARTS + " parts of 2 GiB", e);
    } catch (IllegalArgumentException e) {
      throw new UserException(folder + ": " + e.getMessage() + "; rename the file", e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UserException(file + ": cannot be read: " + e, e);
    }
  }

  // Step 2: claim

  private ModelVersion claim(Plan plan) {
    List<String> blobs =
        Stream.concat(
                plan.inherited().stream().map(Inherited::file),
                plan.files().stream().map(FilePlan::file))
            .map(ManifestFile::sha256)
            .distinct()
            .toList();
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

  private UserException changedByOthers() {
    return new UserException(
        store.locate(layout.blobs(model))
            + ": was changed by others again and again while files were uploaded; try again");
  }

  /** Renews the blob of a file that is not on this machine. */
  private void renew(Inherited inherited) {
    ManifestFile file = inherited.file();
    ModelVersion base = inherited.base();
    String key = layout.blob(model, file.sha256());
    for (int round = 1; round <= ROUNDS; round++) {
      StoredObject found =
          store
              .stat(key)
              .orElseThrow(
                  () ->
                      new UserException(
                          "%s, %s's %s does not exist; the version is damaged, or was removed meanwhile; build on another version"
                              .formatted(store.locate(key), base, file.path())));
      file.requireSize(store.locate(key), found.size());
      try {
        store.renew(found);
        return;
      } catch (StoreException e) {
        requireChangedByOthers(e);
      }
    }
    throw changedByOthers();
  }

  /** Rethrows a failure unless others have renewed, written or deleted what was meant. */
  private static void requireChangedByOthers(StoreException failure) {
    if (failure.reason() != Reason.NOT_FOUND) {
      failure.requirePreconditionFailed();
    }
  }

  /** Small files side by side, then large ones, of each of which several parts are sent at once. */
  private void upload(List<FilePlan> files) {
    Map<String, FilePlan> blobs = new LinkedHashMap<>(); // equal files are one blob
    files.forEach(file -> blobs.put(file.sha256(), file));
    inParallel(blobs.values().stream().filter(file -> !file.inParts()).toList(), this::upload);
    blobs.values().stream().filter(FilePlan::inParts).forEach(this::upload);
  }

  /** Renews the blob of a file if it is there, or sends it. A damaged one is replaced. */
  private void upload(FilePlan file) {
    String key = layout.blob(model, file.sha256());
    List<StoredObject> parts = List.of();
    for (int round = 0; round <= ROUNDS; round++) {
      Optional<StoredObject> there = store.stat(key);
      boolean intact =
          there.isPresent() && isIntact(there.get(), file.file().size(), file.crc32c());
      if (intact && round > 0) { // written after our claim, so it needs no renewal
        inParallel(Set.copyOf(parts), store::deleteIfUnchanged);
        return;
      }
      try {
        if (intact) {
          store.renew(there.get());
          log.debug("{} is in the registry already", file.file().path());
          return;
        }
        if (there.isPresent()) {
          log.warn("{} is damaged and is replaced", store.locate(key));
        }
        if (!file.inParts()) {
          store.put(key, read(file, file.parts().getFirst()), replacing(there));
        } else {
          parts = sendParts(file);
          if (parts.size() == file.parts().size()) {
            store.compose(key, parts, replacing(there));
          }
        }
      } catch (StoreException e) {
        requireChangedByOthers(e);
      }
    }
    throw changedByOthers();
  }

  private boolean isIntact(StoredObject object, long size, String crc32c) {
    return object.size() == size && store.crc32c(object.key()).equals(Optional.of(crc32c));
  }

  private static Precondition replacing(Optional<StoredObject> there) {
    return there.map(StoredObject::unchanged).orElse(Precondition.absent());
  }

  /** The parts of a large file in their order, without those that others are just sending. */
  private List<StoredObject> sendParts(FilePlan file) {
    Map<String, Part> parts = new LinkedHashMap<>(); // equal parts are one object
    file.parts().forEach(part -> parts.put(part.sha256(), part));
    Map<String, StoredObject> sent = new ConcurrentHashMap<>();
    inParallel(
        parts.values(),
        part -> send(file, part).ifPresent(object -> sent.put(part.sha256(), object)));
    return file.parts().stream()
        .map(part -> sent.get(part.sha256()))
        .filter(Objects::nonNull)
        .toList();
  }

  private Optional<StoredObject> send(FilePlan file, Part part) {
    String key = layout.upload(model, file.sha256()) + part.sha256();
    Optional<StoredObject> there = store.stat(key);
    if (there.isPresent() && isIntact(there.get(), part.length(), part.crc32c())) {
      return there; // from a publication that broke off, or from a running one
    }
    try {
      return Optional.of(store.put(key, read(file, part), replacing(there)));
    } catch (StoreException e) {
      e.requirePreconditionFailed();
      log.debug("{} was uploaded by another publisher", key);
      return Optional.empty();
    }
  }

  private byte[] read(FilePlan file, Part part) {
    Path path = folder.resolve(file.file().path());
    log.debug("uploading {} ({} of {} bytes)", path, part.length(), file.file().size());
    byte[] bytes = new byte[part.length()];
    try (RandomAccessFile in = new RandomAccessFile(path.toFile(), "r")) {
      in.seek(part.offset());
      in.readFully(bytes);
    } catch (IOException e) {
      throw new UserException(path + ": cannot be read: " + e, e);
    }
    if (!Sha256.of(bytes).equals(part.sha256())) {
      throw new UserException(path + ": changed while it was published; try again");
    }
    return bytes;
  }

  /**
   * Does something with all values in a few threads. After a failure no other value's turn comes.
   * The running ones are waited for: interrupting the Google client can block for long.
   *
   * @throws RuntimeException of a value that failed
   */
  private <T> void inParallel(Collection<T> values, Consumer<T> task) {
    AtomicBoolean failed = new AtomicBoolean();
    ThreadFactory factory = Thread.ofVirtual().name("transfer-", 0).factory();
    try (ExecutorService workers = Executors.newFixedThreadPool(options.threads(), factory)) {
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
                e.getMessage()
                    + "; see with 'models list "
                    + layout.kind().written(version.model())
                    + "' whether it became "
                    + version
                    + " anyway",
                e);
        default -> throw e;
      }
    }
  }
}
