package dev.repartee.registry.models;

import static dev.repartee.registry.models.AliasMove.Kind.PROMOTE;
import static dev.repartee.registry.models.AliasMove.Kind.ROLLBACK;
import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingInt;

import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.Precondition;
import dev.repartee.registry.store.StoreException;
import dev.repartee.registry.store.StoreException.Reason;
import dev.repartee.registry.store.StoredText;
import dev.repartee.text.UserException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves aliases and remembers every move.
 *
 * <p>An alias's object holds its latest move, so that one compare-and-swap changes alias and
 * history together. Its copy under {@code history/} follows; should a process die between the two,
 * whoever next moves the alias adds it, and reading the history counts it already.
 */
final class Aliases {

  private static final Logger log = LoggerFactory.getLogger(Aliases.class);

  private final ObjectStore store;
  private final Actor actor;

  Aliases(ObjectStore store, Actor actor) {
    this.store = store;
    this.actor = actor;
  }

  /** The aliases of a model and their latest moves. */
  SortedMap<String, AliasMove> all(String model) {
    SortedMap<String, AliasMove> moves = new TreeMap<>();
    store
        .list(Layout.aliases(model))
        .forEach(
            object ->
                store
                    .readText(object.key())
                    .map(text -> parse(text, object.key()))
                    .ifPresent(move -> moves.put(move.alias(), move)));
    return moves;
  }

  Optional<AliasMove> latest(ModelAlias alias) {
    return store.readText(Layout.alias(alias)).map(text -> parse(text, Layout.alias(alias)));
  }

  /** Every move of every alias, oldest first. */
  List<AliasMove> history(String model) {
    // Two objects may hold one move: equal records are one entry. The aliases come first: what is
    // moved meanwhile is copied one after the other, so that no move is left out.
    Set<AliasMove> moves = new LinkedHashSet<>(all(model).values());
    store
        .list(Layout.history(model))
        .forEach(
            object ->
                store
                    .readText(object.key())
                    .map(text -> parse(text, object.key()))
                    .ifPresent(moves::add));
    return moves.stream()
        .sorted(
            comparing(AliasMove::at)
                .thenComparing(AliasMove::alias)
                .thenComparingInt(AliasMove::sequence))
        .toList();
  }

  /** The latest move of {@code alias} that is not later than {@code moment}. */
  Optional<AliasMove> at(ModelAlias alias, Instant moment) {
    return history(alias.model()).stream()
        .filter(move -> move.alias().equals(alias.alias()) && !move.at().isAfter(moment))
        .max(comparingInt(AliasMove::sequence));
  }

  /** Moves the alias; where it names that version already, nothing happens. */
  AliasMove promote(Promotion promotion) {
    ModelAlias alias = promotion.target();
    int number = promotion.version().number();
    Optional<StoredText> current = store.readText(Layout.alias(alias));
    Optional<AliasMove> before = current.map(text -> parse(text, Layout.alias(alias)));
    if (before.isPresent() && before.get().to() == number) {
      return before.get();
    }
    requireExpected(promotion, before);
    AliasMove move = next(alias, current, PROMOTE, number, promotion.why());
    return move(alias, current, move.with(promotion.gates()));
  }

  private static void requireExpected(Promotion promotion, Optional<AliasMove> before) {
    Optional<Integer> named = before.map(AliasMove::to);
    if (promotion.expected().filter(expected -> !expected.version().equals(named)).isPresent()) {
      throw new UserException(
          promotion.target()
              + " was not moved to "
              + promotion.version().number()
              + ": the decision was taken against "
              + promotion.expected().get()
              + ", but "
              + before
                  .map(move -> move.by() + " moved it to " + move.to() + " at " + move.at())
                  .orElse("it is gone")
              + "; look and try again");
    }
  }

  /** Points {@code alias} back at what it named before its latest promotion not yet undone. */
  AliasMove rollback(ModelAlias alias, Optional<String> why) {
    StoredText current =
        store
            .readText(Layout.alias(alias))
            .orElseThrow(() -> new UserException(alias + " does not exist"));
    AliasMove before = parse(current, Layout.alias(alias));
    int target =
        previous(alias.alias(), history(alias.model()))
            .orElseThrow(
                () ->
                    new UserException(
                        alias
                            + " has named no version but "
                            + before.to()
                            + "; nothing to roll back to"));
    return move(
        alias, Optional.of(current), next(alias, Optional.of(current), ROLLBACK, target, why));
  }

  /** The moves of one alias, first to last. */
  static List<AliasMove> movesOf(String alias, List<AliasMove> history) {
    return history.stream()
        .filter(move -> move.alias().equals(alias))
        .sorted(comparingInt(AliasMove::sequence))
        .toList();
  }

  /** A promotion is undone once: rolling back twice goes two versions back, not to and fro. */
  static Optional<Integer> previous(String alias, List<AliasMove> history) {
    Deque<Integer> versions = new ArrayDeque<>();
    movesOf(alias, history)
        .forEach(
            move -> {
              if (move.kind() == AliasMove.Kind.PROMOTE) {
                versions.push(move.to());
              } else {
                versions.pollFirst();
              }
            });
    versions.pollFirst();
    return Optional.ofNullable(versions.peekFirst());
  }

  private AliasMove next(
      ModelAlias alias,
      Optional<StoredText> current,
      AliasMove.Kind kind,
      int to,
      Optional<String> why) {
    Optional<AliasMove> before = current.map(text -> parse(text, Layout.alias(alias)));
    Instant now = actor.now();
    // Machines' clocks differ: what came later must not read as earlier.
    Instant at = before.map(AliasMove::at).filter(earlier -> earlier.isAfter(now)).orElse(now);
    return new AliasMove(
        alias.alias(),
        before.map(AliasMove::sequence).orElse(0) + 1,
        kind,
        before.map(AliasMove::to),
        to,
        actor.name(),
        at,
        why,
        current.map(StoredText::generation),
        Optional.empty());
  }

  private AliasMove move(ModelAlias alias, Optional<StoredText> current, AliasMove move) {
    current.ifPresent(
        text ->
            record(Layout.history(alias.model(), parse(text, Layout.alias(alias))), bytes(text)));
    byte[] content = RegistryJson.bytes(move);
    try (Pin pin = Pin.on(new ModelVersion(alias.model(), move.to()), store, actor)) {
      pin.requireTrusted();
      store.put(
          Layout.alias(alias),
          content,
          current.map(StoredText::unchanged).orElse(Precondition.absent()));
    } catch (StoreException e) {
      if (e.reason() == Reason.PRECONDITION_FAILED) {
        throw new UserException(lostRace(alias, move), e);
      }
      throw e;
    }
    try {
      record(Layout.history(alias.model(), move), content);
    } catch (StoreException e) {
      log.warn("{} was moved; the next move adds this one to the history", alias, e);
    }
    return move;
  }

  private void record(String key, byte[] content) {
    try {
      store.put(key, content, Precondition.absent());
    } catch (StoreException e) {
      if (e.reason() != Reason.PRECONDITION_FAILED) {
        throw e;
      }
      // Recorded before: only this very move can have this key.
    }
  }

  private String lostRace(ModelAlias alias, AliasMove move) {
    String winner =
        latest(alias)
            .map(other -> other.by() + " moved it to " + other.to() + " meanwhile")
            .orElse("it was removed meanwhile");
    return alias + " was not moved to " + move.to() + ": " + winner + "; look and try again";
  }

  private AliasMove parse(StoredText text, String key) {
    return RegistryJson.parse(text.text(), AliasMove.class, store.locate(key));
  }

  private static byte[] bytes(StoredText text) {
    return text.text().getBytes(StandardCharsets.UTF_8);
  }
}
