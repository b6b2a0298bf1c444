package dev.repartee.common.registry;

import dev.repartee.common.UserException;
import dev.repartee.common.store.ObjectStore;
import dev.repartee.common.store.StoredText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Collectors;

/**
 * Model versions in an object store. A version never changes and exists only when whole; an alias
 * is moved by compare-and-swap, and every move is kept.
 *
 * <p>Failures are {@link UserException}s: those of the store ({@link
 * dev.repartee.common.store.StoreException}), and for names that do not exist ones that list what
 * does. May be used by several threads; closing the store is left to who opened it.
 */
public final class ModelRegistry {

  private final ObjectStore store;
  private final Aliases aliases;
  private final VersionUpload upload;
  private final VersionDownload download;
  private final StoredEvaluations evaluations;

  /** A registry whose changes are recorded as this machine's user's. */
  public ModelRegistry(ObjectStore store) {
    this(store, Actor.thisUser());
  }

  /**
   * A registry whose changes are recorded as {@code actor}'s.
   *
   * @param actor who changes it, and the clock that dates the changes
   */
  public ModelRegistry(ObjectStore store, Actor actor) {
    this(store, actor, DownloadOptions.defaults());
  }

  ModelRegistry(ObjectStore store, Actor actor, DownloadOptions downloads) {
    this.store = store;
    this.aliases = new Aliases(store, actor);
    this.upload = new VersionUpload(store, actor);
    this.download = new VersionDownload(store, downloads);
    this.evaluations = new StoredEvaluations(store, actor);
  }

  /**
   * Publishes a model folder as the next version. A {@code manifest.json} in it is checked and
   * published as it is, otherwise one is made; the folder itself is left alone. Concurrent
   * publishers get different numbers; a publication that fails leaves a gap.
   *
   * @throws UserException when it is no model folder, differs from its manifest, or changes
   *     meanwhile
   */
  public ModelVersion publish(String model, Path folder) {
    return upload.publish(Names.checkModel(model), folder);
  }

  /** The names of all models, sorted; one whose first publication failed shows too. */
  public List<String> names() {
    return store.folders(Layout.MODELS).toList();
  }

  /** The whole versions of a model, oldest first; empty for a model that does not exist. */
  public List<ModelVersion> versions(String model) {
    return store
        .folders(Layout.versions(Names.checkModel(model)))
        .filter(Names::isNumber)
        .map(number -> new ModelVersion(model, Integer.parseInt(number)))
        .filter(version -> store.stat(Layout.manifest(version)).isPresent())
        .sorted((a, b) -> Integer.compare(a.number(), b.number()))
        .toList();
  }

  /**
   * As {@link #versions}, of a model that must have one.
   *
   * @throws UserException naming the models that exist
   */
  public List<ModelVersion> requireVersions(String model) {
    List<ModelVersion> versions = versions(model);
    if (versions.isEmpty()) {
      throw unknownModel(model);
    }
    return versions;
  }

  /**
   * The version that a reference names now.
   *
   * @throws UserException naming what exists instead
   */
  public ModelVersion resolve(ModelReference reference) {
    ModelVersion version = target(reference);
    manifest(version);
    return version;
  }

  /**
   * The version that a reference names now, be there such a version or not.
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
   * What is known about a version.
   *
   * @throws UserException when it does not exist
   */
  public VersionInfo describe(ModelVersion version) {
    String location = store.locate(Layout.manifest(version));
    Manifest manifest = Manifest.parse(manifest(version), location);
    Optional<Claim> claim =
        store
            .readText(Layout.claim(version))
            .map(
                text ->
                    RegistryJson.parse(
                        text.text(), Claim.class, store.locate(Layout.claim(version))));
    List<String> names =
        aliases(version.model()).values().stream()
            .filter(move -> move.to() == version.number())
            .map(AliasMove::alias)
            .toList();
    return new VersionInfo(version, claim.map(Claim::by), claim.map(Claim::at), names, manifest);
  }

  /**
   * Brings a version to this machine: byte for byte the published folder, with its manifest. Every
   * size and SHA-256 is checked; a file damaged on its way is fetched once more. The folder appears
   * whole or not at all. A {@code target} that holds exactly this version is checked and kept.
   *
   * @throws UserException when the version does not exist or is damaged, or the target holds
   *     anything else
   */
  public void fetch(ModelVersion version, Path target) {
    download.fetch(version, manifest(version), target);
  }

  /**
   * Downloads every file of a version and checks its size and SHA-256.
   *
   * @throws UserException naming the first file that is missing or damaged
   */
  public void verify(ModelVersion version) {
    download.verify(version, manifest(version));
  }

  /** The aliases of a model, sorted, each with the move that made it what it is. */
  public SortedMap<String, AliasMove> aliases(String model) {
    return aliases.all(Names.checkModel(model));
  }

  /**
   * Points an alias at a version; creates it where there is none. Where it names that version
   * already nothing changes and its latest move is returned.
   *
   * @throws UserException when the version does not exist, or someone else moved the alias
   *     meanwhile
   */
  public AliasMove promote(ModelVersion version, String alias, Optional<String> why) {
    return promote(new Promotion(version, alias, why));
  }

  /**
   * As {@link #promote(ModelVersion, String, Optional)}, when the alias still names what the
   * decision was taken against.
   *
   * @throws UserException also when it names another version by now
   */
  public AliasMove promote(Promotion promotion) {
    manifest(promotion.version());
    return aliases.promote(promotion);
  }

  /** What was measured of the versions, and what gates said about them. */
  public StoredEvaluations evaluations() {
    return evaluations;
  }

  /**
   * Points an alias back at the version before its latest promotion; done twice it goes back two.
   *
   * @throws UserException when there is no such alias, nothing before it, the version it would
   *     return to is gone, or someone else moved the alias meanwhile
   */
  public AliasMove rollback(ModelAlias alias, Optional<String> why) {
    if (aliases.latest(alias).isEmpty()) {
      throw unknown(alias);
    }
    return aliases.rollback(
        alias, why, number -> manifest(new ModelVersion(alias.model(), number)));
  }

  /** Every move of a model's aliases, oldest first. */
  public List<AliasMove> history(String model) {
    return aliases.history(Names.checkModel(model));
  }

  /** The manifest as published; a version without one does not exist. */
  private String manifest(ModelVersion version) {
    return store
        .readText(Layout.manifest(version))
        .map(StoredText::text)
        .orElseThrow(() -> unknown(version));
  }

  private UserException unknown(ModelVersion version) {
    List<Integer> numbers =
        requireVersions(version.model()).stream().map(ModelVersion::number).toList();
    return new UserException(
        version + " does not exist in " + store.locate("") + "; it has versions " + join(numbers));
  }

  private UserException unknown(ModelAlias alias) {
    List<String> known = new ArrayList<>(aliases(alias.model()).keySet());
    if (known.isEmpty() && versions(alias.model()).isEmpty()) {
      return unknownModel(alias.model());
    }
    return new UserException(
        alias
            + " does not exist in "
            + store.locate("")
            + "; "
            + (known.isEmpty() ? "the model has no aliases yet" : "its aliases are " + join(known))
            + "; set one with 'models promote "
            + alias.model()
            + "@N --to "
            + alias.alias()
            + "'");
  }

  private UserException unknownModel(String model) {
    List<String> names = names();
    return new UserException(
        "model '"
            + model
            + "' has no version in "
            + store.locate("")
            + "; "
            + (names.isEmpty()
                ? "there are no models; check --store or publish one"
                : "models there: " + join(names)));
  }

  private static String join(Collection<?> values) {
    return values.stream().map(Object::toString).collect(Collectors.joining(", "));
  }
}
