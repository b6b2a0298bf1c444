package dev.repartee.clustering.review;

import dev.repartee.clustering.answers.AnswerCandidate;
import dev.repartee.text.TextNorm;
import dev.repartee.text.answers.Answer;
import dev.repartee.text.answers.AnswerUse;
import dev.repartee.text.answers.Decision;
import dev.repartee.text.answers.Phrasing;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Clusters for tests: the first text is the most typical one, and names the cluster. */
final class Candidates {

  private Candidates() {}

  /** A cluster of these texts, each used {@code count} times. */
  static AnswerCandidate of(long count, String... texts) {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (String text : texts) {
      counts.put(text, count);
    }
    return of(counts, texts[0]);
  }

  static AnswerCandidate of(Map<String, Long> counts, String text) {
    long all = counts.values().stream().mapToLong(Long::longValue).sum();
    Map<String, Long> keys = new LinkedHashMap<>();
    counts.forEach((spelling, count) -> keys.put(TextNorm.mask(spelling), count));
    List<Phrasing> phrasings =
        counts.entrySet().stream()
            .map(entry -> new Phrasing(entry.getKey(), entry.getValue()))
            .toList();
    AnswerUse use =
        new AnswerUse(
            1,
            Map.of("agent-" + text.length() % 3, all, "agent-x", 1L),
            Map.of("bank", all),
            Optional.of("en"));
    return new AnswerCandidate(
        new Answer(
            "a-" + TextNorm.mask(text).replace(' ', '-'), text, all, 2, phrasings, use, List.of()),
        2 * all + use.sentences(),
        List.of(),
        keys,
        keys,
        text,
        Optional.empty());
  }

  /** The same cluster when too few agents used it. */
  static AnswerCandidate rare(AnswerCandidate candidate) {
    return new AnswerCandidate(
        candidate.answer(),
        candidate.weight(),
        candidate.shown(),
        candidate.keys(),
        candidate.closedKeys(),
        candidate.closedText(),
        Optional.of("used by too few agents"));
  }

  /** The same cluster when public values stand in its texts; they are {@code closed} without. */
  static AnswerCandidate open(AnswerCandidate candidate, String closed) {
    return new AnswerCandidate(
        candidate.answer(),
        candidate.weight(),
        candidate.shown(),
        candidate.keys(),
        Map.of(TextNorm.mask(closed), candidate.answer().count()),
        closed,
        Optional.empty());
  }

  /** What the next extraction reads after a person made {@code decisions} on {@code result}. */
  static ReviewInput decided(ReviewResult result, Map<String, Decision> decisions) {
    return new ReviewInput(result.memory(), decisions);
  }

  static Decision approve() {
    return new Decision(Decision.Kind.APPROVE, "", "", "");
  }

  static Decision edit(String newText) {
    return new Decision(Decision.Kind.EDIT, newText, "", "");
  }

  static Decision reject() {
    return new Decision(Decision.Kind.REJECT, "", "", "");
  }

  static Decision merge(String id) {
    return new Decision(Decision.Kind.MERGE, "", id, "");
  }
}
