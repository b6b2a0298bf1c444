package dev.repartee.clustering.answers;

import dev.repartee.text.answers.Answer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A cluster as an answer, before people's decisions.
 *
 * @param answer the answer under its default id; holds only phrasings that may be shown
 * @param weight decides its place among the others: twice its messages plus its sentences
 * @param shown the {@linkplain dev.repartee.clustering.count.TextTally#key keys} of its phrasings
 *     that may be shown
 * @param keys uses by the masked form of every phrasing, shown or not
 * @param closedKeys uses by the masked form that every phrasing has without public values
 * @param closedText the answer's text without public values
 * @param whyNot why the cluster does not become an answer without a decision: a few words that
 *     follow "is"; empty if it does
 */
public record AnswerCandidate(
    Answer answer,
    long weight,
    List<String> shown,
    Map<String, Long> keys,
    Map<String, Long> closedKeys,
    String closedText,
    Optional<String> whyNot) {

  /** Whether the cluster is used widely enough to become an answer without a decision. */
  public boolean isEligible() {
    return whyNot.isEmpty();
  }
}
