package dev.repartee.common.suggest;

import dev.repartee.common.answers.Answer;
import dev.repartee.common.answers.AnswerSet;
import dev.repartee.common.answers.Phrasing;
import dev.repartee.common.data.TextNorm;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A distribution over the answer set for a context: by the answer head, or by use without one. An
 * answer's probability counts with the share of its uses that were worded like its text, since a
 * suggestion helps only when its very words are wanted.
 */
final class AnswerPredictor {

  private final List<Answer> answers;
  private final Optional<AnswerHead> head;
  private final double[] byUse;
  private final double[] wordedAsText;

  AnswerPredictor(AnswerSet set, Optional<AnswerHead> head) {
    this.answers = set.answers();
    this.head = head;
    double total = answers.stream().mapToLong(Answer::count).sum();
    this.byUse = answers.stream().mapToDouble(answer -> answer.count() / total).toArray();
    this.wordedAsText = answers.stream().mapToDouble(AnswerPredictor::wordedAsText).toArray();
  }

  private static double wordedAsText(Answer answer) {
    String text = TextNorm.norm(answer.text());
    long all = answer.phrasings().stream().mapToLong(Phrasing::count).sum();
    long same =
        answer.phrasings().stream()
            .filter(phrasing -> TextNorm.norm(phrasing.text()).equals(text))
            .mapToLong(Phrasing::count)
            .sum();
    return all == 0 ? 1 : Math.max(1, same) / (double) all;
  }

  /** The probability that each answer's text is the reply, in the set's order. */
  double[] probabilities(float[] contextHidden) {
    double[] meant = head.map(h -> h.probabilities(contextHidden)).orElse(byUse);
    return IntStream.range(0, answers.size())
        .mapToDouble(i -> meant[i] * wordedAsText[i])
        .toArray();
  }

  /**
   * The answers that are expected to save most typing, probability times length, among those that
   * begin with the draft, in any case, and are longer than it.
   *
   * @param texts of the answers as they would be sent, in the set's order
   */
  List<Suggestion> best(double[] probabilities, List<String> texts, String draft, int limit) {
    String prefix = draft.toLowerCase(Locale.ROOT);
    return IntStream.range(0, answers.size())
        .filter(i -> fits(texts.get(i), prefix))
        .boxed()
        .sorted(Comparator.comparingDouble(i -> -probabilities[i] * texts.get(i).length()))
        .limit(limit)
        .map(
            i ->
                Suggestion.answer(answers.get(i).id(), texts.get(i), Math.min(1, probabilities[i])))
        .toList();
  }

  /** The answers' texts as the set has them. */
  Stream<String> texts() {
    return answers.stream().map(Answer::text);
  }

  private static boolean fits(String text, String prefix) {
    return text.length() > prefix.length() && text.toLowerCase(Locale.ROOT).startsWith(prefix);
  }
}
