package dev.repartee.common.suggest;

import dev.repartee.common.tokenizer.Gpt2Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds what may follow a draft, with probabilities. The draft's last word is tokenized anew
 * together with its continuation, since its first letters alone would be other tokens than the
 * whole word.
 */
final class Completer {

  private static final char UNDECODABLE = '\uFFFD';

  private final Gpt2Tokenizer tokenizer;
  private final TokenIndex index;
  private final int endMarker;
  private final BranchSearch.Limits limits;

  Completer(Gpt2Tokenizer tokenizer, TokenIndex index, int endMarker, BranchSearch.Limits limits) {
    this.tokenizer = tokenizer;
    this.index = index;
    this.endMarker = endMarker;
    this.limits = limits;
  }

  /** Continuations of {@code draft} that end with a word, as {@code view} fills them in. */
  List<Candidate> candidates(String draft, ModelView view, ReplyTree tree, Sayable sayable) {
    String read = view.draft(draft);
    int cut = Words.lastWord(read);
    int[] stable = tokenizer.encode(read.substring(0, cut));
    if (stable.length >= tree.capacity()) {
      return List.of();
    }
    tree.makeRoom(stable.length + limits.rounds() * limits.width());
    ReplyTree.Node start = descend(tree, stable);
    BranchSearch search = new BranchSearch(tree, index, endMarker, limits);
    byte[] typed = read.substring(cut).getBytes(StandardCharsets.UTF_8);
    List<Candidate> candidates = new ArrayList<>();
    for (Branch branch : search.run(Branch.start(start, typed))) {
      String text = branch.string();
      char last = text.charAt(text.length() - 1);
      if (text.indexOf(UNDECODABLE) >= 0 || Character.isWhitespace(last)) {
        continue;
      }
      double right = search.probability(branch);
      right *= Words.isWord(last) ? branch.node().endsWord() : 1;
      // What cannot be filled in would have to be taken out again.
      if (right > 0 && view.isFilled(text)) {
        String filled = view.fill(text);
        if (sayable.test(draft, filled)) {
          candidates.add(new Candidate(filled, Math.min(1, right)));
        }
      }
    }
    return candidates;
  }

  private static ReplyTree.Node descend(ReplyTree tree, int[] tokens) {
    tree.grow(List.of(new ReplyTree.Growth(tree.root(), tokens)));
    ReplyTree.Node node = tree.root();
    for (int token : tokens) {
      node = node.child(token);
    }
    return node;
  }
}
