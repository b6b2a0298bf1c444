package dev.repartee.engine.suggest;

import dev.repartee.engine.tokenizer.Gpt2Tokenizer;
import dev.repartee.text.TextNorm;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Finds how probable whole replies are to the model, from the first token to the end marker: the
 * most promising known ones, read in one pass as a tree. Where none is known, the replies that the
 * model would write itself; beside known ones these cost five more passes and saved nothing.
 */
final class ReplyScorer {

  /** Known replies that are ranked. */
  static final int RANKED = 50;

  /** Of these, how many the model reads, which takes most of a message's time. */
  private static final int READ = 8;

  private final Gpt2Tokenizer tokenizer;
  private final TokenIndex index;
  private final int endMarker;
  private final BranchSearch.Limits limits;

  ReplyScorer(
      Gpt2Tokenizer tokenizer, TokenIndex index, int endMarker, BranchSearch.Limits limits) {
    this.tokenizer = tokenizer;
    this.index = index;
    this.endMarker = endMarker;
    this.limits = limits;
  }

  /** The replies that may be suggested, with the model's view of the most promising. */
  List<WholeReply> replies(Completer.Situation situation) {
    return situation.known().isEmpty() ? written(situation) : read(situation);
  }

  private List<WholeReply> read(Completer.Situation situation) {
    List<KnownReplies.Known> known =
        situation.known().subList(0, Math.min(RANKED, situation.known().size()));
    List<KnownReplies.Known> promising =
        known.stream()
            .sorted(
                Comparator.comparingDouble(
                    (KnownReplies.Known one) -> -one.promise() * one.text().length()))
            .limit(READ)
            .toList();
    situation.tree().makeRoom(ReplyTree.ROOM);
    double[] logs =
        situation
            .tree()
            .logs(promising.stream().map(one -> tokenizer.encode(one.text())).toList(), endMarker);
    Map<KnownReplies.Known, Double> byModel = new HashMap<>();
    for (int i = 0; i < logs.length; i++) {
      byModel.put(promising.get(i), Math.exp(logs[i]));
    }
    return known.stream()
        .map(
            one -> byModel.containsKey(one) ? one.reply().withModel(byModel.get(one)) : one.reply())
        .toList();
  }

  private List<WholeReply> written(Completer.Situation situation) {
    List<WholeReply> replies = new ArrayList<>();
    new BranchSearch(situation.tree(), index, endMarker, limits)
        .onEnd(
            (branch, log) -> {
              String text = branch.string().strip();
              if (!text.isEmpty() && situation.view().isFilled(text)) {
                String filled = situation.view().fill(text);
                if (situation.sayable().test("", filled)) {
                  replies.add(
                      new WholeReply(
                          filled,
                          TextNorm.norm(filled),
                          Optional.empty(),
                          new WholeReply.Evidence(
                              0, 0, 0, 0, 0, false, OptionalDouble.of(Math.exp(log)))));
                }
              }
            })
        .run(List.of(Branch.start(situation.tree().root(), new byte[0])));
    replies.sort(
        Comparator.comparingDouble((WholeReply one) -> -one.evidence().byModel().orElseThrow())
            .thenComparing(WholeReply::text));
    Set<String> norms = new HashSet<>();
    return replies.stream().filter(one -> norms.add(one.norm())).toList();
  }
}
