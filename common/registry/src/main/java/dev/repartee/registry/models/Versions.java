package dev.repartee.registry.models;

import static java.util.Objects.requireNonNull;

import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.ObjectStore.StoredText;
import dev.repartee.text.UserException;
import dev.repartee.text.json.Json;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/** Finds names and versions. An empty manifest is a version that was removed or never finished. */
final class Versions {

  private final ObjectStore store;
  private final Layout layout;

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

  Versions(ObjectStore store, Layout layout) {
    this.store = store;
    this.layout = layout;
  }

  /** The names of all models or libraries, sorted. */
  List<String> names() {
    return store.folders(layout.kind().prefix()).toList();
  }

  /** The whole versions of a model, oldest first. */
  List<ModelVersion> all(String model) {
    return store
        .list(layout.versions(layout.kind().checkName(model)))
        .filter(object -> object.size() > 0)
        .flatMap(object -> layout.versionOfManifest(model, object.key()).stream())
        .sorted(Comparator.comparingInt(ModelVersion::number))
        .toList();
  }

  /** The manifest of a whole version, as published. */
  Optional<StoredText> find(ModelVersion version) {
    return store.readText(layout.manifest(version)).filter(text -> !text.text().isEmpty());
  }

  /**
   * The manifest of a version that must exist, as published.
   *
   * @throws UserException naming the versions that exist
   */
  StoredText require(ModelVersion version) {
    return find(version).orElseThrow(() -> unknown(version));
  }

  /**
   * The whole versions of a model that must have one.
   *
   * @throws UserException naming the models that exist
   */
  List<ModelVersion> requireAny(String model) {
    List<ModelVersion> versions = all(model);
    if (versions.isEmpty()) {
      throw unknownName(model);
    }
    return versions;
  }

  Manifest parse(ModelVersion version, StoredText manifest) {
    return Manifest.parse(manifest.text(), store.locate(layout.manifest(version)));
  }

  Optional<Claim> claim(ModelVersion version) {
    String key = layout.claim(version);
    return store.readText(key).map(text -> Json.parse(text.text(), Claim.class, store.locate(key)));
  }

  private UserException unknown(ModelVersion version) {
    List<ModelVersion> known = requireAny(version.model());
    boolean removed = store.stat(layout.manifest(version)).isPresent();
    return new UserException(
        "%s %s %s; it has versions %s"
            .formatted(
                version,
                removed ? "was removed by 'models gc' from" : "does not exist in",
                store.locate(""),
                join(known.stream().map(ModelVersion::number).toList())));
  }

  UserException unknownName(String model) {
    RegistryKind kind = layout.kind();
    List<String> names = names();
    if (names.contains(model)) {
      return new UserException(
          "%s '%s' has no version in %s: its publications were interrupted or still run, or 'models gc' removed what they made; publish again"
              .formatted(kind.noun(), model, store.locate("")));
    }
    return new UserException(
        "%s '%s' has no version in %s; %s"
            .formatted(
                kind.noun(),
                model,
                store.locate(""),
                names.isEmpty()
                    ? "there are no " + kind.plural() + "; check --store or publish one"
                    : kind.plural() + " there: " + join(names)));
  }

  static String join(Collection<?> values) {
    return values.stream().map(Object::toString).collect(Collectors.joining(", "));
  }
}
