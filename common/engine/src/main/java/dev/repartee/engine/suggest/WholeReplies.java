package dev.repartee.engine.suggest;

import dev.repartee.text.TextNorm;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Brings together the wordings of the answers and what the model writes by itself. */
final class WholeReplies {

  private final AnswerPredictor answers;

  WholeReplies(AnswerPredictor answers) {
    this.answers = answers;
  }

  /**
   * The replies that are known, by the probability of each wording; one of each {@link
   * TextNorm#norm}.
   */
  List<WholeReply> of(double[] worded, ModelView view, List<Candidate> written) {
    Map<String, WholeReply> replies = new LinkedHashMap<>();
    List<Wordings.Wording> wordings = answers.wordings();
    for (int w = 0; w < wordings.size(); w++) {
      Wordings.Wording wording = wordings.get(w);
      if (view.isFilled(wording.text())) {
        String text = view.fill(wording.text());
        add(
            replies,
            new WholeReply(
                text,
                text.equals(wording.text()) ? wording.norm() : TextNorm.norm(text),
                Optional.of(answers.id(wording.answer())),
                worded[w],
                0));
      }
    }
    for (Candidate candidate : written) {
      String norm = TextNorm.norm(candidate.text());
      add(
          replies,
          new WholeReply(candidate.text(), norm, Optional.empty(), 0, candidate.probability()));
    }
    return new ArrayList<>(replies.values());
  }

  /** Those that are the same to a reader count together, under the first text. */
  private static void add(Map<String, WholeReply> replies, WholeReply reply) {
    replies.merge(
        reply.norm(),
        reply,
        (one, other) ->
            new WholeReply(
                one.text(),
                one.norm(),
                one.answerId(),
                one.byHead() + other.byHead(),
                one.byModel() + other.byModel()));
  }
}
