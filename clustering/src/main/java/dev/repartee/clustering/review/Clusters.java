package dev.repartee.clustering.review;

import dev.repartee.text.answers.Answer;
import dev.repartee.text.answers.AnswerUse;
import dev.repartee.text.answers.PhrasingHash;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The candidates and what is remembered, under the ids that they have now. */
final class Clusters {

  private final List<ReviewCandidate> candidates;
  private final ReviewInput input;
  private final IdAssigner assigner;
  private final Set<String> rejectedTexts = new HashSet<>(); // by hash

  Clusters(List<ReviewCandidate> candidates, ReviewInput input) {
    this.candidates = List.copyOf(candidates);
    this.input = input;
    List<IdAssigner.Cluster> clusters = new ArrayList<>();
    for (ReviewCandidate candidate : candidates) {
      Answer answer = candidate.answer();
      clusters.add(new IdAssigner.Cluster(candidate.keys(), answer.id(), answer.text()));
    }
    assigner = new IdAssigner(clusters, input.memory());
    for (Remembered one : input.memory().all()) {
      if (decision(one.id()).kind() == Decision.Kind.REJECT) {
        rejectedTexts.add(PhrasingHash.of(one.text()));
      }
    }
  }

  /** In the candidates' order. */
  List<String> candidateIds() {
    return assigner.ids();
  }

  /** Those of candidates, then those that are only remembered. */
  Set<String> ids() {
    Set<String> ids = new LinkedHashSet<>(assigner.ids());
    ids.addAll(input.memory().ids());
    return ids;
  }

  Decision decision(String id) {
    return input.decisions().getOrDefault(id, Decision.NONE);
  }

  Optional<ReviewCandidate> candidate(String id) {
    return assigner.clusterOf(id).map(candidates::get);
  }

  Optional<Remembered> remembered(String id) {
    return input.memory().find(id);
  }

  boolean isPresent(String id) {
    return assigner.clusterOf(id).isPresent();
  }

  boolean isEligible(String id) {
    return candidate(id).map(ReviewCandidate::eligible).orElse(false);
  }

  /**
   * The answer as the data has it. Its text is the data's, but the remembered one where that was
   * approved or rejected, where too few agents used the cluster for its present text to be shown,
   * or where its present text came from a rejected cluster that this one swallowed.
   */
  Answer found(String id) {
    Optional<String> before = remembered(id).map(Remembered::text);
    if (!isPresent(id)) {
      return new Answer(
          id,
          before.orElseThrow(),
          0,
          0,
          List.of(),
          AnswerUse.UNKNOWN,
          List.copyOf(phrasings(id).keySet()));
    }
    Answer answer = candidate(id).orElseThrow().answer();
    Decision.Kind kind = decision(id).kind();
    boolean pinned =
        kind == Decision.Kind.APPROVE
            || kind == Decision.Kind.REJECT
            || !isEligible(id)
            || isRejected(answer.text());
    String text = pinned ? before.orElse(answer.text()) : answer.text();
    return named(answer, id, text);
  }

  /** Whether a person rejected what {@code text} says. */
  boolean isRejected(String text) {
    return rejectedTexts.contains(PhrasingHash.of(text));
  }

  static Answer named(Answer answer, String id, String text) {
    return new Answer(
        id,
        text,
        answer.count(),
        answer.agents(),
        answer.phrasings(),
        answer.use(),
        answer.hiddenPhrasings());
  }

  /** By hash: those of the data, or where it has the cluster no longer, the remembered ones. */
  Map<String, Long> phrasings(String id) {
    return assigner
        .clusterOf(id)
        .map(assigner::phrasingsOf)
        .or(() -> remembered(id).map(Remembered::phrasings))
        .orElse(Map.of());
  }

  ReviewRow.Status status(String id) {
    Optional<Remembered> before = remembered(id).filter(Remembered::listed);
    if (!isPresent(id)) {
      return ReviewRow.Status.GONE;
    }
    if (before.isEmpty()) {
      return ReviewRow.Status.NEW;
    }
    boolean same =
        !isEligible(id) || candidate(id).orElseThrow().answer().text().equals(before.get().text());
    return same ? ReviewRow.Status.KEPT : ReviewRow.Status.CHANGED;
  }

  /** Why there is no cluster of this id. */
  String whyGone(String id) {
    return assigner
        .successorOf(id)
        .map(other -> "its phrasings now count for " + other)
        .orElse("no longer in the data");
  }
}
