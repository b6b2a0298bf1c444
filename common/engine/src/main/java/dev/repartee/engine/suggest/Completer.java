package dev.repartee.engine.suggest;

import dev.repartee.engine.tokenizer.Gpt2Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
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

  /** Known replies that are read with a draft, and how far. */
  private static final int PROPOSALS = 2;

  private static final int PROPOSED_TOKENS = 8;

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
      List<KnownReplies.Known> known,
      LikelyReplies likely,
      Optional<String> agentId) {

    Situation {
      known = List.copyOf(known);
    }
  }

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
    ModelView view = situation.view();
    String read = view.draft(draft);
    int cut = Words.lastWord(read);
    int[] stable = tokenizer.encode(read.substring(0, cut));
    ReplyTree tree = situation.tree();
    if (stable.length >= tree.capacity()) {
      return new Found(List.of(), true);
    }
    List<int[]> known = proposed(read, stable, situation);
    known.addAll(placeholders(read.substring(cut), stable, view));
    boolean unread = false;
    if (tree.mayRead()) {
      tree.makeRoom(stable.length + PROPOSALS * PROPOSED_TOKENS + limits.rounds() * limits.width());
    } else {
      unread = known.stream().anyMatch(tokens -> tree.find(tokens) == null);
      known = List.of();
    }
    ReplyTree.Node start = read(tree, stable, known);
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

  /**
   * Tokens of the most promising known replies that begin like the sentence that is being typed.
   * The model reads them in one pass, which costs little more than a token, and keeps what it finds
   * probable: speculative decoding (Leviathan et al. 2023) with the memory in place of a smaller
   * model.
   */
  private List<int[]> proposed(String read, int[] stable, Situation situation) {
    List<int[]> tokens = new ArrayList<>();
    String sentence = Words.lower(read.substring(lastSentence(read)));
    // Once a reply has turned out improbable, its other words are not worth reading.
    if (sentence.isBlank() || !situation.tree().isUnread(stable)) {
      return tokens;
    }
    situation.known().stream()
        .filter(one -> one.lower().length() > sentence.length() && one.lower().startsWith(sentence))
        .limit(PROPOSALS)
        .forEach(
            one -> {
              int[] whole = tokenizer.encode(read + one.text().substring(sentence.length()));
              if (Arrays.mismatch(whole, stable) == stable.length) {
                tokens.add(
                    Arrays.copyOf(whole, Math.min(whole.length, stable.length + PROPOSED_TOKENS)));
              }
            });
    return tokens;
  }

  /** Where the sentence that is being typed begins. */
  private static int lastSentence(String draft) {
    for (int i = draft.length() - 2; i >= 0; i--) {
      if (".!?".indexOf(draft.charAt(i)) >= 0 && Character.isWhitespace(draft.charAt(i + 1))) {
        return i + 2;
      }
    }
    return 0;
  }

  private static ReplyTree.Node read(ReplyTree tree, int[] stable, List<int[]> proposed) {
    List<ReplyTree.Growth> wanted = new ArrayList<>();
    wanted.add(new ReplyTree.Growth(tree.root(), stable));
    for (int[] tokens : proposed) {
      wanted.add(new ReplyTree.Growth(tree.root(), tokens));
    }
    tree.grow(wanted);
    return tree.find(stable);
  }
}
