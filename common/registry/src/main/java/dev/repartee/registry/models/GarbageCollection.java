package dev.repartee.registry.models;

import dev.repartee.registry.models.Aliases.Pin;
import dev.repartee.registry.models.Versions.Claim;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.ObjectStore.Precondition;
import dev.repartee.registry.store.ObjectStore.StoredObject;
import dev.repartee.registry.store.ObjectStore.StoredText;
import dev.repartee.registry.store.StoreException;
import dev.repartee.text.UserException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what nobody needs of one model or library, while others publish and promote. It may be
 * killed at any moment, and run beside others; the next one continues.
 *
 * <p>In this order, on which its safety rests (docs/adr/0016):
 *
 * <ol>
 *   <li>List the blobs with their generations. Only these generations are deleted. A publication
 *       renews the blobs that it reuses, after it has written its claim.
 *   <li>Read the claims. Give up those that are too old by writing an empty manifest in their
 *       place, which makes the publication's own last step fail.
 *   <li>Mark each version that is to be removed, then read the aliases and pins again. A promotion
 *       pins the version and then looks for the mark. A version that nothing names is removed by
 *       emptying its manifest, if that is unchanged since before the mark. The manifest of any
 *       other is rewritten. Only then the mark is deleted, if it is still this collection's.
 *   <li>Delete what neither a whole version nor a standing claim refers to.
 * </ol>
 */
public final class GarbageCollection {

  private static final Logger log = LoggerFactory.getLogger(GarbageCollection.class);

  /** The manifest of a version that was removed or given up. */
  private static final byte[] EMPTY = {};

  private static final Comparator<ModelVersion> BY_NUMBER =
      Comparator.comparingInt(ModelVersion::number);

  private final ObjectStore store;
  private final Layout layout;
  private final Actor actor;
  private final Versions versions;
  private final Aliases aliases;
  private final String model;
  private final GcOptions options;
  private final Instant now;

  /** The whole versions, as they were read before any was marked. */
  private final Map<ModelVersion, Whole> manifests = new TreeMap<>(BY_NUMBER);

  /** Whether a build is younger than {@code abandonedAfter}, for those of which it matters. */
  private final Map<ModelVersion, Boolean> young = new HashMap<>();

  /** Why versions stay, by their number. */
  private Map<Integer, Set<String>> reasons = Map.of();

  private final List<Integer> removed = new ArrayList<>();
  private final List<Integer> spared = new ArrayList<>();
  private final List<Integer> abandoned = new ArrayList<>();
  private final List<Integer> underWay = new ArrayList<>();
  private final List<String> deleted = new ArrayList<>();
  private long bytes;

  /**
   * What a collection keeps, besides the versions that an alias names.
   *
   * @param keepLast how many of the newest versions that were published with a whole folder, and
   *     how many of the newest builds of each one that is in use
   * @param window versions that an alias named within this time before now; a build counts only
   *     when a promotion or rollback replaced it
   * @param abandonedAfter a publication that takes longer counts as broken off; younger builds stay
   * @param dryRun report only, change nothing
   */
  public record GcOptions(int keepLast, Duration window, Duration abandonedAfter, boolean dryRun) {

    /**
     * @throws UserException (wrong usage) naming the bound
     */
    public GcOptions {
      if (keepLast < 0 || window.isNegative() || abandonedAfter.isNegative()) {
        throw UserException.usage(
            "--keep-last and --window must be at least 0 but are %d and %s"
                .formatted(keepLast, window));
      }
    }
  }

  /**
   * What a collection of one model or library found and, unless it was a dry run, deleted.
   *
   * @param model its name
   * @param kept version numbers with the reasons why they stay
   * @param removed versions that nothing named any more
   * @param spared versions that were to be removed, but that somebody promoted meanwhile
   * @param abandoned numbers whose publication was broken off
   * @param underWay numbers whose publication may still go on
   * @param objects keys of what belonged to none of them: blobs, pins
   * @param bytes the size of these objects
   */
  public record GcReport(
      String model,
      Map<Integer, List<String>> kept,
      List<Integer> removed,
      List<Integer> spared,
      List<Integer> abandoned,
      List<Integer> underWay,
      List<String> objects,
      long bytes) {}

  /** The manifest of a whole version, as text and read. */
  private record Whole(StoredText text, Manifest manifest) {}

  /** A mark on a version that is about to be removed, as it is stored. */
  private record Mark(String by, Instant at) {}

  GarbageCollection(
      ObjectStore store, Layout layout, Actor actor, String model, GcOptions options) {
    this.store = store;
    this.layout = layout;
    this.actor = actor;
    this.versions = new Versions(store, layout);
    this.aliases = new Aliases(store, layout, actor);
    this.model = model;
    this.options = options;
    this.now = actor.now();
  }

  GcReport run() {
    // The steps of the class comment, in their order.
    List<StoredObject> blobs = store.list(layout.blobs(model)).toList();
    Set<String> pending = giveUpAbandoned(unfinished());
    removeUnnamed();
    deleteUnneeded(blobs, pending);
    if (!options.dryRun()) {
      store.discardLeftovers();
    }
    return new GcReport(model, kept(), removed, spared, abandoned, underWay, deleted, bytes);
  }

  // Step 2: claims

  /** The claims of publications that are neither finished, nor removed, nor given up. */
  private Map<ModelVersion, Claim> unfinished() {
    List<Integer> claimed = Layout.numbers(store, layout.claims(model)).toList();
    // The manifests are listed after the claims: one that is written meanwhile is found.
    Set<Integer> ended = new HashSet<>();
    versionsOf(store.list(layout.versions(model))).forEach(ended::add);
    Map<ModelVersion, Claim> claims = new TreeMap<>(BY_NUMBER);
    for (int number : claimed) {
      if (!ended.contains(number)) {
        ModelVersion version = new ModelVersion(model, number);
        versions.claim(version).ifPresent(claim -> claims.put(version, claim));
      }
    }
    return claims;
  }

  private Stream<Integer> versionsOf(Stream<StoredObject> objects) {
    return objects
        .flatMap(object -> layout.versionOfManifest(model, object.key()).stream())
        .map(ModelVersion::number);
  }

  /** Gives up the old claims; returns the blobs that the others need. */
  private Set<String> giveUpAbandoned(Map<ModelVersion, Claim> claims) {
    Set<String> pending = new HashSet<>();
    claims.forEach(
        (version, claim) -> {
          boolean old = !claim.at().plus(options.abandonedAfter()).isAfter(now);
          if (old && (options.dryRun() || giveUp(version))) {
            abandoned.add(version.number());
          } else {
            pending.addAll(claim.blobs());
            underWay.add(version.number());
          }
        });
    return pending;
  }

  /** False when the publisher was faster. */
  private boolean giveUp(ModelVersion version) {
    boolean given = store.create(layout.manifest(version), EMPTY);
    if (given) {
      log.info("{} was never finished and is abandoned", version);
    }
    return given;
  }

  // Step 3: versions

  private void removeUnnamed() {
    for (ModelVersion version : versions.all(model)) {
      // A damaged manifest ends the collection: the blobs that it names are not known.
      versions
          .find(version)
          .ifPresent(
              text -> manifests.put(version, new Whole(text, versions.parse(version, text))));
    }
    reasons = reasonsToKeep();
    List<ModelVersion> candidates =
        manifests.keySet().stream().filter(version -> !isKept(version)).toList();
    if (options.dryRun()) {
      candidates.forEach(version -> removed.add(version.number()));
      return;
    }
    Set<ModelVersion> toMark = new TreeSet<>(BY_NUMBER);
    toMark.addAll(candidates);
    // A collection that was interrupted, or that still runs, has marked these.
    Layout.numbers(store, layout.removals(model))
        .map(number -> new ModelVersion(model, number))
        .forEach(toMark::add);
    Map<ModelVersion, StoredObject> marks = new TreeMap<>(BY_NUMBER);
    toMark.forEach(version -> mark(version).ifPresent(mark -> marks.put(version, mark)));
    reasons = reasonsToKeep(); // again, now that every promotion sees the marks
    marks.forEach(this::removeUnlessKept);
  }

  private boolean isKept(ModelVersion version) {
    return reasons.containsKey(version.number());
  }

  /** Which versions must stay, and why. */
  private Map<Integer, Set<String>> reasonsToKeep() {
    // The pins are read first: a promotion moves its alias before it takes its pin back.
    List<Pin.Content> pins =
        store
            .list(layout.pins(model))
            .flatMap(object -> Pin.read(store, object.key()).stream())
            .filter(pin -> pin.holds(now))
            .toList();
    List<AliasMove> history = aliases.historyWithoutBuilds(model);
    Map<Integer, Set<String>> keep = new TreeMap<>();
    manifests.keySet().stream()
        .filter(version -> builtOn(version).isEmpty())
        .sorted(BY_NUMBER.reversed())
        .limit(options.keepLast())
        .forEach(version -> add(keep, version.number(), "newest"));
    history.stream()
        .map(AliasMove::alias)
        .distinct()
        .forEach(alias -> keepNamed(keep, alias, Aliases.movesOf(alias, history)));
    // Also where the history says otherwise: somebody may have restored an alias's older object.
    aliases.all(model).forEach((alias, move) -> add(keep, move.to(), alias));
    pins.forEach(pin -> add(keep, pin.version(), "being promoted by " + pin.by()));
    keepBuilds(keep);
    return keep;
  }

  private Optional<Integer> builtOn(ModelVersion version) {
    return manifests.get(version).manifest().builtOn();
  }

  /** The newest builds on each ancestor that is in use, and those that were published just now. */
  private void keepBuilds(Map<Integer, Set<String>> keep) {
    Set<Integer> inUse = new HashSet<>();
    manifests.keySet().stream()
        .filter(version -> keep.containsKey(version.number()))
        .forEach(version -> inUse.add(builtOn(version).orElse(version.number())));
    Map<Integer, Integer> newer = new HashMap<>();
    List<ModelVersion> newestFirst = new ArrayList<>(manifests.keySet()).reversed();
    for (ModelVersion version : newestFirst) {
      Optional<Integer> ancestor = builtOn(version);
      if (ancestor.isEmpty()) {
        continue;
      }
      if (inUse.contains(ancestor.get())
          && newer.merge(ancestor.get(), 1, Integer::sum) <= options.keepLast()) {
        add(keep, version.number(), "newest builds of " + ancestor.get());
      } else if (!keep.containsKey(version.number()) && isYoung(version)) {
        add(keep, version.number(), "built within " + text(options.abandonedAfter()));
      }
    }
  }

  private boolean isYoung(ModelVersion version) {
    return young.computeIfAbsent(
        version,
        _ ->
            versions
                .claim(version)
                .filter(claim -> claim.at().plus(options.abandonedAfter()).isAfter(now))
                .isPresent());
  }

  private void keepNamed(Map<Integer, Set<String>> keep, String alias, List<AliasMove> moves) {
    Instant start = now.minus(options.window());
    for (int i = 0; i < moves.size(); i++) {
      int number = moves.get(i).to();
      if (i == moves.size() - 1) {
        add(keep, number, alias);
      } else if (moves.get(i + 1).at().isAfter(start)) { // the alias named it until then
        add(keep, number, alias + " within " + text(options.window()));
      }
      AliasMove move = moves.get(i);
      if (move.kind() != AliasMove.Kind.BUILD && move.at().isAfter(start)) {
        move.from().ifPresent(from -> add(keep, from, alias + " within " + text(options.window())));
      }
    }
    Aliases.previous(alias, moves).ifPresent(number -> add(keep, number, "rollback of " + alias));
  }

  private static String text(Duration time) {
    return time.toDays() > 1 && time.equals(Duration.ofDays(time.toDays()))
        ? time.toDays() + " days"
        : time.equals(Duration.ofHours(time.toHours()))
            ? time.toHours() + " hours"
            : time.toMinutes() + " minutes";
  }

  private static void add(Map<Integer, Set<String>> keep, int number, String reason) {
    keep.computeIfAbsent(number, _ -> new TreeSet<>()).add(reason);
  }

  /**
   * Marks a version, also where another collection has marked it: that one then leaves this mark.
   *
   * @return empty for a version that was published since
   */
  private Optional<StoredObject> mark(ModelVersion version) {
    if (!manifests.containsKey(version) && versions.find(version).isPresent()) {
      return Optional.empty();
    }
    byte[] mark = Layout.json(new Mark(actor.name(), now));
    return Optional.of(store.put(layout.removal(version), mark, Precondition.none()));
  }

  /**
   * Empties or rewrites the manifest, and then takes the mark back: a collection whose mark this
   * one replaced can no longer empty the manifest that it has read before.
   */
  private void removeUnlessKept(ModelVersion version, StoredObject mark) {
    Optional<Whole> whole = Optional.ofNullable(manifests.get(version));
    if (whole.isPresent() && !isKept(version) && removed(version, whole.get())) {
      removed.add(version.number());
      log.info("removed {}", version);
    } else if (whole.isPresent() && spared(version)) {
      spared.add(version.number());
    }
    store.deleteIfUnchanged(mark);
  }

  /** False when another collection was faster. */
  private boolean removed(ModelVersion version, Whole whole) {
    return store.putIf(layout.manifest(version), EMPTY, whole.text().unchanged()).isPresent();
  }

  /** False when it was removed meanwhile. */
  private boolean spared(ModelVersion version) {
    while (true) {
      Optional<StoredObject> manifest =
          store.stat(layout.manifest(version)).filter(found -> found.size() > 0);
      try {
        manifest.ifPresent(store::renew);
        return manifest.isPresent();
      } catch (StoreException e) {
        e.requirePreconditionFailed(); // rewritten by another collection
      }
    }
  }

  private Map<Integer, List<String>> kept() {
    Map<Integer, List<String>> kept = new TreeMap<>();
    for (ModelVersion version : manifests.keySet()) {
      int number = version.number();
      if (!removed.contains(number)) {
        kept.put(number, List.copyOf(reasons.getOrDefault(number, Set.of())));
      }
    }
    return kept;
  }

  // Step 4: objects

  /**
   * Deletes the listed blobs that nobody needs, and other leftovers.
   *
   * @param pending the blobs that running publications need
   */
  private void deleteUnneeded(List<StoredObject> blobs, Set<String> pending) {
    Set<String> needed = new HashSet<>(pending);
    manifests.forEach(
        (version, whole) -> {
          if (!removed.contains(version.number())) {
            whole.manifest().files().forEach(file -> needed.add(file.sha256()));
          }
        });
    for (StoredObject blob : blobs) {
      if (!needed.contains(blob.key().substring(layout.blobs(model).length()))) {
        delete(blob);
      }
    }
    deleteExpiredPins();
  }

  private void deleteExpiredPins() {
    for (StoredObject object : store.list(layout.pins(model)).toList()) {
      if (Pin.read(store, object.key()).filter(pin -> pin.holds(now)).isEmpty()) {
        delete(object);
      }
    }
  }

  private void delete(StoredObject object) {
    if (options.dryRun() || store.deleteIfUnchanged(object)) {
      deleted.add(object.key());
      bytes += object.size();
    } else {
      log.info("{} is used by now and stays", object.key());
    }
  }
}
