package dev.repartee.clustering.review;

import static java.util.Objects.requireNonNull;

import dev.repartee.text.answers.Answer;
import java.util.List;
import java.util.Optional;

/**
 * What people's decisions made of the clusters.
 *
 * @param answers the most used first
 * @param rows for the next {@link ReviewFile}, the most used first
 * @param fates what became of each candidate, in the candidates' order
 * @param changes what is different from the last extraction
 * @param memory for the next extraction
 */
public record ReviewResult(
    List<Answer> answers,
    List<ReviewRow> rows,
    List<Fate> fates,
    ReviewChanges changes,
    ReviewMemory memory) {

  /**
   * What became of a candidate.
   *
   * @param id the id that it has now
   * @param answer the id of the answer that it counts for, itself or the one it was merged into
   * @param whyNot if it counts for none, why: a few words that follow "is"
   */
  public record Fate(String id, Optional<String> answer, String whyNot) {}

  public ReviewResult {
    answers = List.copyOf(answers);
    rows = List.copyOf(rows);
    fates = List.copyOf(fates);
    requireNonNull(changes, "changes is null");
    requireNonNull(memory, "memory is null");
  }
}
