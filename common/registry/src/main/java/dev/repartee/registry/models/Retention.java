package dev.repartee.registry.models;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Which versions of a model must stay, and why. */
final class Retention {

  private final SortedMap<Integer, TreeSet<String>> reasons = new TreeMap<>();

  private Retention() {}

  /**
   * @param versions the whole versions
   * @param moves of all aliases
   * @param pins of moves that are under way
   */
  static Retention of(
      List<ModelVersion> versions,
      List<AliasMove> moves,
      Collection<Pin.Content> pins,
      GcOptions options,
      Instant now) {
    Retention retention = new Retention();
    versions.stream()
        .sorted(Comparator.comparingInt(ModelVersion::number).reversed())
        .limit(options.keepLast())
        .forEach(version -> retention.keep(version.number(), "newest"));
    moves.stream()
        .map(AliasMove::alias)
        .distinct()
        .forEach(
            alias ->
                retention.keepNamed(alias, Aliases.movesOf(alias, moves), now, options.window()));
    pins.stream()
        .filter(pin -> pin.holds(now))
        .forEach(pin -> retention.keep(pin.version(), "being promoted by " + pin.by()));
    return retention;
  }

  private void keepNamed(String alias, List<AliasMove> moves, Instant now, Duration window) {
    Instant start = now.minus(window);
    for (int i = 0; i < moves.size(); i++) {
      boolean current = i == moves.size() - 1;
      if (current) {
        keep(moves.get(i).to(), alias);
      } else if (moves.get(i + 1).at().isAfter(start)) { // until then it was named
        keep(moves.get(i).to(), alias + " within " + window.toDays() + " days");
      }
    }
    Optional<Integer> previous = Aliases.previous(alias, moves);
    previous.ifPresent(number -> keep(number, "rollback of " + alias));
  }

  private void keep(int number, String reason) {
    reasons.computeIfAbsent(number, _ -> new TreeSet<>()).add(reason);
  }

  boolean keeps(ModelVersion version) {
    return reasons.containsKey(version.number());
  }

  /** Why a version stays; empty when it need not. */
  List<String> reasons(ModelVersion version) {
    return List.copyOf(reasons.getOrDefault(version.number(), new TreeSet<>()));
  }
}
