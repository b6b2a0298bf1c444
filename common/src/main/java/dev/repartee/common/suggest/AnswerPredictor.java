package dev.repartee.common.suggest;

import dev.repartee.common.answers.Answer;
import dev.repartee.common.answers.AnswerSet;
import dev.repartee.common.answers.Phrasing;
import dev.repartee.common.data.TextNorm;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A distribution over the answer set for a context, by the answer head, or by use without one; and
 * over the wordings of its answers. An answer that the head does not know, since it is newer, gets
 * the share of its uses.
 */
final class AnswerPredictor {

  /**
   * One way to word an answer.
   *
   * @param answer its position in the set
   * @param share of the answer's uses that are worded so, 0 to 1
   * @param norm the text under {@link TextNorm#norm}
   */
  record Wording(int answer, String text, String norm, double share) {}

  private final List<Answer> answers;
  private final Optional<AnswerHead> head;
  private final double[] byUse;
  private final List<Wording> wordings = new ArrayList<>();

  AnswerPredictor(AnswerSet set, Optional<AnswerHead> head) {
    this.answers = set.answers();
    this.head = head;
    double total = answers.stream().mapToLong(Answer::count).sum();
    this.byUse = answers.stream().mapToDouble(answer -> answer.count() / total).toArray();
    for (int i = 0; i < answers.size(); i++) {
      addWordings(i);
    }
  }

  private void addWordings(int position) {
    Answer answer = answers.get(position);
    Map<String, Phrasing> best = new HashMap<>();
    Map<String, Long> counts = new HashMap<>();
    long shown = 0;
    for (Phrasing phrasing : answer.phrasings()) {
      String norm = TextNorm.norm(phrasing.text());
      best.putIfAbsent(norm, phrasing);
      counts.merge(norm, phrasing.count(), Long::sum);
      shown += phrasing.count();
    }
    // Uses that are worded in ways too rare to be shown count too.
    double all = Math.max(1, Math.max(shown, answer.count()));
    String text = TextNorm.norm(answer.text());
    best.forEach(
        (norm, phrasing) ->
            wordings.add(
                new Wording(
                    position,
                    norm.equals(text) ? answer.text() : phrasing.text(),
                    norm,
                    counts.get(norm) / all)));
    if (!best.containsKey(text)) {
      wordings.add(new Wording(position, answer.text(), text, 1 / all));
    }
  }

  String id(int answer) {
    return answers.get(answer).id();
  }

  /** Every wording of every answer. */
  List<Wording> wordings() {
    return wordings;
  }

  /**
   * The probability that each answer is meant, in the set's order; what is left is none of them.
   */
  double[] probabilities(float[] contextHidden) {
    return head.map(known -> known.probabilities(contextHidden)).orElseGet(byUse::clone);
  }
}
