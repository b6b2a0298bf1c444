package dev.repartee.registry.models;

import dev.repartee.registry.models.AliasMove.Hold;
import dev.repartee.registry.models.AliasMove.Promotion;
import dev.repartee.registry.models.Download.ReadOptions;
import dev.repartee.registry.models.GarbageCollection.GcOptions;
import dev.repartee.registry.models.GarbageCollection.GcReport;
import dev.repartee.registry.models.Manifest.FileKind;
import dev.repartee.registry.models.Manifest.ManifestFile;
import dev.repartee.registry.models.ModelReference.ModelAlias;
import dev.repartee.registry.models.Versions.Claim;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.text.UserException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.UnaryOperator;

/**
 * Versions of models, or of answer libraries, in an object store: {@link RegistryKind} says which,
 * and all else is the same. A version never changes and exists only when whole. An alias is moved
 * by compare-and-swap, and every move is kept.
 *
 * <p>Failures are {@link UserException}s: those of the store ({@link
 * dev.repartee.registry.store.StoreException}), and for a name that does not exist one that lists
 * the names that do. Safe for use by several threads. The caller closes the store.
 */
public final class ModelRegistry {

  private final ObjectStore store;
  private final Layout layout;
  private final Actor actor;
  private final Versions versions;
  private final Aliases aliases;
  private final ReadOptions reads;
  private final Download download;
  private final StoredEvaluations evaluations;

  /**
   * What the registry knows about a version.
   *
   * @param version its name and number
   * @param publishedBy who published it, when recorded
   * @param publishedAt when its publication began, when recorded
   * @param manifest its files
   */
  public record VersionInfo(
      ModelVersion version,
      Optional<String> publishedBy,
      Optional<Instant> publishedAt,
      Manifest manifest) {}

  /** Models, whose changes are recorded under the name of this machine's user. */
  public ModelRegistry(ObjectStore store) {
    this(store, Actor.thisUser());
  }

  /** Models, whose changes are recorded under the name of {@code actor}. */
  public ModelRegistry(ObjectStore store, Actor actor) {
    this(store, RegistryKind.MODEL, actor);
  }

  /** Objects of {@code kind}, whose changes are recorded under the name of {@code actor}. */
  public ModelRegistry(ObjectStore store, RegistryKind kind, Actor actor) {
    this(store, kind, actor, ReadOptions.DEFAULT);
  }

  ModelRegistry(ObjectStore store, RegistryKind kind, Actor actor, ReadOptions reads) {
    this.store = store;
    this.layout = new Layout(kind);
    this.actor = actor;
    this.versions = new Versions(store, layout);
    this.aliases = new Aliases(store, layout, actor);
    this.reads = reads;
    this.download = new Download(store, layout, reads);
    this.evaluations = new StoredEvaluations(store, layout, actor);
  }

  /** Answer libraries, whose changes are recorded under the name of this machine's user. */
  public static ModelRegistry ofLibraries(ObjectStore store) {
    return new ModelRegistry(store, RegistryKind.LIBRARY, Actor.thisUser());
  }

  /** What the same store has of another kind, changed by the same actor. */
  public ModelRegistry of(RegistryKind other) {
    return new ModelRegistry(store, other, actor, reads);
  }

  /** The store that holds it, for what lies there beside it. */
  public ObjectStore store() {
    return store;
  }

  /** Where it is, for messages. */
  String location() {
    return store.locate(layout.kind().prefix());
  }

  /** What it holds versions of. */
  public RegistryKind kind() {
    return layout.kind();
  }

  /**
   * Publishes a folder as the next version. A {@code manifest.json} in it is checked and published
   * as it is; otherwise one is made. The folder itself is not changed. Files that another version
   * of the name has, or that a publication sent before it broke off, are not sent again. Concurrent
   * publishers get different numbers; a publication that fails leaves a gap.
   *
   * @throws UserException when it is no folder of the kind, differs from its manifest, or changes
   *     meanwhile
   */
  public ModelVersion publish(String model, Path folder) {
    return new Upload(store, layout, actor, checked(model), folder).publish();
  }

  /**
   * Publishes knowledge as the next version of a model: its weights are those of {@code base}, its
   * knowledge is the folder's. Needs no weights on this machine. Only blobs that the store lacks
   * are sent.
   *
   * @param base any version of the model; {@code built_on} of the new version names its ancestor
   * @param folder holds only files of {@link FileKind#KNOWLEDGE}, all that the version will have
   * @return empty when {@code base} has the same knowledge; nothing is published then
   * @throws UserException when the base does not exist or is damaged, the folder holds anything
   *     else, or it changes meanwhile
   */
  public Optional<ModelVersion> publishKnowledge(ModelVersion base, Path folder) {
    if (kind() != RegistryKind.MODEL) {
      throw new IllegalStateException("only models have knowledge, not " + kind().plural());
    }
    Manifest manifest = versions.parse(base, versions.require(base));
    return new Upload(store, layout, actor, base.model(), folder).publishOn(base, manifest);
  }

  /**
   * The names of all models or libraries, sorted, including those whose first publication failed.
   */
  public List<String> names() {
    return versions.names();
  }

  /** The whole versions of a model, oldest first; empty for a model that does not exist. */
  public List<ModelVersion> versions(String model) {
    return versions.all(model);
  }

  /**
   * As {@link #versions}, for a model that must have one.
   *
   * @throws UserException naming those that exist
   */
  public List<ModelVersion> requireVersions(String model) {
    return versions.requireAny(model);
  }

  /**
   * The version that a reference names now.
   *
   * @throws UserException naming the versions or aliases that exist
   */
  public ModelVersion resolve(ModelReference reference) {
    ModelVersion version = target(reference);
    versions.require(version);
    return version;
  }

  /**
   * The version that a reference names now, whether or not that version exists.
   *
   * @throws UserException when an alias does not exist, naming those that do
   */
  public ModelVersion target(ModelReference reference) {
    return switch (reference) {
      case ModelVersion number -> number;
      case ModelAlias alias ->
          new ModelVersion(
              alias.model(), aliases.latest(alias).orElseThrow(() -> unknown(alias)).to());
    };
  }

  /**
   * Describes a version.
   *
   * @throws UserException when it does not exist
   */
  public VersionInfo describe(ModelVersion version) {
    Manifest manifest = versions.parse(version, versions.require(version));
    Optional<Claim> claim = versions.claim(version);
    return new VersionInfo(version, claim.map(Claim::by), claim.map(Claim::at), manifest);
  }

  /**
   * The version whose weights a build has. Whoever published a whole folder has none.
   *
   * @return empty also when the weights differ or cannot be compared
   */
  public Optional<ModelVersion> ancestor(VersionInfo info) {
    return info.manifest()
        .builtOn()
        .map(number -> new ModelVersion(info.version().model(), number))
        .filter(ancestor -> hasWeights(ancestor, info.manifest()));
  }

  /** Of a version that was removed, the claim still names the blobs. */
  private boolean hasWeights(ModelVersion ancestor, Manifest manifest) {
    List<String> weights =
        manifest.files(FileKind.WEIGHTS).stream().map(ManifestFile::sha256).toList();
    return versions
        .find(ancestor)
        .map(text -> versions.parse(ancestor, text).weightsDigest())
        .map(manifest.weightsDigest()::equals)
        .orElseGet(
            () ->
                versions
                    .claim(ancestor)
                    .filter(claim -> claim.blobs().containsAll(weights))
                    .isPresent());
  }

  /**
   * Brings a version to this machine: byte for byte the published folder, with its manifest. Every
   * size and SHA-256 is checked; a file damaged in transit is fetched once more. The folder appears
   * whole or not at all. A {@code target} that holds exactly this version is checked and kept.
   *
   * @throws UserException when the version does not exist or is damaged, or the target holds
   *     anything else
   */
  public void fetch(ModelVersion version, Path target) {
    fetch(version, target, Optional.empty());
  }

  /**
   * As {@link #fetch(ModelVersion, Path)}, but downloads only what differs from another version on
   * this machine.
   *
   * @param near a folder that {@link #fetch} wrote or checked, with its manifest. Files with the
   *     same size and hash are linked, or copied where links are not possible, and are not read
   *     again. Nobody may change them in either folder. A folder without a manifest is ignored
   */
  public void fetch(ModelVersion version, Path target, Optional<Path> near) {
    download.fetch(version, versions.require(version).text(), target, near);
  }

  /**
   * The text of one small file of a version, with its size and SHA-256 checked.
   *
   * @param path as the manifest lists it
   * @throws UserException when the version or the file does not exist or is damaged
   */
  public String readText(ModelVersion version, String path) {
    return versions.parse(version, versions.require(version)).files().stream()
        .filter(file -> file.path().equals(path))
        .findFirst()
        .map(file -> download.readText(version, file))
        .orElseThrow(() -> new UserException(version + " has no " + path));
  }

  /**
   * Deletes a folder that {@link #fetch} wrote. It disappears as a whole, also when the process
   * dies.
   *
   * @throws IOException when it cannot be renamed
   */
  public static void discard(Path target) throws IOException {
    Download.discard(target);
  }

  /**
   * Downloads every file of a version and checks its size and SHA-256.
   *
   * @throws UserException naming the first file that is missing or damaged
   */
  public void verify(ModelVersion version) {
    download.verify(version, versions.require(version).text(), new HashSet<>());
  }

  /**
   * Reads every file of every version of a model again, and checks its aliases against their
   * history.
   *
   * @throws UserException when there is no such model
   */
  public Verification verify(String model) {
    if (!names().contains(checked(model))) {
      throw versions.unknownName(model);
    }
    return Verification.of(model, store, layout, aliases, download);
  }

  /**
   * Removes the versions of a model that nothing names, and every object that belongs to no
   * version, such as the leftovers of broken-off publications. May be killed and repeated, and may
   * run beside publications and promotions.
   */
  public GcReport collectGarbage(String model, GcOptions options) {
    return new GarbageCollection(store, layout, actor, checked(model), options).run();
  }

  /** The aliases of a model, sorted, each with its latest move. */
  public SortedMap<String, AliasMove> aliases(String model) {
    return aliases.all(checked(model));
  }

  /**
   * Points an alias at a version and returns the move; the alias is created when there is none, and
   * released when it is held. When it names that version already, its latest move is returned.
   *
   * @throws UserException when the version does not exist, or someone else moved the alias
   *     meanwhile
   */
  public AliasMove promote(ModelVersion version, String alias, Optional<String> why) {
    return promote(new Promotion(version, alias, why, Optional.empty(), Optional.empty()));
  }

  /**
   * As {@link #promote(ModelVersion, String, Optional)}, provided that the alias still names the
   * version that the promotion expects.
   *
   * @throws UserException also when it names another version by now
   */
  public AliasMove promote(Promotion promotion) {
    versions.require(promotion.version());
    return aliases.promote(promotion);
  }

  /**
   * Points an alias at a build, provided that it still names the version on which that was built,
   * and that nobody holds it. The move is a {@link AliasMove.Kind#BUILD}, which a rollback skips.
   *
   * @param built what was built
   * @param from what the alias named when the build began
   * @param evenHeld whether it may be held, and stays so: for a build that only leaves something
   *     out
   * @return empty when the alias is held, gone, or names another version by now; it is unchanged
   *     then
   * @throws UserException when {@code built} does not exist, or its weights differ from those of
   *     {@code from}
   */
  public Optional<AliasMove> build(
      ModelVersion built, String alias, ModelVersion from, Optional<String> why, boolean evenHeld) {
    Manifest made = versions.parse(built, versions.require(built));
    Optional<Manifest> before = versions.find(from).map(text -> versions.parse(from, text));
    if (before.isEmpty()) {
      return Optional.empty(); // removed, so the alias names another
    }
    if (!before.get().weightsDigest().equals(made.weightsDigest())) {
      throw new UserException(
          "%s has other weights than %s, so it is not a build of it; promote it"
              .formatted(built, from));
    }
    return aliases.build(built, alias, from.number(), why, evenHeld);
  }

  /** Who holds an alias since when; empty for one that builds may move, or that does not exist. */
  public Optional<Hold> held(ModelAlias alias) {
    return aliases.held(alias);
  }

  /** The evaluations and gate results of the versions. */
  public StoredEvaluations evaluations() {
    return evaluations;
  }

  /**
   * Points an alias back at the version that its latest promotion replaced, and holds it there: no
   * build moves it until a promotion. Two rollbacks go back two, unless they name the version that
   * they go back from.
   *
   * @param from what the alias must still name; empty for anything
   * @throws UserException when there is no such alias, nothing before it, the version it would
   *     return to is gone, or someone else moved the alias meanwhile
   */
  public AliasMove rollback(ModelAlias alias, Optional<Integer> from, Optional<String> why) {
    return rollback(alias, from, why, UnaryOperator.identity());
  }

  /**
   * Undoes an alias's latest promotion with a version that is rebuilt first.
   *
   * @param rebuilt makes of the version that it returns to the one that the alias is to name: that
   *     without what was forgotten or forbidden since
   */
  public AliasMove rollback(
      ModelAlias alias,
      Optional<Integer> from,
      Optional<String> why,
      UnaryOperator<ModelVersion> rebuilt) {
    if (aliases.latest(alias).isEmpty()) {
      throw unknown(alias);
    }
    return aliases.rollback(alias, from, why, rebuilt);
  }

  /** Every move of a model's aliases, oldest first. */
  public List<AliasMove> history(String model) {
    return aliases.history(checked(model));
  }

  private String checked(String model) {
    return layout.kind().checkName(model);
  }

  private UserException unknown(ModelAlias alias) {
    List<String> known = new ArrayList<>(aliases(alias.model()).keySet());
    if (known.isEmpty() && versions.all(alias.model()).isEmpty()) {
      return versions.unknownName(alias.model());
    }
    return new UserException(
        "%s does not exist in %s; %s; set one with 'models promote %s@N --alias %s'"
            .formatted(
                alias,
                store.locate(""),
                known.isEmpty()
                    ? "the " + layout.kind().noun() + " has no aliases yet"
                    : "its aliases are " + Versions.join(known),
                layout.kind().written(alias.model()),
                alias.alias()));
  }
}
