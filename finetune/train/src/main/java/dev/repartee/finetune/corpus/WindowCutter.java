package dev.repartee.finetune.corpus;

import dev.repartee.engine.suggest.PromptFormat;
import dev.repartee.engine.tokenizer.Gpt2Tokenizer;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.conversation.Quality;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Cuts conversations into windows of at most {@code maxTokens}, at message boundaries. Every
 * message is scored at most once. A window after the first repeats earlier messages as context, up
 * to half its length. A message that alone is longer than a window loses its end.
 */
public final class WindowCutter {

  /** Which tokens the loss counts. */
  public enum ScoredTokens {
    /** The agent's words and the end of each of the agent's messages. */
    AGENT,
    /** Every token but a conversation's first, which has no token before it. */
    ALL
  }

  /**
   * A part of a conversation as the model is trained on it.
   *
   * @param ids its tokens
   * @param scored indices of tokens whose next token counts, ascending
   * @param weights of the scored tokens' next tokens, in thousandths; empty where all weigh the
   *     same
   * @param replies the agent's replies that are new in this window, as far as they count as answers
   */
  @SuppressWarnings("ArrayRecordComponent") // read-only, and there are hundreds of thousands
  record Window(int[] ids, int[] scored, int[] weights, List<Reply> replies) {

    /**
     * An agent's reply.
     *
     * @param position of the agent's marker
     * @param text as written
     */
    record Reply(int position, String text) {}

    Window {
      replies = List.copyOf(replies);
      if (scored.length == 0 || scored[scored.length - 1] + 1 >= ids.length) {
        throw new IllegalArgumentException("scored tokens need a next token in the window");
      }
      if (weights.length != 0 && weights.length != scored.length) {
        throw new IllegalArgumentException(
            "each scored token needs one weight, but there are %d for %d"
                .formatted(weights.length, scored.length));
      }
    }
  }

  /** A conversation's windows that score anything, and how many of its messages were cut. */
  record Cut(List<Window> windows, int cutMessages) {}

  private final PromptFormat format;
  private final int maxTokens;
  private final ScoredTokens scoredTokens;
  private final Optional<Weighing> weighing;

  /**
   * What gives tokens their weights.
   *
   * @param use of the replies, where feedback says it
   * @param prefer whether replies weigh by their conversation's {@link Quality#weight}, too
   */
  private record Weighing(Gpt2Tokenizer tokenizer, Optional<ReplyUse> use, boolean prefer) {

    Optional<ReplyUse.Reply> reply(Conversation conversation, int message) {
      return use.flatMap(known -> known.of(conversation.id(), message));
    }

    boolean learns(Conversation conversation) {
      return !prefer || !Quality.isPoor(conversation);
    }

    /** Whole, so that products are exact; the loss is a mean by weight, so units do not matter. */
    int factor(Conversation conversation, boolean agent) {
      return !prefer ? 1 : agent ? Quality.weight(conversation) : Quality.NEUTRAL;
    }
  }

  /** Cuts windows in which all tokens weigh the same. */
  public WindowCutter(PromptFormat format, int maxTokens, ScoredTokens scoredTokens) {
    this(format, maxTokens, scoredTokens, Optional.empty());
  }

  private WindowCutter(
      PromptFormat format, int maxTokens, ScoredTokens scoredTokens, Optional<Weighing> weighing) {
    this.format = format;
    this.maxTokens = maxTokens;
    this.scoredTokens = scoredTokens;
    this.weighing = weighing;
  }

  /**
   * The same with weights for the tokens of {@code tokenizer}.
   *
   * @param use weighs replies by how they were written; empty where that is not known
   * @param prefer whether replies of good conversations weigh more; those of {@linkplain
   *     Quality#isPoor poor} ones do not count as answers
   */
  public WindowCutter weighing(Gpt2Tokenizer tokenizer, Optional<ReplyUse> use, boolean prefer) {
    return use.isEmpty() && !prefer
        ? this
        : new WindowCutter(
            format, maxTokens, scoredTokens, Optional.of(new Weighing(tokenizer, use, prefer)));
  }

  /** Whether windows have weights. */
  boolean weighs() {
    return weighing.isPresent();
  }

  Cut cut(Conversation conversation) {
    List<Message> messages = conversation.messages();
    List<int[]> whole = messages.stream().map(format::encode).toList();
    List<int[]> tokens = whole.stream().map(this::shortened).toList();
    List<Window> windows = new ArrayList<>();
    int next = 0; // the first message that is not scored yet
    while (next < messages.size()) {
      int first = contextStart(tokens, next);
      int length = tokens.subList(first, next).stream().mapToInt(ids -> ids.length).sum();
      int end = next;
      while (end < tokens.size() && length + tokens.get(end).length <= maxTokens) {
        length += tokens.get(end++).length;
      }
      add(windows, conversation, tokens, new MessageRange(first, next, end));
      next = end;
    }
    return new Cut(
        windows, (int) whole.stream().filter(message -> message.length > maxTokens).count());
  }

  /** Messages of a window: context from {@code first}, new from {@code next}, up to {@code end}. */
  private record MessageRange(int first, int next, int end) {}

  private int[] shortened(int[] ids) {
    if (ids.length <= maxTokens) {
      return ids;
    }
    int[] cut = IntStream.of(ids).limit(maxTokens).toArray();
    cut[maxTokens - 1] = format.endMarker();
    return cut;
  }

  private int contextStart(List<int[]> tokens, int next) {
    int budget = Math.min(maxTokens / 2, maxTokens - tokens.get(next).length);
    int first = next;
    while (first > 0 && tokens.get(first - 1).length <= budget) {
      budget -= tokens.get(--first).length;
    }
    return first;
  }

  private void add(
      List<Window> windows, Conversation conversation, List<int[]> tokens, MessageRange span) {
    List<Message> messages = conversation.messages();
    IntStream.Builder scored = IntStream.builder();
    IntStream.Builder weights = IntStream.builder();
    List<Window.Reply> replies = new ArrayList<>();
    int at = 0;
    for (int i = span.first(); i < span.end(); i++) {
      int length = tokens.get(i).length;
      if (i >= span.next()) {
        boolean agent = messages.get(i).isLearned();
        int message = i;
        Optional<ReplyUse.Reply> known =
            weighing.filter(_ -> agent).flatMap(w -> w.reply(conversation, message));
        if (agent
            && known.map(ReplyUse.Reply::learned).orElse(true)
            && weighing.map(w -> w.learns(conversation)).orElse(true)) {
          replies.add(new Window.Reply(at, messages.get(i).text()));
        }
        int[] ofTokens =
            weighing
                .map(
                    w ->
                        times(
                            w.factor(conversation, agent),
                            tokenWeights(
                                w.tokenizer(), messages.get(message).text(), known, length)))
                .orElseGet(() -> new int[0]);
        if (scoredTokens == ScoredTokens.ALL && at > 0) {
          scored.add(at - 1);
          Arrays.stream(ofTokens).limit(1).forEach(weights::add);
        }
        if (agent || scoredTokens == ScoredTokens.ALL) {
          IntStream.range(at, at + length - 1).forEach(scored::add);
          Arrays.stream(ofTokens).skip(1).forEach(weights::add);
        }
      }
      at += length;
    }
    int[] positions = scored.build().toArray();
    if (positions.length > 0) {
      int[] ids =
          tokens.subList(span.first(), span.end()).stream().flatMapToInt(IntStream::of).toArray();
      windows.add(new Window(ids, positions, weights.build().toArray(), replies));
    }
  }

  /**
   * The weights of a message's tokens, marker and end included. A token weighs what its first
   * character weighs that is no blank, and the end what the last character does.
   *
   * @param length of the message in tokens
   */
  private int[] tokenWeights(
      Gpt2Tokenizer tokenizer, String text, Optional<ReplyUse.Reply> known, int length) {
    int[] weights = new int[length];
    Arrays.fill(weights, ReplyUse.TYPED);
    int[] ofCharacters = ReplyUse.weights(text, known);
    if (ofCharacters.length == 0) {
      return weights;
    }
    int[] characters = text.codePoints().toArray();
    int[] ids = tokenizer.encode(text);
    int character = 0;
    int end = 0; // of that character, in bytes
    int at = 0; // in bytes
    for (int t = 1; t < length - 1; t++) {
      int to = at + tokenizer.bytes(ids[t - 1]).length;
      int first = -1;
      while (character < characters.length) {
        int bytes = bytes(characters[character]);
        if (end + bytes > at) { // it reaches into the token
          if (end >= to) {
            break;
          }
          if (first < 0 || Character.isWhitespace(characters[first])) {
            first = character;
          }
          if (end + bytes > to) {
            break; // the next token begins within it
          }
        }
        end += bytes;
        character++;
      }
      weights[t] = ofCharacters[Math.max(0, first)];
      at = to;
    }
    weights[length - 1] = ofCharacters[ofCharacters.length - 1];
    return weights;
  }

  private static int[] times(int factor, int... weights) {
    return Arrays.stream(weights).map(weight -> factor * weight).toArray();
  }

  /** In UTF-8. */
  private static int bytes(int codePoint) {
    return codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
  }
}
