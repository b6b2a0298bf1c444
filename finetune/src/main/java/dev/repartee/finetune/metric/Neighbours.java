package dev.repartee.finetune.metric;

import dev.repartee.engine.memory.ContextTerms;
import dev.repartee.engine.memory.Desk;
import dev.repartee.engine.memory.MemoryIndex;
import dev.repartee.engine.memory.MemoryIndexWriter;
import dev.repartee.text.TextNorm;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The replies to the {@value #NEIGHBOURS} most similar contexts, each weighed by the sum of their
 * similarities. Has no state after construction.
 */
final class Neighbours {

  private static final int NEIGHBOURS = 100;

  /** An agent's own replies count so many times. */
  private static final double OWN_WEIGHT = 4;

  /** Replies of the same queue count so many times. */
  private static final double QUEUE_WEIGHT = 4;

  private record LearnedReply(String norm, Optional<String> agentId, Optional<String> queue) {}

  private final MemoryIndex contexts;
  private final List<LearnedReply> replies;
  private final ReplySpellings spellings;

  private Neighbours(MemoryIndex contexts, List<LearnedReply> replies, ReplySpellings spellings) {
    this.contexts = contexts;
    this.replies = List.copyOf(replies);
    this.spellings = spellings;
  }

  static Neighbours of(List<Conversation> conversations) {
    List<MemoryIndex.Entry> contexts = new ArrayList<>();
    List<LearnedReply> replies = new ArrayList<>();
    for (Conversation conversation : conversations) {
      for (Conversation.Reply reply : conversation.replies()) {
        ContextTerms terms = ContextTerms.of(reply.context(), "");
        contexts.add(
            new MemoryIndex.Entry(new float[0], terms, contexts.size(), -1, -1, 0, 0, new int[0]));
        replies.add(
            new LearnedReply(
                TextNorm.norm(reply.message().text()),
                conversation.agentOf(reply.message()),
                conversation.domain()));
      }
    }
    return new Neighbours(
        MemoryIndexWriter.temporary(contexts.size(), new float[0], contexts::forEach),
        replies,
        ReplySpellings.count(conversations));
  }

  /**
   * The neighbours' replies, best first; their shares of the summed similarities are their
   * probabilities.
   */
  List<Ranked> replies(List<Message> context, Desk desk) {
    Map<String, Double> sums = new HashMap<>();
    double total = 0;
    for (MemoryIndex.Hit near : contexts.alike(ContextTerms.of(context, ""), NEIGHBOURS)) {
      LearnedReply reply = replies.get(near.entry());
      boolean own = desk.agentId().isPresent() && desk.agentId().equals(reply.agentId());
      boolean same = desk.queue().isPresent() && desk.queue().equals(reply.queue());
      double weight = near.similarity() * (own ? OWN_WEIGHT : 1) * (same ? QUEUE_WEIGHT : 1);
      sums.merge(reply.norm(), weight, Double::sum);
      total += weight;
    }
    double all = total;
    return sums.entrySet().stream()
        .sorted(ReplySpellings.highestFirst())
        .map(one -> spellings.ranked(one.getKey(), Math.min(1, one.getValue() / all)))
        .toList();
  }

  /** All replies, with how often each is used. */
  ReplySpellings spellings() {
    return spellings;
  }

  /** Deletes the index. */
  void close() {
    contexts.close();
  }

  /**
   * The agents' replies: those that are equal under {@link TextNorm#norm} count as one, which is
   * shown in its most frequent spelling.
   */
  static final class ReplySpellings {

    private final Map<String, String> shown = new HashMap<>();
    private final Map<String, Integer> uses = new HashMap<>();
    private int messages;

    static ReplySpellings count(List<Conversation> conversations) {
      Map<String, Map<String, Integer>> spellings = new HashMap<>();
      conversations.stream()
          .flatMap(Conversation::agentTexts)
          .forEach(
              text ->
                  spellings
                      .computeIfAbsent(TextNorm.norm(text), unseen -> new HashMap<>())
                      .merge(text, 1, Integer::sum));
      ReplySpellings counted = new ReplySpellings();
      spellings.forEach(counted::add);
      return counted;
    }

    private void add(String norm, Map<String, Integer> spellings) {
      int sum = spellings.values().stream().mapToInt(Integer::intValue).sum();
      shown.put(norm, spellings.entrySet().stream().min(highestFirst()).orElseThrow().getKey());
      uses.put(norm, sum);
      messages += sum;
    }

    /** The reply {@code norm}, as it is shown. */
    private Ranked ranked(String norm, double share) {
      String text = shown.get(norm);
      return new Ranked(text, text.toLowerCase(Locale.ROOT), share);
    }

    /** The share of all replies that are {@code norm}. */
    double share(String norm) {
      return (double) uses.get(norm) / messages;
    }

    /** Ties in code point order, as the reference implementation breaks them. */
    static <V extends Comparable<V>> Comparator<Map.Entry<String, V>> highestFirst() {
      return Map.Entry.<String, V>comparingByValue(Comparator.reverseOrder())
          .thenComparing(Map.Entry.comparingByKey(TextNorm.BY_CODE_POINT));
    }
  }

  /**
   * A whole reply.
   *
   * @param share how probable it is, 0 to 1
   */
  record Ranked(String text, String lower, double share) {}
}
