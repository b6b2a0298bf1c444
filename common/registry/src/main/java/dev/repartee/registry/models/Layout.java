package dev.repartee.registry.models;

import dev.repartee.registry.models.ModelReference.ModelAlias;
import dev.repartee.registry.store.ObjectStore;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** The keys of the registry's objects under the store's root. */
final class Layout {

  static final String MODELS = "models/";

  /** No model can have this name. */
  static final String AGENT_SALT = MODELS + ".agent-salt";

  private Layout() {}

  static String versions(String model) {
    return MODELS + model + "/versions/";
  }

  /** The place of a file in versions from before files were blobs. */
  static String file(ModelVersion version, String path) {
    return versions(version.model()) + version.number() + "/" + path;
  }

  /** Makes a version exist; empty when the version was removed or never finished. */
  static String manifest(ModelVersion version) {
    return file(version, Manifest.FILE);
  }

  /** The version whose manifest has this key; empty for any other object. */
  static Optional<ModelVersion> versionOfManifest(String model, String key) {
    String[] parts = key.substring(versions(model).length()).split("/", -1);
    return parts.length == 2 && parts[1].equals(Manifest.FILE) && ModelVersion.isNumber(parts[0])
        ? Optional.of(new ModelVersion(model, Integer.parseInt(parts[0])))
        : Optional.empty();
  }

  static String blobs(String model) {
    return MODELS + model + "/blobs/";
  }

  /** The content of a file, under its SHA-256. */
  static String blob(String model, String sha256) {
    return blobs(model) + sha256;
  }

  static String uploads(String model) {
    return MODELS + model + "/uploads/";
  }

  /** The folder for a blob's parts until they are composed. */
  static String upload(String model, String sha256) {
    return uploads(model) + sha256 + "/";
  }

  static String claims(String model) {
    return MODELS + model + "/claims/";
  }

  /** Taken before anything is uploaded, so that no two publishers use one number. */
  static String claim(ModelVersion version) {
    return claims(version.model()) + version.number() + ".json";
  }

  static String aliases(String model) {
    return MODELS + model + "/aliases/";
  }

  static String alias(ModelAlias alias) {
    return aliases(alias.model()) + alias.alias() + ".json";
  }

  static String history(String model) {
    return MODELS + model + "/history/";
  }

  /** Each move has a key of its own: it may be written again, and never replaces another move. */
  static String history(String model, AliasMove move) {
    return history(model)
        + String.format(Locale.ROOT, "%s/%06d.json", move.alias(), move.sequence());
  }

  static String pins(String model) {
    return MODELS + model + "/pins/";
  }

  /** Keeps a version from being removed while somebody points an alias at it. */
  static String pin(ModelVersion version, UUID id) {
    return pins(version.model()) + version.number() + "-" + id + ".json";
  }

  static String removals(String model) {
    return MODELS + model + "/removals/";
  }

  /** Marks a version that is about to be removed, so that nobody points an alias at it. */
  static String removal(ModelVersion version) {
    return removals(version.model()) + version.number() + ".json";
  }

  static String evaluations(ModelVersion version) {
    return MODELS + version.model() + "/evaluations/" + version.number() + "/";
  }

  /** The numbers N of the objects {@code FOLDER/N.json}. */
  static Stream<Integer> numbers(ObjectStore store, String folder) {
    return store
        .list(folder)
        .map(object -> object.key().substring(folder.length()))
        .map(name -> name.replaceFirst("\\.json$", ""))
        .filter(ModelVersion::isNumber)
        .map(Integer::valueOf);
  }
}
