package dev.repartee.engine.suggest;

import dev.repartee.engine.tokenizer.Gpt2Tokenizer;
import dev.repartee.text.TextNorm;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Tells how probable whole replies are to the model, from the first token to the end marker: the
 * likeliest wordings of the answers, read in one pass as a tree. Without any answers, the replies
 * that it would write itself; beside answers these cost five more passes and saved nothing.
 */
final class ReplyScorer {

  /**
   * Wordings that the model is asked about. Five times as many cost five times as much, and save no
   * more typing on STAR's validation set.
   */
  private static final int WORDINGS = 5;

  private final Gpt2Tokenizer tokenizer;
  private final TokenIndex index;
  private final int endMarker;
  private final BranchSearch.Limits limits;
  private final AnswerPredictor answers;

  ReplyScorer(
      Gpt2Tokenizer tokenizer,
      TokenIndex index,
      int endMarker,
      BranchSearch.Limits limits,
      AnswerPredictor answers) {
    this.tokenizer = tokenizer;
    this.index = index;
    this.endMarker = endMarker;
    this.limits = limits;
    this.answers = answers;
  }

  /** Replies that are the same under {@link TextNorm#norm} count together. */
  List<Candidate> replies(Completer.Situation situation) {
    Map<String, Double> byText = new LinkedHashMap<>();
    if (answers.wordings().isEmpty()) {
      ReplyTree tree = situation.tree();
      new BranchSearch(tree, index, endMarker, limits)
          .onEnd((branch, log) -> byText.put(branch.string().strip(), Math.exp(log)))
          .run(List.of(Branch.start(tree.root(), new byte[0])));
    } else {
      weigh(situation, byText);
    }
    return merged(byText, situation);
  }

  private void weigh(Completer.Situation situation, Map<String, Double> byText) {
    List<Wordings.Wording> wordings = answers.wordings();
    double[] worded = situation.worded();
    List<Wordings.Wording> likeliest =
        IntStream.range(0, worded.length)
            .boxed()
            .sorted(Comparator.comparingDouble(w -> -worded[w] * wordings.get(w).text().length()))
            .limit(WORDINGS)
            .map(wordings::get)
            .toList();
    List<int[]> tokens =
        likeliest.stream().map(wording -> tokenizer.encode(wording.text())).toList();
    situation.tree().makeRoom(ReplyTree.ROOM);
    double[] logs = situation.tree().logs(tokens, endMarker);
    for (int i = 0; i < logs.length; i++) {
      if (logs[i] > Double.NEGATIVE_INFINITY) {
        byText.put(likeliest.get(i).text(), Math.exp(logs[i]));
      }
    }
  }

  private static List<Candidate> merged(Map<String, Double> byText, Completer.Situation situation) {
    List<Candidate> replies = new ArrayList<>();
    byText.forEach(
        (text, probability) -> {
          if (!text.isEmpty() && situation.view().isFilled(text)) {
            Candidate candidate = new Candidate(situation.view().fill(text), probability);
            if (situation.sayable().test("", candidate.text())) {
              replies.add(candidate);
            }
          }
        });
    return Candidate.merged(replies, TextNorm::norm);
  }
}
