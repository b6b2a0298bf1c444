package dev.repartee.finetune.training;

import dev.repartee.common.data.Conversation;
import dev.repartee.common.data.Message;
import dev.repartee.common.suggest.PromptFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Cuts conversations into windows of at most {@code maxTokens}, at message boundaries. Every agent
 * message is scored exactly once; a window after the first repeats earlier messages as context, up
 * to half its length.
 */
final class ExampleReader {

  private final PromptFormat format;
  private final int maxTokens;

  ExampleReader(PromptFormat format, int maxTokens) {
    this.format = format;
    this.maxTokens = maxTokens;
  }

  List<Example> read(List<Conversation> conversations) {
    List<Example> examples = new ArrayList<>();
    for (Conversation conversation : conversations) {
      addWindows(conversation.messages(), examples);
    }
    return examples;
  }

  private void addWindows(List<Message> messages, List<Example> examples) {
    List<int[]> tokens = messages.stream().map(this::encode).toList();
    int next = 0; // the first message that is not scored yet
    while (next < messages.size()) {
      int first = contextStart(tokens, next);
      int length = lengthOf(tokens, first, next);
      int end = next;
      while (end < tokens.size() && length + tokens.get(end).length <= maxTokens) {
        length += tokens.get(end++).length;
      }
      window(messages, tokens, first, next, end, examples);
      next = end;
    }
  }

  /** One message, without its middle when it alone is longer than a window. */
  private int[] encode(Message message) {
    int[] ids = format.encode(message);
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

  private static int lengthOf(List<int[]> tokens, int first, int end) {
    return tokens.subList(first, end).stream().mapToInt(ids -> ids.length).sum();
  }

  private static void window(
      List<Message> messages,
      List<int[]> tokens,
      int first,
      int next,
      int end,
      List<Example> examples) {
    IntStream.Builder scored = IntStream.builder();
    List<Example.Reply> replies = new ArrayList<>();
    int at = 0;
    for (int i = first; i < end; i++) {
      int length = tokens.get(i).length;
      if (i >= next && messages.get(i).isAgent()) {
        replies.add(new Example.Reply(at, messages.get(i).text()));
        IntStream.range(at, at + length - 1).forEach(scored::add);
      }
      at += length;
    }
    if (!replies.isEmpty()) {
      int[] ids = tokens.subList(first, end).stream().flatMapToInt(IntStream::of).toArray();
      examples.add(new Example(ids, scored.build().toArray(), replies));
    }
  }
}
