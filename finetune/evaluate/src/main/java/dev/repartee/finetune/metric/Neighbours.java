package dev.repartee.finetune.metric;

import dev.repartee.engine.search.ContextTerms;
import dev.repartee.engine.search.MemoryIndex;
import dev.repartee.engine.search.MemoryIndexWriter;
import dev.repartee.text.TextNorm;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
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

  private record LearnedReply(String norm, Optional<String> agentId) {}

  private final MemoryIndex contexts;
  private final List<LearnedReply> replies;
  private final ReplySpellings spellings;

  private Neighbours(MemoryIndex contexts, List<LearnedReply> replies, ReplySpellings spellings) {
    this.contexts = contexts;
    this.replies = List.copyOf(replies);
    this.spellings = spellings;
  }

  static Neighbours of(List<Conversation> conversations) {
    List<MemoryIndexWriter.Entry> contexts = new ArrayList<>();
    List<LearnedReply> replies = new ArrayList<>();
    for (Conversation conversation : conversations) {
      List<Message> messages = conversation.messages();
      for (int i = 0; i < messages.size(); i++) {
        if (messages.get(i).isLearned()) {
          ContextTerms terms = ContextTerms.of(messages.subList(0, i), "");
          contexts.add(
              new MemoryIndexWriter.Entry(
                  new float[0], terms, contexts.size(), -1, 0, 0, new int[0]));
          replies.add(
              new LearnedReply(TextNorm.norm(messages.get(i).text()), conversation.agentId()));
        }
      }
    }
    return new Neighbours(
        MemoryIndexWriter.temporary(contexts.size(), new float[0], contexts::forEach),
        replies,
        ReplySpellings.count(conversations));
  }

  /** The neighbours' replies; their shares of the summed similarities are their probabilities. */
  RankedReplies replies(List<Message> context, Optional<String> agentId) {
    Map<String, Double> sums = new HashMap<>();
    double total = 0;
    for (MemoryIndex.Hit near : contexts.alike(ContextTerms.of(context, ""), NEIGHBOURS)) {
      LearnedReply reply = replies.get(near.entry());
      boolean own = agentId.isPresent() && agentId.equals(reply.agentId());
      double weight = near.similarity() * (own ? OWN_WEIGHT : 1);
      sums.merge(reply.norm(), weight, Double::sum);
      total += weight;
    }
    double all = total;
    List<String> ranked =
        sums.entrySet().stream()
            .sorted(ReplySpellings.highestFirst())
            .map(Map.Entry::getKey)
            .toList();
    return new RankedReplies(
        ranked.stream()
            .map(
                norm ->
                    new RankedReplies.Ranked(
                        "knn:" + norm, spellings.shown(norm), Math.min(1, sums.get(norm) / all)))
            .toList());
  }

  /** All replies, with how often each is used. */
  ReplySpellings spellings() {
    return spellings;
  }

  /** Deletes the index. */
  void close() {
    contexts.close();
  }
}
