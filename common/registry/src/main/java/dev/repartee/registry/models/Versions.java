package dev.repartee.registry.models;

import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.StoredObject;
import dev.repartee.registry.store.StoredText;
import dev.repartee.text.UserException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Which versions there are. An empty manifest is a version that was removed or never finished. */
final class Versions {

  private final ObjectStore store;

  Versions(ObjectStore store) {
    this.store = store;
  }

  /** The names of all models, sorted. */
  List<String> models() {
    return store.folders(Layout.MODELS).toList();
  }

  /** The whole versions of a model, oldest first. */
  List<ModelVersion> all(String model) {
    return store
        .list(Layout.versions(Names.checkModel(model)))
        .filter(object -> object.size() > 0)
        .flatMap(object -> ofManifest(model, object).stream())
        .sorted(Comparator.comparingInt(ModelVersion::number))
        .toList();
  }

  /** The version whose manifest {@code object} is; empty for any other object. */
  static Optional<ModelVersion> ofManifest(String model, StoredObject object) {
    String[] parts = object.key().substring(Layout.versions(model).length()).split("/", -1);
    return parts.length == 2 && parts[1].equals(Manifest.FILE) && Names.isNumber(parts[0])
        ? Optional.of(new ModelVersion(model, Integer.parseInt(parts[0])))
        : Optional.empty();
  }

  /** A whole version's manifest as published. */
  Optional<StoredText> find(ModelVersion version) {
    return store.readText(Layout.manifest(version)).filter(text -> !text.text().isEmpty());
  }

  /**
   * A version's manifest as published.
   *
   * @throws UserException when there is no such version, naming those that there are
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
      throw unknownModel(model);
    }
    return versions;
  }

  Manifest parse(ModelVersion version, StoredText manifest) {
    return Manifest.parse(manifest.text(), store.locate(Layout.manifest(version)));
  }

  Optional<Claim> claim(ModelVersion version) {
    String key = Layout.claim(version);
    return store
        .readText(key)
        .map(text -> RegistryJson.parse(text.text(), Claim.class, store.locate(key)));
  }

  private UserException unknown(ModelVersion version) {
    List<ModelVersion> known = requireAny(version.model());
    boolean removed = store.stat(Layout.manifest(version)).isPresent();
    return new UserException(
        version
            + (removed ? " was removed by 'models gc' from " : " does not exist in ")
            + store.locate("")
            + "; it has versions "
            + join(known.stream().map(ModelVersion::number).toList()));
  }

  UserException unknownModel(String model) {
    List<String> names = models();
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

  static String join(Collection<?> values) {
    return values.stream().map(Object::toString).collect(Collectors.joining(", "));
  }
}
