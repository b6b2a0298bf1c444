package dev.repartee.registry.models;

import dev.repartee.registry.store.ObjectStore;
import dev.repartee.text.UserException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Model versions in an object store. A version never changes and exists only when whole; an alias
 * is moved by compare-and-swap, and every move is kept.
 *
 * <p>Failures are {@link UserException}s: those of the store ({@link
 * dev.repartee.registry.store.StoreException}), and for names that do not exist ones that list what
 * does. May be used by several threads; closing the store is left to who opened it.
 */
public final class ModelRegistry {

  private final ObjectStore store;
  private final Actor actor;
  private final Versions versions;
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
    this(store, actor, TransferOptions.defaults());
  }

  ModelRegistry(ObjectStore store, Actor actor, TransferOptions transfers) {
    this.store = store;
    this.actor = actor;
    this.versions = new Versions(store);
    this.aliases = new Aliases(store, actor);
    this.upload = new VersionUpload(store, actor, transfers);
    this.download = new VersionDownload(store, transfers);
    this.evaluations = new StoredEvaluations(store, actor);
  }

  /**
   * Publishes a model folder as the next version. A {@code manifest.json} in it is checked and
   * published as it is, otherwise one is made; the folder itself is left alone. Files that the
   * model's other versions have too are not sent again, nor what a publication sent that was broken
   * off. Concurrent publishers get different numbers; a publication that fails leaves a gap.
   *
   * @throws UserException when it is no model folder, differs from its manifest, or changes
   *     meanwhile
   */
  public ModelVersion publish(String model, Path folder) {
    return upload.publish(Names.checkModel(model), folder);
  }

  /** The names of all models, sorted; one whose first publication failed shows too. */
  public List<String> names() {
    return versions.models();
  }

  /** The whole versions of a model, oldest first; empty for a model that does not exist. */
  public List<ModelVersion> versions(String model) {
    return versions.all(model);
  }

  /**
   * As {@link #versions}, of a model that must have one.
   *
   * @throws UserException naming the models that exist
   */
  public List<ModelVersion> requireVersions(String model) {
    return versions.requireAny(model);
  }

  /**
   * The version that a reference names now.
   *
   * @throws UserException naming what exists instead
   */
  public ModelVersion resolve(ModelReference reference) {
    ModelVersion version = target(reference);
    versions.require(version);
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
    Manifest manifest = versions.parse(version, versions.require(version));
    Optional<Claim> claim = versions.claim(version);
    List<String> names =
        aliases(version.model()).values().stream()
            .filter(move -> move.to() == version.number())
            .map(AliasMove::alias)
            .toList();
    return new VersionInfo(version, claim.map(Claim::by), claim.map(Claim::at), names, manifest);
  }

  /**
   * What distinguishes two versions of one model.
   *
   * @throws UserException when one does not exist, or they are of two models
   */
  public VersionDiff diff(ModelVersion from, ModelVersion to) {
    if (!from.model().equals(to.model())) {
      throw UserException.usage(
          from + " and " + to + " are of two models; give two versions of one");
    }
    return new VersionComparison(side(from), side(to)).compare();
  }

  private VersionComparison.Side side(ModelVersion version) {
    Manifest manifest = versions.parse(version, versions.require(version));
    return new VersionComparison.Side(version, manifest, file -> download.readText(version, file));
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
    download.fetch(version, versions.require(version).text(), target);
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
   * Reads every file of every version of a model again, and looks whether its aliases and their
   * history agree.
   *
   * @throws UserException when there is nothing of that model
   */
  public Verification verify(String model) {
    if (!names().contains(Names.checkModel(model))) {
      throw versions.unknownModel(model);
    }
    return new Verifier(store, aliases, download, model).verify();
  }

  /**
   * Removes the versions of a model that nothing names, what broken-off publications left, and
   * whatever else belongs to no version. May be broken off and repeated, and run beside
   * publications and promotions.
   */
  public GcReport collectGarbage(String model, GcOptions options) {
    return new GarbageCollection(store, actor, Names.checkModel(model), options).run();
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
    versions.require(promotion.version());
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
    return aliases.rollback(alias, why);
  }

  /**
   * The move by which an alias named what it did at a moment; empty when it did not exist yet.
   *
   * @throws UserException when there is no such alias
   */
  public Optional<AliasMove> at(ModelAlias alias, Instant moment) {
    if (aliases.latest(alias).isEmpty()) {
      throw unknown(alias);
    }
    return aliases.at(alias, moment);
  }

  /** Every move of a model's aliases, oldest first. */
  public List<AliasMove> history(String model) {
    return aliases.history(Names.checkModel(model));
  }

  private UserException unknown(ModelAlias alias) {
    List<String> known = new ArrayList<>(aliases(alias.model()).keySet());
    if (known.isEmpty() && versions.all(alias.model()).isEmpty()) {
      return versions.unknownModel(alias.model());
    }
    return new UserException(
        alias
            + " does not exist in "
            + store.locate("")
            + "; "
            + (known.isEmpty()
                ? "the model has no aliases yet"
                : "its aliases are " + Versions.join(known))
            + "; set one with 'models promote "
            + alias.model()
            + "@N --to "
            + alias.alias()
            + "'");
  }
}
