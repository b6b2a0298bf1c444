package dev.repartee.common.suggest;

import dev.repartee.common.data.TextNorm;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes whole replies: the most probable ones from the first token to the end marker. */
final class ReplyWriter {

  private final TokenIndex index;
  private final int endMarker;
  private final BranchSearch.Limits limits;

  ReplyWriter(TokenIndex index, int endMarker, BranchSearch.Limits limits) {
    this.index = index;
    this.endMarker = endMarker;
    this.limits = limits;
  }

  /** Replies that are the same under {@link TextNorm#norm} count together. */
  List<Candidate> replies(Completer.Situation situation) {
    ModelView view = situation.view();
    ReplyTree tree = situation.tree();

    tree.makeRoom(limits.rounds() * limits.width());
    Map<String, Candidate> best = new HashMap<>();
    Map<String, Double> sums = new HashMap<>();
    new BranchSearch(tree, index, endMarker, limits)
        .onEnd(
            (branch, log) -> {
              String text = branch.string().strip();
              if (text.isEmpty() || !view.isFilled(text)) {
                return;
              }
              Candidate candidate = new Candidate(view.fill(text), Math.exp(log));
              if (!situation.sayable().test("", candidate.text())) {
                return;
              }
              String norm = TextNorm.norm(candidate.text());
              sums.merge(norm, candidate.probability(), Double::sum);
              best.merge(
                  norm,
                  candidate,
                  (one, other) -> one.probability() >= other.probability() ? one : other);
            })
        .run(List.of(Branch.start(tree.root(), new byte[0])));
    List<Candidate> replies = new ArrayList<>();
    best.forEach(
        (norm, candidate) ->
            replies.add(new Candidate(candidate.text(), Math.min(1, sums.get(norm)))));
    return replies;
  }
}
