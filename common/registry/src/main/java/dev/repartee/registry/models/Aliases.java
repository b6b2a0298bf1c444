package dev.repartee.registry.models;

import static dev.repartee.registry.models.AliasMove.Kind.BUILD;
import static dev.repartee.registry.models.AliasMove.Kind.PROMOTE;
import static dev.repartee.registry.models.AliasMove.Kind.ROLLBACK;
import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingInt;
import static java.util.Objects.requireNonNull;

import dev.repartee.registry.models.AliasMove.Hold;
import dev.repartee.registry.models.AliasMove.Promotion;
import dev.repartee.registry.models.ModelReference.ModelAlias;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.ObjectStore.Precondition;
import dev.repartee.registry.store.ObjectStore.StoredObject;
import dev.repartee.registry.store.ObjectStore.StoredText;
import dev.repartee.registry.store.StoreException;
import dev.repartee.registry.store.StoreException.Reason;
import dev.repartee.text.UserException;
import dev.repartee.text.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Moves aliases and keeps every move.
 *
 * <p>An alias's object holds its latest move, so that one compare-and-swap changes alias and
 * history together. A copy under {@code history/} follows. When a process dies between the two, the
 * next move writes the missing copy; reading the history includes the alias's own object anyway.
 *
 * <p>Beside its latest move, the object of an alias that was rolled back has {@code held}, which no
 * copy needs.
 */
final class Aliases {

  private static final Logger log = LoggerFactory.getLogger(Aliases.class);

  private final ObjectStore store;
  private final Layout layout;
  private final Actor actor;

  /** An alias: its latest move, whether it is held, and the object that contains both. */
  private record Current(AliasMove move, Optional<Hold> held, StoredText object) {}

  /** The part of an alias's object that is not its latest move. */
  record Holding(Optional<Hold> held) {}

  Aliases(ObjectStore store, Layout layout, Actor actor) {
    this.store = store;
    this.layout = layout;
    this.actor = actor;
  }

  /** As {@link ModelRegistry#promote(Promotion)}, for a version that exists. */
  AliasMove promote(Promotion promotion) {
    ModelAlias alias = promotion.target();
    int number = promotion.version().number();
    Optional<Current> current = read(alias);
    if (current.isPresent() && current.get().move().to() == number) {
      release(alias, current.get());
      return current.get().move();
    }
    requireExpected(promotion, current.map(Current::move));
    AliasMove move = next(alias, current, PROMOTE, number, promotion.why());
    return write(alias, current, move.withGates(promotion.gates()), Optional.empty())
        .orElseThrow(() -> lostRace(alias, number));
  }

  /** As {@link ModelRegistry#build}, for a version with the right weights. */
  Optional<AliasMove> build(
      ModelVersion version, String name, int from, Optional<String> why, boolean evenHeld) {
    ModelAlias alias = new ModelAlias(version.model(), name);
    Optional<Current> current = read(alias);
    if (current
        .filter(now -> now.move().to() == from && (evenHeld || now.held().isEmpty()))
        .isEmpty()) {
      return Optional.empty();
    }
    AliasMove move = next(alias, current, BUILD, version.number(), why);
    return write(alias, current, move, current.flatMap(Current::held));
  }

  /** Since when an alias is held, and by whom; empty for one that builds may move. */
  Optional<Hold> held(ModelAlias alias) {
    return read(alias).flatMap(Current::held);
  }

  private void release(ModelAlias alias, Current current) {
    if (current.held().isPresent()) {
      try {
        store.put(
            layout.alias(alias),
            content(current.move(), Optional.empty()),
            current.object().unchanged());
      } catch (StoreException e) {
        e.requirePreconditionFailed();
        throw new UserException(alias + " was changed meanwhile; check and try again", e);
      }
    }
  }

  private static void requireExpected(Promotion promotion, Optional<AliasMove> before) {
    Optional<Integer> named = before.map(AliasMove::to);
    if (promotion.expected().filter(expected -> !expected.version().equals(named)).isPresent()) {
      throw new UserException(
          "%s was not moved to %s: the decision was taken against %s, but %s; check and try again"
              .formatted(
                  promotion.target(),
                  promotion.version().number(),
                  promotion.expected().get(),
                  before
                      .map(move -> move.by() + " moved it to " + move.to() + " at " + move.at())
                      .orElse("it is gone")));
    }
  }

  /** As {@link ModelRegistry#rollback(ModelAlias, Optional, Optional, UnaryOperator)}. */
  AliasMove rollback(
      ModelAlias alias,
      Optional<Integer> from,
      Optional<String> why,
      UnaryOperator<ModelVersion> rebuilt) {
    Optional<Current> current = read(alias);
    if (current.isEmpty()) {
      throw new UserException(alias + " does not exist");
    }
    AliasMove latest = current.get().move();
    if (from.filter(number -> !isOfPromotion(alias, latest, number)).isPresent()) {
      throw new UserException(
          "%s was not rolled back from %d: it names %d since the %s by %s at %s"
              .formatted(
                  alias, from.get(), latest.to(), latest.kind().id(), latest.by(), latest.at()));
    }
    int target =
        previous(alias.alias(), historyWithoutBuilds(alias.model()))
            .orElseThrow(
                () ->
                    new UserException(
                        "%s has no promotion before that of %d; nothing to roll back to; to undo a build, promote an earlier version"
                            .formatted(alias, latest.to())));
    int number = rebuilt.apply(new ModelVersion(alias.model(), target)).number();
    AliasMove move = next(alias, current, ROLLBACK, number, why);
    Optional<Hold> hold =
        Optional.of(new Hold(move.by(), move.at()))
            .filter(_ -> layout.kind() == RegistryKind.MODEL); // nothing builds the others
    return write(alias, current, move, hold).orElseThrow(() -> lostRace(alias, number));
  }

  /** Whether an alias names a version, or what was built on it since. */
  private boolean isOfPromotion(ModelAlias alias, AliasMove latest, int number) {
    if (latest.to() == number) {
      return true;
    }
    if (latest.kind() != BUILD) {
      return false;
    }
    for (AliasMove move : movesOf(alias.alias(), history(alias.model())).reversed()) {
      if (move.to() == number) {
        return true;
      }
      if (move.kind() != BUILD) {
        return false;
      }
    }
    return false;
  }

  /**
   * Each rollback undoes one promotion: two of them go two versions back, not to and fro. A
   * promotion replaced what {@code from} names, which may be a build.
   *
   * @param history with or without builds
   */
  static Optional<Integer> previous(String alias, List<AliasMove> history) {
    Deque<Integer> replaced = new ArrayDeque<>();
    Optional<AliasMove> before = Optional.empty();
    for (AliasMove move : movesOf(alias, history)) {
      switch (move.kind()) {
        // Without "from" somebody has deleted the alias's object before.
        case PROMOTE -> {
          Optional<Integer> named = before.map(AliasMove::to);
          move.from().or(() -> named).ifPresent(replaced::push);
        }
        case ROLLBACK -> replaced.pollFirst();
        case BUILD -> {}
      }
      before = Optional.of(move);
    }
    return Optional.ofNullable(replaced.peekFirst());
  }

  private AliasMove next(
      ModelAlias alias,
      Optional<Current> current,
      AliasMove.Kind kind,
      int to,
      Optional<String> why) {
    Optional<AliasMove> before = current.map(Current::move);
    Instant now = actor.now();
    // Clocks of machines differ: a later move must not have an earlier time.
    Instant at = before.map(AliasMove::at).filter(earlier -> earlier.isAfter(now)).orElse(now);
    // The history counts as well: somebody may have deleted the alias's object, or restored an
    // older one, and a move whose key exists would not be kept.
    int last =
        Math.max(
            before.map(AliasMove::sequence).orElse(0),
            Layout.numbers(store, layout.history(alias))
                .mapToInt(Integer::intValue)
                .max()
                .orElse(0));
    return new AliasMove(
        alias.alias(),
        last + 1,
        kind,
        before.map(AliasMove::to),
        to,
        actor.name(),
        at,
        why,
        current.map(found -> found.object().generation()),
        Optional.empty());
  }

  /**
   * Moves the alias if it is still {@code current}: pin, look, compare-and-swap, unpin.
   *
   * @return empty when others have changed the alias
   */
  private Optional<AliasMove> write(
      ModelAlias alias, Optional<Current> current, AliasMove move, Optional<Hold> hold) {
    // The copy of the move before may be missing, and after the swap its text would be lost.
    current.ifPresent(
        found ->
            store.create(
                layout.history(alias.model(), found.move()),
                found.object().text().getBytes(StandardCharsets.UTF_8)));
    Precondition unchanged =
        current.map(found -> found.object().unchanged()).orElse(Precondition.absent());
    try (Pin pin = Pin.on(new ModelVersion(alias.model(), move.to()), store, layout, actor)) {
      pin.requireTrusted();
      if (!swap(alias, move, content(move, hold), unchanged)) {
        return Optional.empty();
      }
    }
    try {
      // When it exists, it is this very move: no other can have this key.
      store.create(layout.history(alias.model(), move), Layout.json(move));
    } catch (StoreException e) {
      log.warn("{} was moved; the next move adds this one to the history", alias, e);
    }
    return Optional.of(move);
  }

  private static byte[] content(AliasMove move, Optional<Hold> held) {
    ObjectNode json = Json.PRETTY.valueToTree(move);
    held.ifPresent(hold -> json.set("held", Json.PRETTY.valueToTree(hold)));
    return Layout.json(json);
  }

  /** False when others have changed the alias. */
  private boolean swap(ModelAlias alias, AliasMove move, byte[] content, Precondition unchanged) {
    try {
      store.put(layout.alias(alias), content, unchanged);
      return true;
    } catch (StoreException e) {
      if (e.reason() == Reason.PRECONDITION_FAILED) {
        return false;
      }
      if (e.reason() == Reason.UNAVAILABLE) {
        throw new UserException(
            "%s; %s may have moved to %d anyway: see 'models list %s'"
                .formatted(e.getMessage(), alias, move.to(), layout.kind().written(alias.model())),
            e);
      }
      throw e;
    }
  }

  private UserException lostRace(ModelAlias alias, int to) {
    String winner =
        latest(alias)
            .map(other -> other.by() + " moved it to " + other.to() + " meanwhile")
            .orElse("it was removed meanwhile");
    return new UserException(
        alias + " was not moved to " + to + ": " + winner + "; check and try again");
  }

  /**
   * Protects a version while an alias is moved to it. Whoever moves writes a pin and then checks
   * that the version is there and not marked for removal; a collection marks the version and then
   * looks for pins and aliases. So at least one of the two sees the other.
   */
  static final class Pin implements AutoCloseable {

    /** A move takes a second. One that took longer than this must not rely on its pin. */
    private static final Duration TRUSTED = Duration.ofMinutes(10);

    /** An older pin was left by a process that died; nobody has relied on it for long. */
    private static final Duration EXPIRED = Duration.ofHours(1);

    /** A pin as it is stored. */
    record Content(int version, String by, Instant at) {
      Content {
        requireNonNull(by, "by is null");
        requireNonNull(at, "at is null");
      }

      /** Whether somebody may still rely on it. */
      boolean holds(Instant now) {
        return at.isAfter(now.minus(EXPIRED));
      }
    }

    private final ObjectStore store;
    private final Layout layout;
    private final ModelVersion version;
    private final String key;
    private final long startNanos = System.nanoTime();

    private Pin(ObjectStore store, Layout layout, ModelVersion version) {
      this.store = store;
      this.layout = layout;
      this.version = version;
      this.key = layout.pin(version, UUID.randomUUID());
    }

    /**
     * Pins {@code version}.
     *
     * @throws UserException when it does not exist, or is being removed
     */
    private static Pin on(ModelVersion version, ObjectStore store, Layout layout, Actor actor) {
      Pin pin = new Pin(store, layout, version);
      Content content = new Content(version.number(), actor.name(), actor.now());
      store.put(pin.key, Layout.json(content), Precondition.absent());
      try {
        pin.requireKept();
        return pin;
      } catch (RuntimeException e) {
        pin.close();
        throw e;
      }
    }

    /** The content of a pin; empty when it was taken back meanwhile. */
    static Optional<Content> read(ObjectStore store, String key) {
      return store
          .readText(key)
          .map(text -> Json.parse(text.text(), Content.class, store.locate(key)));
    }

    private void requireKept() {
      if (store.stat(layout.removal(version)).isPresent()) {
        throw new UserException(
            version
                + " is being removed by 'models gc'; run that again to its end, then try again");
      }
      new Versions(store, layout).require(version);
    }

    private void requireTrusted() {
      if (System.nanoTime() - startNanos > TRUSTED.toNanos()) {
        throw new UserException("moving an alias to " + version + " took too long; try again");
      }
    }

    @Override
    public void close() {
      try {
        store.delete(key, Precondition.none());
      } catch (StoreException e) {
        log.warn("{} stays until 'models gc' finds it expired: {}", key, e.getMessage());
      }
    }
  }

  /** The aliases of a model and their latest moves. */
  SortedMap<String, AliasMove> all(String model) {
    SortedMap<String, AliasMove> moves = new TreeMap<>();
    readAll(store.list(layout.aliases(model))).forEach(move -> moves.put(move.alias(), move));
    return moves;
  }

  Optional<AliasMove> latest(ModelAlias alias) {
    return read(alias).map(Current::move);
  }

  /** Every move of every alias, oldest first. */
  List<AliasMove> history(String model) {
    return history(model, _ -> true);
  }

  /** As {@link #history}, of builds at most the latest move of each alias. */
  List<AliasMove> historyWithoutBuilds(String model) {
    return history(model, object -> !Layout.isBuild(object.key()));
  }

  private List<AliasMove> history(String model, Predicate<StoredObject> chosen) {
    // An alias's object and its copy are equal records, so one entry of the set. The aliases are
    // read first: a move made meanwhile copies the one before, so no move is missed.
    Set<AliasMove> moves = new LinkedHashSet<>(all(model).values());
    readAll(store.list(layout.history(model)).filter(chosen)).forEach(moves::add);
    return moves.stream()
        .sorted(
            comparing(AliasMove::at)
                .thenComparing(AliasMove::alias)
                .thenComparingInt(AliasMove::sequence))
        .toList();
  }

  /** The moves of one alias, first to last. */
  static List<AliasMove> movesOf(String alias, List<AliasMove> history) {
    return history.stream()
        .filter(move -> move.alias().equals(alias))
        .sorted(comparingInt(AliasMove::sequence))
        .toList();
  }

  private Optional<Current> read(ModelAlias alias) {
    String key = layout.alias(alias);
    return store
        .readText(key)
        .map(
            text ->
                new Current(
                    parse(text, key),
                    Json.parse(text.text(), Holding.class, store.locate(key)).held(),
                    text));
  }

  private Stream<AliasMove> readAll(Stream<StoredObject> objects) {
    return objects.flatMap(
        object -> store.readText(object.key()).map(text -> parse(text, object.key())).stream());
  }

  private AliasMove parse(StoredText text, String key) {
    return Json.parse(text.text(), AliasMove.class, store.locate(key));
  }
}
