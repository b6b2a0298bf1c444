package dev.repartee.common.suggest;

import dev.repartee.common.answers.Answer;
import dev.repartee.common.answers.AnswerSet;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/** A distribution over the answer set for a context: by the answer head, or by use without one. */
final class AnswerPredictor {

  private final List<Answer> answers;
  private final Optional<AnswerHead> head;
  private final double[] byUse;

  AnswerPredictor(AnswerSet set, Optional<AnswerHead> head) {
    this.answers = set.answers();
    this.head = head;
    double total = answers.stream().mapToLong(Answer::count).sum();
    this.byUse = answers.stream().mapToDouble(answer -> answer.count() / total).toArray();
  }

  /** The probability of each answer, in the set's order. */
  double[] probabilities(float[] contextHidden) {
    return head.map(h -> h.probabilities(contextHidden)).orElse(byUse);
  }

  /** The most probable answers that begin with the draft, in any case, and are longer than it. */
  List<Suggestion> best(double[] probabilities, String draft, int limit) {
    String prefix = draft.toLowerCase(Locale.ROOT);
    int[] fitting =
        IntStream.range(0, answers.size())
            .filter(i -> fits(answers.get(i).text(), prefix))
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -probabilities[i]))
            .limit(limit)
            .mapToInt(Integer::intValue)
            .toArray();
    return IntStream.of(fitting)
        .mapToObj(
            i ->
                Suggestion.answer(
                    answers.get(i).id(), answers.get(i).text(), Math.min(1, probabilities[i])))
        .toList();
  }

  private static boolean fits(String text, String prefix) {
    return text.length() > prefix.length() && text.toLowerCase(Locale.ROOT).startsWith(prefix);
  }
}
