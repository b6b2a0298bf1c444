package dev.repartee.engine.suggest;

import dev.repartee.engine.tokenizer.Gpt2Tokenizer;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.conversation.Role;
import dev.repartee.text.privacy.Links;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How a conversation becomes tokens: for each message its role's marker, its text with {@link
 * Links#masked a placeholder for each link}, an end marker. The markers are ids behind the
 * tokenizer's vocabulary, so no text can produce them.
 */
public final class PromptFormat {

  /** Stands in {@code repartee.json}; raised when the tokens of a conversation change. */
  public static final int VERSION = 2;

  /** How many ids it adds behind the tokenizer's vocabulary. */
  public static final int MARKERS = 3;

  private final Gpt2Tokenizer tokenizer;
  private final int customer;
  private final int agent;
  private final int end;

  public PromptFormat(Gpt2Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
    this.customer = tokenizer.vocabularySize();
    this.agent = customer + 1;
    this.end = customer + 2;
  }

  /** Token ids that a model needs for this format. */
  public int vocabularySize() {
    return tokenizer.vocabularySize() + MARKERS;
  }

  /** The marker that ends a message. */
  public int endMarker() {
    return end;
  }

  /** Marker, text and end of one message. */
  public int[] encode(Message message) {
    int[] text = tokenizer.encode(Links.masked(message.text()));
    int[] ids = new int[text.length + 2];
    ids[0] = message.role() == Role.AGENT ? agent : customer;
    System.arraycopy(text, 0, ids, 1, text.length);
    ids[ids.length - 1] = end;
    return ids;
  }

  /**
   * The tokens after which the agent's reply is to be predicted: {@link #latest} of the messages,
   * then the agent's marker.
   *
   * @param maxTokens budget, at least 2
   */
  public int[] context(List<Message> messages, int maxTokens) {
    if (maxTokens < 2) {
      throw new IllegalArgumentException("maxTokens must be at least 2 but is " + maxTokens);
    }
    int[] latest = latest(messages.reversed().stream().map(this::encode), maxTokens - 1);
    return IntStream.concat(IntStream.of(latest), IntStream.of(agent)).toArray();
  }

  /**
   * The latest messages that fit into a budget. If not even the last one does, it is its marker and
   * its end.
   *
   * @param lastFirst messages as tokens, the last one first
   */
  public static int[] latest(Stream<int[]> lastFirst, int maxTokens) {
    List<int[]> kept = new ArrayList<>();
    int left = maxTokens;
    for (Iterator<int[]> all = lastFirst.iterator(); all.hasNext(); ) {
      int[] ids = all.next();
      if (ids.length > left) {
        if (kept.isEmpty()) {
          kept.add(tail(ids, left));
        }
        break;
      }
      kept.addFirst(ids);
      left -= ids.length;
    }
    return kept.stream().flatMapToInt(IntStream::of).toArray();
  }

  /** The role marker, then the last tokens. */
  private static int[] tail(int[] ids, int length) {
    int[] tail = new int[length];
    System.arraycopy(ids, ids.length - length, tail, 0, length);
    tail[0] = ids[0];
    return tail;
  }
}
