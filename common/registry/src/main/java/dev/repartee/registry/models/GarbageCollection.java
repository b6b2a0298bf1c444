package dev.repartee.registry.models;

import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.Precondition;
import dev.repartee.registry.store.StoreException;
import dev.repartee.registry.store.StoreException.Reason;
import dev.repartee.registry.store.StoredObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what nobody needs of one model, while others publish and promote. It may be killed at any
 * moment; the next one goes on.
 *
 * <p>In this order, on which its safety rests (docs/adr/0016):
 *
 * <ol>
 *   <li>List the blobs with their generations. Deleted are only these generations; whoever
 *       publishes renews what he reuses, after he has written a claim.
 *   <li>Read the claims. Give up those that are too old by taking their manifest's place with an
 *       empty object, which makes the publisher's own last step fail.
 *   <li>Mark each version that is to be removed; then look for aliases and pins anew. Whoever
 *       promotes pins the version and then looks for the mark. A version that is not named is
 *       removed by emptying its manifest, exactly as it was when it was marked.
 *   <li>Delete what no whole version and no claim that stands refers to.
 * </ol>
 */
final class GarbageCollection {

  private static final Logger log = LoggerFactory.getLogger(GarbageCollection.class);
  private static final byte[] EMPTY = {};

  /** No write of one object takes that long. */
  private static final Duration LEFTOVERS = Duration.ofHours(1);

  private final ObjectStore store;
  private final Actor actor;
  private final Versions versions;
  private final String model;
  private final GcOptions options;
  private final Instant now;

  private final List<Integer> abandoned = new ArrayList<>();
  private final List<Integer> underWay = new ArrayList<>();
  private final List<String> deleted = new ArrayList<>();
  private long bytes;

  GarbageCollection(ObjectStore store, Actor actor, String model, GcOptions options) {
    this.store = store;
    this.actor = actor;
    this.versions = new Versions(store);
    this.model = model;
    this.options = options;
    this.now = actor.now();
  }

  GcReport run() {
    List<StoredObject> blobs = store.list(Layout.blobs(model)).toList();
    List<StoredObject> uploads = store.list(Layout.uploads(model)).toList();
    Set<String> pending = giveUpAbandoned(claims());
    VersionRemoval removal = new VersionRemoval(store, actor, model, options);
    Map<ModelVersion, Manifest> kept = removal.run();

    Set<String> needed = new HashSet<>(pending);
    kept.values().forEach(manifest -> manifest.files().forEach(file -> needed.add(file.sha256())));
    blobs.stream().filter(blob -> !needed.contains(hashOf(blob))).forEach(this::delete);
    uploads.stream().filter(part -> !pending.contains(blobOf(part))).forEach(this::delete);
    deleteFiles(gone(removal.removed()));
    deleteExpiredPins();
    if (!options.dryRun()) {
      store.discardLeftovers(LEFTOVERS);
    }
    return new GcReport(
        model,
        removal.kept(),
        removal.removed(),
        removal.spared(),
        abandoned,
        underWay,
        deleted,
        bytes);
  }

  private String hashOf(StoredObject blob) {
    return blob.key().substring(Layout.blobs(model).length());
  }

  private String blobOf(StoredObject part) {
    return part.key().substring(Layout.uploads(model).length()).replaceFirst("/.*", "");
  }

  /** Of publications that have not ended: neither whole, nor removed, nor given up before. */
  private Map<Integer, Claim> claims() {
    List<Integer> claimed = Layout.numbers(store, Layout.claims(model)).toList();
    Set<Integer> ended = new HashSet<>();
    store
        .list(Layout.versions(model))
        .flatMap(object -> Versions.ofManifest(model, object).stream())
        .forEach(version -> ended.add(version.number()));
    Map<Integer, Claim> claims = new TreeMap<>();
    claimed.stream()
        .filter(number -> !ended.contains(number))
        .forEach(
            number ->
                versions
                    .claim(new ModelVersion(model, number))
                    .ifPresent(claim -> claims.put(number, claim)));
    return claims;
  }

  /** The blobs of publications that go on. */
  private Set<String> giveUpAbandoned(Map<Integer, Claim> claims) {
    Set<String> pending = new HashSet<>();
    claims.forEach(
        (number, claim) -> {
          ModelVersion version = new ModelVersion(model, number);
          boolean old = !claim.at().plus(options.abandonedAfter()).isAfter(now);
          if (old && (options.dryRun() || take(version))) {
            abandoned.add(number);
          } else {
            pending.addAll(claim.blobs());
            underWay.add(number);
          }
        });
    return pending;
  }

  /** False when the publisher was faster. */
  private boolean take(ModelVersion version) {
    try {
      store.put(Layout.manifest(version), EMPTY, Precondition.absent());
      log.info("{} was never finished and is given up", version);
      return true;
    } catch (StoreException e) {
      requirePreconditionFailed(e);
      return false;
    }
  }

  /** What stood in a version's folder before files were blobs goes with the version. */
  private void deleteFiles(Set<Integer> gone) {
    for (StoredObject object : store.list(Layout.versions(model)).toList()) {
      String number =
          object.key().substring(Layout.versions(model).length()).replaceFirst("/.*", "");
      if (Names.isNumber(number)
          && gone.contains(Integer.parseInt(number))
          && Versions.ofManifest(model, object).isEmpty()) {
        delete(object);
      }
    }
  }

  /** Versions that were removed or given up, now or before. */
  private Set<Integer> gone(List<Integer> removed) {
    Set<Integer> gone = new HashSet<>(removed);
    gone.addAll(abandoned);
    store
        .list(Layout.versions(model))
        .filter(object -> object.size() == 0)
        .flatMap(object -> Versions.ofManifest(model, object).stream())
        .forEach(version -> gone.add(version.number()));
    return gone;
  }

  private void deleteExpiredPins() {
    for (StoredObject object : store.list(Layout.pins(model)).toList()) {
      if (Pin.read(store, object.key()).filter(pin -> pin.holds(now)).isEmpty()) {
        delete(object);
      }
    }
  }

  private void delete(StoredObject object) {
    try {
      if (!options.dryRun()) {
        store.delete(object.key(), Precondition.generation(object.generation()));
      }
      deleted.add(object.key());
      bytes += object.size();
    } catch (StoreException e) {
      requirePreconditionFailed(e);
      log.info("{} was taken into use meanwhile and stays", object.key());
    }
  }

  static void requirePreconditionFailed(StoreException failure) {
    if (failure.reason() != Reason.PRECONDITION_FAILED) {
      throw failure;
    }
  }
}
