package dev.repartee.registry.models;

import dev.repartee.registry.store.ObjectStore;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Stream;

/** Where things stand under the store's root; the keys of the registry's objects. */
final class Layout {

  static final String MODELS = "models/";

  private Layout() {}

  static String versions(String model) {
    return MODELS + model + "/versions/";
  }

  static String version(ModelVersion version) {
    return versions(version.model()) + version.number() + "/";
  }

  /** Where a file stood before files were blobs. */
  static String file(ModelVersion version, String path) {
    return version(version) + path;
  }

  /** Makes a version exist; empty where a version was removed or never finished. */
  static String manifest(ModelVersion version) {
    return file(version, Manifest.FILE);
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

  /** Where the parts of a blob stand until it is whole. */
  static String upload(String model, String sha256) {
    return uploads(model) + sha256 + "/";
  }

  /** Taken before anything is uploaded, so that no two publishers use one number. */
  static String claims(String model) {
    return MODELS + model + "/claims/";
  }

  static String claim(ModelVersion version) {
    return claims(version.model()) + version.number() + ".json";
  }

  /** The numbers N of the objects {@code FOLDER/N.json}. */
  static Stream<Integer> numbers(ObjectStore store, String folder) {
    return store
        .list(folder)
        .map(object -> object.key().substring(folder.length()))
        .map(name -> name.replaceFirst("\\.json$", ""))
        .filter(Names::isNumber)
        .map(Integer::valueOf);
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

  /** One key for each move: it can be written again, and never over another move. */
  static String history(String model, AliasMove move) {
    return history(model)
        + String.format(Locale.ROOT, "%s/%06d.json", move.alias(), move.sequence());
  }

  static String pins(String model) {
    return MODELS + model + "/pins/";
  }

  /** Keeps a version while somebody points an alias at it. */
  static String pin(ModelVersion version, UUID id) {
    return pins(version.model()) + version.number() + "-" + id + ".json";
  }

  static String removals(String model) {
    return MODELS + model + "/removals/";
  }

  /** Keeps anybody from pointing an alias at a version that is about to be removed. */
  static String removal(ModelVersion version) {
    return removals(version.model()) + version.number() + ".json";
  }
}
