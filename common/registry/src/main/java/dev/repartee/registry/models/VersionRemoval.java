package dev.repartee.registry.models;

import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.Precondition;
import dev.repartee.registry.store.StoreException;
import dev.repartee.registry.store.StoredObject;
import dev.repartee.registry.store.StoredText;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes the versions of one model that nothing names; see {@link GarbageCollection}. */
final class VersionRemoval {

  private static final Logger log = LoggerFactory.getLogger(VersionRemoval.class);
  private static final byte[] EMPTY = {};
  private static final Comparator<ModelVersion> BY_NUMBER =
      Comparator.comparingInt(ModelVersion::number);

  /** A mark as it is stored. */
  private record Mark(String by, Instant at) {}

  private final ObjectStore store;
  private final Actor actor;
  private final Versions versions;
  private final Aliases aliases;
  private final String model;
  private final GcOptions options;
  private final Instant now;

  private final Map<ModelVersion, StoredText> manifests = new TreeMap<>(BY_NUMBER);
  private final List<Integer> removed = new ArrayList<>();
  private final List<Integer> spared = new ArrayList<>();
  private Retention retention;

  VersionRemoval(ObjectStore store, Actor actor, String model, GcOptions options) {
    this.store = store;
    this.actor = actor;
    this.versions = new Versions(store);
    this.aliases = new Aliases(store, actor);
    this.model = model;
    this.options = options;
    this.now = actor.now();
  }

  /** The versions that are left. */
  Map<ModelVersion, Manifest> run() {
    for (ModelVersion version : versions.all(model)) {
      versions.find(version).ifPresent(manifest -> manifests.put(version, manifest));
    }
    retention = retention();
    List<ModelVersion> candidates =
        manifests.keySet().stream().filter(version -> !retention.keeps(version)).toList();
    if (options.dryRun()) {
      candidates.forEach(version -> removed.add(version.number()));
    } else {
      candidates.forEach(this::mark);
      List<ModelVersion> marked = marked();
      retention = retention(); // after the marks: now everybody who promotes sees them
      marked.forEach(this::removeUnlessNamed);
    }
    Map<ModelVersion, Manifest> left = new TreeMap<>(BY_NUMBER);
    manifests.forEach((version, text) -> left.put(version, versions.parse(version, text)));
    left.keySet().removeIf(version -> removed.contains(version.number()));
    return left;
  }

  private Retention retention() {
    List<Pin.Content> pins =
        store
            .list(Layout.pins(model))
            .flatMap(object -> Pin.read(store, object.key()).stream())
            .toList();
    // Pins first: a promotion takes its pin back when its alias is moved.
    return Retention.of(
        List.copyOf(manifests.keySet()), aliases.history(model), pins, options, now);
  }

  private void mark(ModelVersion version) {
    try {
      byte[] mark = RegistryJson.bytes(new Mark(actor.name(), now));
      store.put(Layout.removal(version), mark, Precondition.absent());
    } catch (StoreException e) {
      GarbageCollection.requirePreconditionFailed(e); // by a collection that was broken off
    }
  }

  /** Those of a collection that was broken off as well. */
  private List<ModelVersion> marked() {
    return Layout.numbers(store, Layout.removals(model))
        .map(number -> new ModelVersion(model, number))
        .toList();
  }

  private void removeUnlessNamed(ModelVersion version) {
    Optional<StoredText> manifest = Optional.ofNullable(manifests.get(version));
    try {
      if (manifest.isPresent() && retention.keeps(version)) {
        spare(version, manifest.get());
      } else if (manifest.isPresent()) {
        store.put(Layout.manifest(version), EMPTY, manifest.get().unchanged());
        removed.add(version.number());
        log.info("removed {}", version);
      }
      store.delete(Layout.removal(version), Precondition.none());
    } catch (StoreException e) {
      GarbageCollection.requirePreconditionFailed(e);
      log.info("{} is being removed or kept by another collection", version);
    }
  }

  /** Another collection that has not seen why it stays must not be able to remove it any more. */
  private void spare(ModelVersion version, StoredText manifest) {
    store.renew(
        new StoredObject(
            Layout.manifest(version), manifest.text().length(), manifest.generation()));
    spared.add(version.number());
  }

  /** Why each version that is left stays. */
  Map<Integer, List<String>> kept() {
    Map<Integer, List<String>> kept = new TreeMap<>();
    manifests.keySet().stream()
        .filter(version -> !removed.contains(version.number()))
        .forEach(version -> kept.put(version.number(), retention.reasons(version)));
    return kept;
  }

  List<Integer> removed() {
    return List.copyOf(removed);
  }

  /** Versions that were to be removed and that somebody promoted meanwhile. */
  List<Integer> spared() {
    return List.copyOf(spared);
  }
}
