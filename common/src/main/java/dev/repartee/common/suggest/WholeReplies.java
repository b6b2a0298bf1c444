package dev.repartee.common.suggest;

import dev.repartee.common.data.TextNorm;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Ranks whole replies before the first keystroke: the wordings of the answers and what the model
 * writes by itself. The two are different views of the same question, so their probabilities are
 * mixed.
 */
final class WholeReplies {

  private final AnswerPredictor answers;
  private final double trustInModel;
  private final PlattScale scale;

  WholeReplies(AnswerPredictor answers, Calibration calibration) {
    this.answers = answers;
    this.trustInModel = calibration.trustInModel();
    this.scale = calibration.replies();
  }

  private static final class Reply {
    private String text = "";
    private Optional<String> answer = Optional.empty();
    private double probability;
  }

  /** Replies, the one that is expected to save most first. */
  List<Suggestion> rank(float[] contextHidden, ModelView view, List<Candidate> written) {
    Map<String, Reply> replies = new HashMap<>();
    double[] meant = answers.probabilities(contextHidden);
    for (AnswerPredictor.Wording wording : answers.wordings()) {
      if (view.isFilled(wording.text())) {
        String text = view.fill(wording.text());
        Reply reply = replies.computeIfAbsent(TextNorm.norm(text), unseen -> new Reply());
        reply.text = text;
        reply.answer = Optional.of(answers.id(wording.answer()));
        reply.probability += (1 - trustInModel) * meant[wording.answer()] * wording.share();
      }
    }
    for (Candidate candidate : written) {
      Reply reply = replies.computeIfAbsent(TextNorm.norm(candidate.text()), unseen -> new Reply());
      if (reply.text.isEmpty()) {
        reply.text = candidate.text();
      }
      reply.probability += trustInModel * candidate.probability();
    }
    List<Reply> ranked = new ArrayList<>(replies.values());
    ranked.sort(
        Comparator.comparingDouble((Reply reply) -> -reply.probability * (reply.text.length() - 1))
            .thenComparing(reply -> reply.text));
    return ranked.stream()
        .map(
            reply ->
                new Suggestion(
                    reply.answer.isPresent() ? Suggestion.Kind.ANSWER : Suggestion.Kind.COMPLETION,
                    reply.answer,
                    reply.text,
                    scale.apply(reply.probability)))
        .toList();
  }
}
