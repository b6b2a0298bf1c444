package dev.repartee.registry.models;

import dev.repartee.registry.models.ModelReference.ModelAlias;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.text.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** The keys of a kind's objects under the store's root. */
record Layout(RegistryKind kind) {

  /** No model can have this name. */
  static final String AGENT_SALT = RegistryKind.MODEL.prefix() + ".agent-salt";

  private static final String BUILD = ".build.json";

  /** The folder of everything of one name. */
  private String folder(String name) {
    return kind.prefix() + name;
  }

  String versions(String model) {
    return folder(model) + "/versions/";
  }

  /** Makes a version exist; empty when the version was removed or never finished. */
  String manifest(ModelVersion version) {
    return versions(version.model()) + version.number() + "/" + Manifest.FILE;
  }

  /** The version whose manifest has this key; empty for any other object. */
  Optional<ModelVersion> versionOfManifest(String model, String key) {
    String[] parts = key.substring(versions(model).length()).split("/", -1);
    return parts.length == 2 && parts[1].equals(Manifest.FILE) && ModelVersion.isNumber(parts[0])
        ? Optional.of(new ModelVersion(model, Integer.parseInt(parts[0])))
        : Optional.empty();
  }

  String blobs(String model) {
    return folder(model) + "/blobs/";
  }

  /** The content of a file, under its SHA-256. */
  String blob(String model, String sha256) {
    return blobs(model) + sha256;
  }

  String claims(String model) {
    return folder(model) + "/claims/";
  }

  /** Taken before anything is uploaded, so that no two publishers use one number. */
  String claim(ModelVersion version) {
    return claims(version.model()) + version.number() + ".json";
  }

  String aliases(String model) {
    return folder(model) + "/aliases/";
  }

  String alias(ModelAlias alias) {
    return aliases(alias.model()) + alias.alias() + ".json";
  }

  /** Who builds versions of a model now. */
  String lease(String model) {
    return folder(model) + "/lease.json";
  }

  /** Which agents and conversations versions of a model must not know. */
  String forgotten(String model) {
    return folder(model) + "/forgotten.json";
  }

  String history(String model) {
    return folder(model) + "/history/";
  }

  String history(ModelAlias alias) {
    return history(alias.model()) + alias.alias() + "/";
  }

  /**
   * Each move has its key: it may be written again, and never replaces another move. The keys of
   * builds differ: there may be hundreds a day, and a rollback and a collection skip them unread.
   */
  String history(String model, AliasMove move) {
    return history(new ModelAlias(model, move.alias()))
        + String.format(Locale.ROOT, "%06d", move.sequence())
        + (move.kind() == AliasMove.Kind.BUILD ? BUILD : ".json");
  }

  static boolean isBuild(String historyKey) {
    return historyKey.endsWith(BUILD);
  }

  String pins(String model) {
    return folder(model) + "/pins/";
  }

  /** Keeps a version from being removed while somebody points an alias at it. */
  String pin(ModelVersion version, UUID id) {
    return pins(version.model()) + version.number() + "-" + id + ".json";
  }

  String removals(String model) {
    return folder(model) + "/removals/";
  }

  /** Marks a version that is about to be removed, so that nobody points an alias at it. */
  String removal(ModelVersion version) {
    return removals(version.model()) + version.number() + ".json";
  }

  String evaluations(ModelVersion version) {
    return folder(version.model()) + "/evaluations/" + version.number() + "/";
  }

  /** The numbers N of the objects {@code FOLDER/N.json} and {@code FOLDER/N.build.json}. */
  static Stream<Integer> numbers(ObjectStore store, String folder) {
    return store
        .list(folder)
        .map(object -> object.key().substring(folder.length()))
        .map(name -> name.replaceFirst("(\\.build)?\\.json$", ""))
        .filter(ModelVersion::isNumber)
        .map(Integer::valueOf);
  }

  /** A small object of the registry as JSON. */
  static byte[] json(Object value) {
    return (Json.PRETTY.writeValueAsString(value) + "\n").getBytes(StandardCharsets.UTF_8);
  }
}
