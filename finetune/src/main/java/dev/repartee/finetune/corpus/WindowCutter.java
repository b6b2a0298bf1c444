package dev.repartee.finetune.corpus;

import dev.repartee.engine.suggest.PromptFormat;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Cuts conversations into windows of at most {@code maxTokens}. A window begins with what was said
 * before, up to half its length, as {@link PromptFormat#latest} reads it for a reply. Whole
 * messages follow; the first that does not fit begins the next window, and one too long for any is
 * cut.
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
   * @param replies the agent's replies that are new in this window, as far as they count as answers
   */
  @SuppressWarnings("ArrayRecordComponent") // read-only, and there are hundreds of thousands
  record Window(int[] ids, int[] scored, List<Reply> replies) {

    /**
     * An agent's reply.
     *
     * @param position of the agent's marker
     * @param text as written
     */
    record Reply(int position, String text) {}
  }

  private final PromptFormat format;
  private final int maxTokens;
  private final ScoredTokens scoredTokens;

  public WindowCutter(PromptFormat format, int maxTokens, ScoredTokens scoredTokens) {
    this.format = format;
    this.maxTokens = maxTokens;
    this.scoredTokens = scoredTokens;
  }

  /** A conversation's windows that score anything. */
  List<Window> cut(Conversation conversation) {
    List<Message> messages = conversation.messages();
    List<int[]> tokens = messages.stream().map(format::encode).toList();
    List<Window> windows = new ArrayList<>();
    int next = 0; // the first message that is not read to its end
    int from = 0; // its first token that is new
    while (next < messages.size()) {
      Stream<int[]> before =
          from == 0
              ? tokens.subList(0, next).reversed().stream()
              : Stream.of(Arrays.copyOf(tokens.get(next), from));
      Filling window = new Filling(PromptFormat.latest(before, maxTokens / 2));
      do {
        from += window.add(messages.get(next), tokens.get(next), from);
        if (from == tokens.get(next).length) {
          next++;
          from = 0;
        }
      } while (from == 0 && next < messages.size() && tokens.get(next).length <= window.room());
      window.window().ifPresent(windows::add);
    }
    return windows;
  }

  /** A window while it is filled. */
  private final class Filling {

    private final int[] ids = new int[maxTokens];
    private final IntStream.Builder scored = IntStream.builder();
    private final List<Window.Reply> replies = new ArrayList<>();
    private int length;

    Filling(int[] context) {
      append(context, 0, context.length);
    }

    private void append(int[] tokens, int from, int count) {
      System.arraycopy(tokens, from, ids, length, count);
      length += count;
    }

    int room() {
      return maxTokens - length;
    }

    /** Adds as many of a message's tokens as there is room for; returns how many. */
    int add(Message message, int[] tokens, int from) {
      int count = Math.min(tokens.length - from, room());
      boolean agent = message.isLearned();
      if (agent && from == 0) {
        replies.add(new Window.Reply(length, message.text()));
      }
      if (agent || scoredTokens == ScoredTokens.ALL) {
        boolean skipsMarker = from == 0 && (scoredTokens == ScoredTokens.AGENT || length == 0);
        IntStream.range(skipsMarker ? length : length - 1, length + count - 1).forEach(scored::add);
      }
      append(tokens, from, count);
      return count;
    }

    Optional<Window> window() {
      int[] positions = scored.build().toArray();
      return positions.length == 0
          ? Optional.empty()
          : Optional.of(new Window(Arrays.copyOf(ids, length), positions, replies));
    }
  }
}
