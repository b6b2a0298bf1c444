package dev.repartee.engine.memory;

import static dev.repartee.engine.memory.Writer.UNKNOWN;

import dev.repartee.text.privacy.Sharing;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.stream.Stream;

/** What is counted of a wording. */
final class TextCount {
  private final int[] words;
  private int replies;
  private int onlyQueue = UNKNOWN; // in which it stands
  private final ByAgent trained = new ByAgent();
  private final Map<String, ByAgent> spellings = new TreeMap<>();
  private final Map<Integer, Integer> typed = new HashMap<>(4); // replies by agent

  /**
   * @param words of the first reply that is worded so
   */
  TextCount(int[] words) {
    this.words = words;
  }

  void add(Writer writer, long conversation, boolean isTyped) {
    if (isTyped) {
      typed.merge(writer.agent(), 1, Integer::sum);
    } else {
      boolean same = trained.conversations.isEmpty() || onlyQueue == writer.queue();
      onlyQueue = same ? writer.queue() : UNKNOWN;
      trained.add(writer.agent(), conversation);
    }
    replies++;
  }

  int[] words() {
    return words;
  }

  /** A reply of training is spelled so. */
  void spell(String text, Writer writer, long conversation) {
    spellings.computeIfAbsent(text, _ -> new ByAgent()).add(writer.agent(), conversation);
  }

  /** Whether it was typed since training. */
  boolean isTyped() {
    return !typed.isEmpty();
  }

  KnownText.Use use(Queues queues) {
    return new KnownText.Use(
        replies,
        queues.owner(onlyQueue, trained.conversations(_ -> true)),
        Map.copyOf(trained.conversations),
        Map.copyOf(typed));
  }

  boolean isCommon() {
    Map<Integer, Integer> conversations = trained.conversations;
    return Sharing.isTrainedForAll(
        trained.conversations(_ -> true), conversations.size(), conversations.containsKey(UNKNOWN));
  }

  /** The spelling of most of those agents who make it a text to be shown, then of most uses. */
  Optional<String> spelling(IntPredicate some) {
    return spellings.entrySet().stream()
        .max(
            Comparator.comparingInt((Map.Entry<String, ByAgent> one) -> one.getValue().agents(some))
                .thenComparingInt(one -> one.getValue().conversations(some))
                .thenComparing(Map.Entry::getKey, Comparator.reverseOrder()))
        .map(Map.Entry::getKey);
  }

  /**
   * In how many conversations something stands, by the agent who wrote it first there. The replies
   * of a conversation come in a row.
   */
  private static final class ByAgent {
    private final Map<Integer, Integer> conversations = new HashMap<>(4);
    private long last;

    void add(int agent, long conversation) {
      if (conversations.isEmpty() || conversation != last) {
        last = conversation;
        conversations.merge(agent, 1, Integer::sum);
      }
    }

    /** Of these agents; one who is not known may be another one in each conversation. */
    int agents(IntPredicate some) {
      return of(some).mapToInt(one -> one.getKey() == UNKNOWN ? one.getValue() : 1).sum();
    }

    int conversations(IntPredicate some) {
      return of(some).mapToInt(Map.Entry::getValue).sum();
    }

    private Stream<Map.Entry<Integer, Integer>> of(IntPredicate some) {
      return conversations.entrySet().stream().filter(one -> some.test(one.getKey()));
    }
  }
}
