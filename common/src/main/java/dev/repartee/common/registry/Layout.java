package dev.repartee.common.registry;

import java.util.Locale;

/** Where things stand under the store's root; the keys of the registry's objects. */
final class Layout {

  static final String MODELS = "models/";

  private Layout() {}

  static String versions(String model) {
    return MODELS + model + "/versions/";
  }

  static String file(ModelVersion version, String path) {
    return versions(version.model()) + version.number() + "/" + path;
  }

  static String manifest(ModelVersion version) {
    return file(version, Manifest.FILE);
  }

  /** Taken before anything is uploaded, so that no two publishers use one number. */
  static String claims(String model) {
    return MODELS + model + "/claims/";
  }

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

  /** One key for each move: it can be written again, and never over another move. */
  static String history(String model, AliasMove move) {
    return history(model)
        + String.format(Locale.ROOT, "%s/%06d.json", move.alias(), move.sequence());
  }
}
