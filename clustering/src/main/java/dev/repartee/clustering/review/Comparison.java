package dev.repartee.clustering.review;

import dev.repartee.clustering.review.Decision.Kind;
import dev.repartee.clustering.review.ReviewChanges.Item;
import dev.repartee.clustering.review.ReviewChanges.TextChange;
import dev.repartee.clustering.review.ReviewChanges.Unapplied;
import dev.repartee.clustering.review.ReviewRow.Status;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Compares the answers with those of the last extraction. */
final class Comparison {

  private final Clusters clusters;
  private final Merges merges;
  private final Set<String> answers;

  Comparison(Clusters clusters, Merges merges, Set<String> answers) {
    this.clusters = clusters;
    this.merges = merges;
    this.answers = answers;
  }

  ReviewChanges changes(ReviewInput input) {
    List<Item> added = new ArrayList<>();
    List<TextChange> changed = new ArrayList<>();
    int kept = 0;
    for (String id : answers) {
      String text = clusters.found(id).text();
      Optional<Remembered> before = clusters.remembered(id).filter(Remembered::listed);
      if (before.isEmpty()) {
        added.add(new Item(id, text, ""));
      } else if (before.get().text().equals(text)) {
        kept++;
      } else {
        changed.add(new TextChange(id, before.get().text(), text));
      }
    }
    return new ReviewChanges(
        input.memory().isEmpty(),
        added,
        kept,
        changed,
        gone(input),
        kinds(input),
        unapplied(input));
  }

  private List<Item> gone(ReviewInput input) {
    List<Item> gone = new ArrayList<>();
    for (Remembered one : input.memory().all()) {
      String id = one.id();
      if (one.listed() && !answers.contains(id) && !clusters.decision(id).isMade()) {
        gone.add(new Item(id, one.text(), whyGone(id)));
      }
    }
    return gone;
  }

  private String whyGone(String id) {
    return clusters
        .candidate(id)
        .map(found -> found.eligible() ? "no longer among the most used" : found.whyNot())
        .orElseGet(() -> clusters.whyGone(id));
  }

  private static Map<Kind, Integer> kinds(ReviewInput input) {
    Map<Kind, Integer> kinds = new EnumMap<>(Kind.class);
    for (Decision decision : input.decisions().values()) {
      if (decision.isMade()) {
        kinds.merge(decision.kind(), 1, Integer::sum);
      }
    }
    return kinds;
  }

  private List<Unapplied> unapplied(ReviewInput input) {
    List<Unapplied> unapplied = new ArrayList<>();
    input
        .decisions()
        .forEach(
            (id, decision) ->
                whyUnapplied(id, decision)
                    .ifPresent(
                        why ->
                            unapplied.add(
                                new Unapplied(id, clusters.found(id).text(), decision, why))));
    return unapplied;
  }

  private Optional<String> whyUnapplied(String id, Decision decision) {
    if (!decision.isMade()) {
      return Optional.empty();
    }
    if (merges.isBroken(id)) {
      return Optional.of("there is no answer '" + decision.mergeInto() + "' that stays");
    }
    if (clusters.status(id) != Status.GONE) {
      return Optional.empty();
    }
    return Optional.of(
        decision.keeps()
            ? "kept as it was decided, though " + clusters.whyGone(id)
            : clusters.whyGone(id));
  }
}
