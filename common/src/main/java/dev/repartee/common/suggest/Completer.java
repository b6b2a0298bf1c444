package dev.repartee.common.suggest;

import dev.repartee.common.tokenizer.Gpt2Tokenizer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Continues a draft greedily. The draft's last word is tokenized anew together with its
 * continuation, since its first letters alone would be other tokens than the whole word; until the
 * typed bytes are used up only tokens that agree with them are considered.
 *
 * <p>Of all word ends along the greedy path it offers the one that is expected to save most:
 * length, less the keystroke that accepting costs, times the probability of being right up to
 * there. Offers of {@value #WORTH_READING} characters and more go before shorter ones, which hardly
 * repay reading.
 */
final class Completer {

  private static final int MAX_NEW_TOKENS = 24;
  private static final int WORTH_READING = 10;

  /** A path that improbable cannot become the best offer any more. */
  private static final double HOPELESS = 0.02;

  private final Gpt2Tokenizer tokenizer;
  private final TokenIndex index;
  private final int endMarker;
  private final double minProbability;

  Completer(Gpt2Tokenizer tokenizer, TokenIndex index, int endMarker, double minProbability) {
    this.tokenizer = tokenizer;
    this.index = index;
    this.endMarker = endMarker;
    this.minProbability = minProbability;
  }

  /**
   * The token sequence being grown, what of the draft is still to be matched, and what follows it.
   */
  private static final class Path {
    private final List<Integer> tokens;
    private byte[] typed;
    private final ByteArrayOutputStream text = new ByteArrayOutputStream();
    private double probability = 1;

    Path(int[] tokens, byte[] typed) {
      this.tokens = new ArrayList<>(Arrays.stream(tokens).boxed().toList());
      this.typed = typed;
    }

    void add(int id, byte[] bytes, double tokenProbability) {
      tokens.add(id);
      probability *= tokenProbability;
      int used = Math.min(typed.length, bytes.length);
      typed = Arrays.copyOfRange(typed, used, typed.length);
      text.write(bytes, used, bytes.length - used);
    }

    /** What follows the draft. */
    String text() {
      return text.toString(StandardCharsets.UTF_8).stripTrailing();
    }
  }

  /** The best continuation, or nothing worth showing. */
  Optional<Suggestion> complete(String draft, ReplyTokens reply) {
    int cut = lastWord(draft);
    int[] stable = tokenizer.encode(draft.substring(0, cut));
    Path path = new Path(stable, draft.substring(cut).getBytes(StandardCharsets.UTF_8));
    Best best = new Best();
    for (int step = 0; step < MAX_NEW_TOKENS && path.tokens.size() < reply.capacity(); step++) {
      ReplyTokens.Next next = reply.after(path.tokens);
      Choice choice = choose(next, path.typed);
      if (choice == null) {
        break;
      }
      if (path.typed.length == 0 && path.text.size() > 0 && endsWord(choice.id)) {
        best.consider(path.text(), path.probability);
      }
      if (choice.id == endMarker || path.probability * choice.probability < HOPELESS) {
        break;
      }
      path.add(choice.id, index.bytes(choice.id), choice.probability);
    }
    return best.offer();
  }

  /** The offer that is expected to save most so far. */
  private final class Best {
    private String text = "";
    private double probability;

    void consider(String candidate, double right) {
      if (right >= minProbability && compare(candidate, right) > 0) {
        text = candidate;
        probability = right;
      }
    }

    private double compare(String candidate, double right) {
      boolean worthReading = candidate.length() >= WORTH_READING;
      boolean bestWorthReading = text.length() >= WORTH_READING;
      return worthReading == bestWorthReading
          ? right * (candidate.length() - 1) - probability * (text.length() - 1)
          : Boolean.compare(worthReading, bestWorthReading);
    }

    Optional<Suggestion> offer() {
      return text.isEmpty()
          ? Optional.empty()
          : Optional.of(Suggestion.completion(text, Math.min(1, probability)));
    }
  }

  private record Choice(int id, double probability) {}

  /**
   * The most probable token that agrees with the typed bytes, its probability given that one does.
   */
  private Choice choose(ReplyTokens.Next next, byte[] typed) {
    if (typed.length == 0) {
      return new Choice(next.best(), next.probability(next.best()));
    }
    int best = -1;
    double bestProbability = 0;
    double total = 0;
    for (int id : index.compatible(typed)) {
      double probability = next.probability(id);
      total += probability;
      if (best < 0 || probability > bestProbability) {
        best = id;
        bestProbability = probability;
      }
    }
    return total > 0 ? new Choice(best, bestProbability / total) : null;
  }

  private boolean endsWord(int nextId) {
    byte[] bytes = index.bytes(nextId);
    return nextId == endMarker || bytes.length == 0 || !isWordByte(bytes[0]);
  }

  private static boolean isWordByte(byte b) {
    return b < 0 || Character.isLetterOrDigit(b) || b == '\'';
  }

  /** Where the draft's last word begins, with the blank before it; tokens before that are final. */
  private static int lastWord(String draft) {
    int at = draft.length();
    while (at > 0 && Character.isWhitespace(draft.charAt(at - 1))) {
      at--;
    }
    boolean trailingBlank = at < draft.length();
    if (!trailingBlank) {
      while (at > 0 && !Character.isWhitespace(draft.charAt(at - 1))) {
        at--;
      }
      while (at > 0 && Character.isWhitespace(draft.charAt(at - 1))) {
        at--;
      }
    }
    return at;
  }
}
