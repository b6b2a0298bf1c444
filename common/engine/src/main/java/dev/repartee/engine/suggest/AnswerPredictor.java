package dev.repartee.engine.suggest;

import dev.repartee.text.answers.Answer;
import dev.repartee.text.answers.AnswerSet;
import dev.repartee.text.privacy.PublicFacts;
import java.util.List;
import java.util.Optional;

/**
 * A distribution over the wordings of the answer set for a context: by the answer head, or by use
 * without one, and by what was replied in contexts like it.
 */
final class AnswerPredictor {

  /** Weight of the nearest replies; half was best on validation conversations, but not by much. */
  private static final double NEAREST = 0.5;

  private final List<Answer> answers;
  private final PublicFacts facts;
  private final Wordings wordings;
  private final Optional<AnswerHead> head;
  private final Optional<NearestReplies> nearest;
  private final double[] byUse;

  AnswerPredictor(
      AnswerSet set,
      Wordings wordings,
      Optional<AnswerHead> head,
      Optional<NearestReplies> nearest) {
    this.answers = set.answers();
    this.facts = set.facts();
    this.wordings = wordings;
    this.head = head;
    this.nearest = nearest;
    double total = answers.stream().mapToLong(Answer::count).sum();
    this.byUse = answers.stream().mapToDouble(answer -> answer.count() / total).toArray();
  }

  /** What stays readable in conversations. */
  PublicFacts facts() {
    return facts;
  }

  String id(int answer) {
    return answers.get(answer).id();
  }

  /** Every wording of every answer. */
  List<Wordings.Wording> wordings() {
    return wordings.all();
  }

  /** The probability of each wording, in their order; what is left is none of them. */
  double[] probabilities(float[] contextHidden) {
    double[] meant = head.map(known -> known.probabilities(contextHidden)).orElseGet(byUse::clone);
    List<Wordings.Wording> all = wordings.all();
    double[] probabilities = new double[all.size()];
    for (int w = 0; w < probabilities.length; w++) {
      probabilities[w] = meant[all.get(w).answer()] * all.get(w).share();
    }
    nearest.ifPresent(known -> mix(probabilities, known.probabilities(contextHidden, all.size())));
    return probabilities;
  }

  private static void mix(double[] probabilities, double[] nearest) {
    for (int w = 0; w < probabilities.length; w++) {
      probabilities[w] = (1 - NEAREST) * probabilities[w] + NEAREST * nearest[w];
    }
  }
}
