package dev.repartee.engine.suggest;

import dev.repartee.engine.tokenizer.Gpt2Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Finds what may follow a draft, with probabilities. The draft's last word is tokenized anew
 * together with its continuation, since its first letters alone would be other tokens than the
 * whole word.
 */
final class Completer {

  private static final char UNDECODABLE = '\uFFFD';

  /** No longer draft has room in the tree; it is not even redacted to find that out. */
  private static final int LONGEST_DRAFT = 2000;

  private final Gpt2Tokenizer tokenizer;
  private final TokenIndex index;
  private final BranchSearch.Limits limits;
  private final Memory memory;

  Completer(Gpt2Tokenizer tokenizer, TokenIndex index, BranchSearch.Limits limits, Memory memory) {
    this.memory = memory;
    this.tokenizer = tokenizer;
    this.index = index;
    this.limits = limits;
  }

  /** What is known of the reply beside the draft. */
  record Situation(
      ModelView view,
      ReplyTree tree,
      AllowedWords sayable,
      LikelyReplies likely,
      Optional<String> agentId) {}

  /**
   * What was found.
   *
   * @param candidates continuations that end with a word, as they would be sent
   * @param whole whether the model, asked, could add nothing
   */
  record Found(List<Candidate> candidates, boolean whole) {

    Found {
      candidates = List.copyOf(candidates);
    }
  }

  /**
   * Continuations of {@code draft}. Where the tree must not ask the model, as many as are known.
   *
   * @throws ReplyTree.UnreadException when not even the words before the draft's last are
   */
  Found candidates(String draft, Situation situation) {
    if (draft.length() > LONGEST_DRAFT) {
      return new Found(List.of(), true);
    }
    ModelView view = situation.view();
    String read = view.draft(draft);
    int cut = Words.lastWord(read);
    int[] stable = tokenizer.encode(read.substring(0, cut));
    ReplyTree tree = situation.tree();
    if (stable.length >= tree.capacity()) {
      return new Found(List.of(), true);
    }
    List<int[]> placeholders = placeholders(read.substring(cut), stable, view);
    boolean unread = false;
    if (tree.mayRead()) {
      tree.makeRoom(stable.length + limits.rounds() * limits.width());
    } else {
      unread = placeholders.stream().anyMatch(tokens -> tree.find(tokens) == null);
      placeholders = List.of();
    }
    ReplyTree.Node start = read(tree, stable, placeholders);
    BranchSearch search = new BranchSearch(tree, index, limits);
    List<Branch> found = search.run(starts(start, read.substring(cut), view));
    Map<String, Double> byModel = new LinkedHashMap<>();
    for (Branch branch : found) {
      String text = branch.string();
      char last = text.charAt(text.length() - 1);
      if (text.indexOf(UNDECODABLE) >= 0 || Character.isWhitespace(last)) {
        continue;
      }
      double right = search.probability(branch);
      right *= Words.isWord(last) ? branch.node().endsWord(index) : 1;
      // What cannot be filled in would have to be taken out again.
      if (right > 0 && view.isFilled(text)) {
        String filled = view.fill(text);
        if (situation.sayable().test(draft, filled)) {
          byModel.merge(filled, right, Double::sum);
        }
      }
    }
    Map<String, Double> byMemory = new LinkedHashMap<>();
    for (Continuations.Found one : memory.continuations(read, situation.agentId())) {
      if (view.isFilled(one.text())) {
        byMemory.merge(view.fill(one.text()), one.probability(), Double::sum);
      }
    }
    return new Found(
        Candidate.merged(byModel, byMemory, situation.likely().after(draft)),
        search.isWhole() && !unread);
  }

  /** The draft as it stands, and as the placeholder of a value whose beginning it may be. */
  private static List<Branch> starts(ReplyTree.Node start, String typed, ModelView view) {
    List<Branch> starts = new ArrayList<>();
    starts.add(Branch.start(start, typed.getBytes(StandardCharsets.UTF_8)));
    String word = typed.stripLeading();
    if (!word.isEmpty()) {
      String blank = typed.substring(0, typed.length() - word.length());
      view.values(word)
          .forEach(
              (placeholder, value) ->
                  starts.add(
                      Branch.start(
                          start,
                          (blank + placeholder).getBytes(StandardCharsets.UTF_8),
                          value.substring(word.length()).getBytes(StandardCharsets.UTF_8))));
    }
    return starts;
  }

  /** Placeholders have several tokens, so they too are read at once. */
  private List<int[]> placeholders(String typed, int[] stable, ModelView view) {
    List<int[]> tokens = new ArrayList<>();
    String word = typed.stripLeading();
    if (!word.isEmpty()) {
      String blank = typed.substring(0, typed.length() - word.length());
      for (String placeholder : view.values(word).keySet()) {
        tokens.add(
            IntStream.concat(
                    IntStream.of(stable), IntStream.of(tokenizer.encode(blank + placeholder)))
                .toArray());
      }
    }
    return tokens;
  }

  private static ReplyTree.Node read(ReplyTree tree, int[] stable, List<int[]> placeholders) {
    List<ReplyTree.Growth> wanted = new ArrayList<>();
    wanted.add(new ReplyTree.Growth(tree.root(), stable));
    for (int[] tokens : placeholders) {
      wanted.add(new ReplyTree.Growth(tree.root(), tokens));
    }
    tree.grow(wanted);
    return tree.find(stable);
  }
}
