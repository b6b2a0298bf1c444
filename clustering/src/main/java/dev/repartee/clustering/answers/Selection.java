package dev.repartee.clustering.answers;

import dev.repartee.common.data.TextNorm;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Which candidates became answers, and why the others did not.
 *
 * @param answers the most used first
 * @param fewMessages used too seldom
 * @param fewAgents used often enough but by too few agents, or in no one wording by enough of them
 * @param beyondLimit good enough but less used than the answers that filled the limit
 */
public record Selection(
    List<Candidate> answers,
    List<Candidate> fewMessages,
    List<Candidate> fewAgents,
    List<Candidate> beyondLimit) {

  /** A sentence of a longer message saves part of it, so it counts half. */
  private static final Comparator<Candidate> MOST_USED_FIRST =
      Comparator.comparingLong(
              (Candidate candidate) -> candidate.answer().count() + candidate.uses())
          .reversed()
          .thenComparing(candidate -> candidate.answer().text(), TextNorm.BY_CODE_POINT)
          .thenComparing(candidate -> candidate.answer().id());

  public Selection {
    answers = List.copyOf(answers);
    fewMessages = List.copyOf(fewMessages);
    fewAgents = List.copyOf(fewAgents);
    beyondLimit = List.copyOf(beyondLimit);
  }

  /** Applies {@code bounds} to {@code candidates}. */
  public static Selection of(List<Candidate> candidates, AnswerBounds bounds) {
    List<Candidate> good = new ArrayList<>();
    List<Candidate> fewMessages = new ArrayList<>();
    List<Candidate> fewAgents = new ArrayList<>();
    for (Candidate candidate : candidates.stream().sorted(MOST_USED_FIRST).toList()) {
      if (candidate.uses() < bounds.minCount()) {
        fewMessages.add(candidate);
      } else if (candidate.answer().agents() < bounds.minAgents() || !candidate.shown()) {
        fewAgents.add(candidate);
      } else {
        good.add(candidate);
      }
    }
    int taken = Math.min(good.size(), bounds.maxAnswers());
    return new Selection(
        good.subList(0, taken), fewMessages, fewAgents, good.subList(taken, good.size()));
  }

  /** The messages of {@code candidates} together. */
  public static long messages(List<Candidate> candidates) {
    return candidates.stream().mapToLong(candidate -> candidate.answer().count()).sum();
  }
}
