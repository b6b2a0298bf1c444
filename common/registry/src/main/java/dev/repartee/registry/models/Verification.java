package dev.repartee.registry.models;

import dev.repartee.registry.models.ModelReference.ModelAlias;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.ObjectStore.StoredText;
import dev.repartee.registry.store.StoreException;
import dev.repartee.text.UserException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The result of reading a whole model or library again: every file of every version, every alias,
 * its history.
 *
 * @param model its name
 * @param intact numbers of the versions whose files all have their size and hash
 * @param problems one line each; none when all is well
 */
public record Verification(String model, List<Integer> intact, List<String> problems) {

  /**
   * Reads it.
   *
   * @throws StoreException when the store fails, so that nothing is known
   */
  static Verification of(
      String model, ObjectStore store, Layout layout, Aliases aliases, Download download) {
    return new Reader(model, store, layout, aliases, download).read();
  }

  private static final class Reader {

    private final String model;
    private final ObjectStore store;
    private final Layout layout;
    private final Versions versions;
    private final Aliases aliases;
    private final Download download;

    private final List<Integer> intact = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    Reader(String model, ObjectStore store, Layout layout, Aliases aliases, Download download) {
      this.model = model;
      this.store = store;
      this.layout = layout;
      this.versions = new Versions(store, layout);
      this.aliases = aliases;
      this.download = download;
    }

    Verification read() {
      List<AliasMove> history = aliases.history(model);
      Map<String, AliasMove> latest = aliases.all(model);
      Set<String> read = new HashSet<>(); // versions share files
      versions.all(model).forEach(version -> verify(version, read));
      latest.values().forEach(this::verifyTarget);
      Set<String> names = new TreeSet<>(latest.keySet());
      history.forEach(move -> names.add(move.alias()));
      names.forEach(alias -> verifyHistory(alias, Aliases.movesOf(alias, history)));
      return new Verification(model, intact, problems);
    }

    private void verify(ModelVersion version, Set<String> read) {
      try {
        Optional<StoredText> manifest = versions.find(version);
        if (manifest.isPresent()) {
          download.verify(version, manifest.get().text(), read);
          intact.add(version.number());
        }
      } catch (StoreException e) {
        throw e;
      } catch (UserException e) {
        // A version that a collection has removed meanwhile is not damaged.
        if (versions.find(version).isPresent()) {
          problems.add(version + ": " + e.getMessage());
        }
      }
    }

    private void verifyTarget(AliasMove move) {
      ModelVersion version = new ModelVersion(model, move.to());
      if (versions.find(version).isEmpty()) {
        problems.add(
            "%s@%s names %s, which does not exist; roll it back"
                .formatted(model, move.alias(), version));
      }
    }

    private void verifyHistory(String alias, List<AliasMove> moves) {
      Optional<AliasMove> before = Optional.empty();
      for (AliasMove move : moves) {
        int expected = before.map(AliasMove::sequence).orElse(0) + 1;
        if (move.sequence() != expected) {
          problem(alias, "has move " + move.sequence() + " where move " + expected + " must stand");
        } else if (!move.from().equals(before.map(AliasMove::to))) {
          problem(alias, "move " + expected + " does not begin where the one before ended");
        } else if (!isLater(move, before)) {
          problem(alias, "move " + expected + " did not replace the one before");
        }
        before = Optional.of(move);
      }
      if (store.stat(layout.alias(new ModelAlias(model, alias))).isEmpty()) {
        problem(alias, "has moves, but the alias is gone");
      }
    }

    /** Generations of one object only grow. */
    private static boolean isLater(AliasMove move, Optional<AliasMove> before) {
      Optional<Long> earlier = before.flatMap(AliasMove::replaces);
      return move.replaces().isEmpty()
          || earlier.isEmpty()
          || move.replaces().get() > earlier.get();
    }

    private void problem(String alias, String what) {
      problems.add("history of " + model + "@" + alias + ": " + what);
    }
  }
}
