package dev.repartee.clustering.review;

import dev.repartee.clustering.review.Decision.Kind;
import dev.repartee.clustering.review.ReviewResult.Fate;
import dev.repartee.text.answers.Answer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Applies what people decided to what extraction found. An answer that a person approved or edited,
 * and one into which another was merged, stays though it is used less than the bounds ask; approved
 * and edited ones stay even when the data holds them no longer. No decision is dropped.
 */
public final class Review {

  private final Clusters clusters;
  private final Merges merges;
  private final int maxAnswers;
  private final Map<String, Answer> answers = new LinkedHashMap<>();

  private Review(Clusters clusters, int maxAnswers) {
    this.clusters = clusters;
    this.merges = new Merges(clusters);
    this.maxAnswers = maxAnswers;
    choose();
  }

  /**
   * The answers, and what people are to look at next.
   *
   * @param candidates every cluster, also those that are used too little
   * @param input decisions, and what the last extraction listed
   * @param maxAnswers how many answers there may be unless people decided for more
   */
  public static ReviewResult apply(
      List<ReviewCandidate> candidates, ReviewInput input, int maxAnswers) {
    Review review = new Review(new Clusters(candidates, input), maxAnswers);
    List<ReviewRow> rows = review.rows();
    return new ReviewResult(
        List.copyOf(review.answers.values()),
        rows,
        review.fates(),
        new Comparison(review.clusters, review.merges, review.answers.keySet()).changes(input),
        review.memory(rows, input.memory()));
  }

  private void choose() {
    List<Answer> wanted = new ArrayList<>();
    List<Answer> used = new ArrayList<>();
    merges
        .groups()
        .forEach(
            (root, members) -> {
              if (isWanted(root, members)) {
                wanted.add(answer(root, members));
              } else if (clusters.isEligible(root) && !isRejected(root)) {
                used.add(answer(root, members));
              }
            });
    used.sort(Answer.MOST_USED_FIRST);
    int room = Math.max(0, maxAnswers - wanted.size());
    wanted.addAll(used.subList(0, Math.min(room, used.size())));
    wanted.sort(Answer.MOST_USED_FIRST);
    wanted.forEach(answer -> answers.put(answer.id(), answer));
  }

  /** By decision, or since a part of a rejected cluster that has its text is a cluster now. */
  private boolean isRejected(String id) {
    return clusters.decision(id).kind() == Kind.REJECT
        || clusters.isRejected(clusters.found(id).text());
  }

  private boolean isWanted(String root, List<String> members) {
    return clusters.decision(root).keeps() || members.stream().anyMatch(clusters::isPresent);
  }

  private Answer answer(String root, List<String> members) {
    List<Answer> parts = new ArrayList<>();
    Answer found = clusters.found(root);
    Decision decision = clusters.decision(root);
    parts.add(
        decision.kind() == Kind.EDIT ? Clusters.named(found, root, decision.newText()) : found);
    members.stream().filter(clusters::isPresent).map(clusters::found).forEach(parts::add);
    return AnswerJoin.join(parts);
  }

  private List<ReviewRow> rows() {
    return clusters.ids().stream()
        .filter(id -> answers.containsKey(id) || !clusters.decision(id).equals(Decision.NONE))
        .map(id -> new ReviewRow(clusters.decision(id), clusters.found(id), clusters.status(id)))
        .sorted(Comparator.comparing(ReviewRow::answer, Answer.MOST_USED_FIRST))
        .toList();
  }

  private List<Fate> fates() {
    List<Fate> fates = new ArrayList<>();
    for (String id : clusters.candidateIds()) {
      String root = merges.rootOf(id);
      fates.add(
          answers.containsKey(root)
              ? new Fate(id, Optional.of(root), "")
              : new Fate(id, Optional.empty(), whyNot(id)));
    }
    return fates;
  }

  private String whyNot(String id) {
    if (isRejected(id)) {
      return "rejected in review";
    }
    ReviewCandidate candidate = clusters.candidate(id).orElseThrow();
    return candidate.eligible() ? "beyond the " + maxAnswers + " most used" : candidate.whyNot();
  }

  private ReviewMemory memory(List<ReviewRow> rows, ReviewMemory before) {
    Map<String, Remembered> all = new LinkedHashMap<>();
    for (ReviewRow row : rows) {
      Answer answer = row.answer();
      all.put(
          answer.id(),
          new Remembered(
              answer.id(), answer.text(), row.decision(), true, clusters.phrasings(answer.id())));
    }
    for (Remembered one : before.all()) {
      all.putIfAbsent(
          one.id(),
          new Remembered(one.id(), one.text(), Decision.NONE, false, clusters.phrasings(one.id())));
    }
    return new ReviewMemory(List.copyOf(all.values()));
  }
}
