package dev.repartee.finetune.corpus;

import dev.repartee.engine.suggest.PromptFormat;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import java.util.ArrayList;
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

  /** A conversation's windows that score anything, and how many of its messages were cut. */
  record Cut(List<Window> windows, int cutMessages) {}

  private final PromptFormat format;
  private final int maxTokens;
  private final ScoredTokens scoredTokens;

  public WindowCutter(PromptFormat format, int maxTokens, ScoredTokens scoredTokens) {
    this.format = format;
    this.maxTokens = maxTokens;
    this.scoredTokens = scoredTokens;
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
      window(messages.subList(first, end), tokens.subList(first, end), next - first)
          .ifPresent(windows::add);
      next = end;
    }
    return new Cut(
        windows, (int) whole.stream().filter(message -> message.length > maxTokens).count());
  }

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

  /** A window of messages, of which those before {@code next} are context; empty if none counts. */
  private Optional<Window> window(List<Message> messages, List<int[]> tokens, int next) {
    IntStream.Builder scored = IntStream.builder();
    List<Window.Reply> replies = new ArrayList<>();
    int at = 0;
    for (int i = 0; i < messages.size(); i++) {
      int length = tokens.get(i).length;
      if (i >= next) {
        boolean agent = messages.get(i).isLearned();
        if (agent) {
          replies.add(new Window.Reply(at, messages.get(i).text()));
        }
        if (scoredTokens == ScoredTokens.ALL && at > 0) {
          scored.add(at - 1);
        }
        if (agent || scoredTokens == ScoredTokens.ALL) {
          IntStream.range(at, at + length - 1).forEach(scored::add);
        }
      }
      at += length;
    }
    int[] positions = scored.build().toArray();
    int[] ids = tokens.stream().flatMapToInt(IntStream::of).toArray();
    return positions.length == 0
        ? Optional.empty()
        : Optional.of(new Window(ids, positions, replies));
  }
}
