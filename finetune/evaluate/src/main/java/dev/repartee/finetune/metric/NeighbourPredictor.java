package dev.repartee.finetune.metric;

import dev.repartee.engine.search.ContextTerms;
import dev.repartee.engine.search.MemoryIndex;
import dev.repartee.engine.search.MemoryIndexWriter;
import dev.repartee.engine.suggest.Desk;
import dev.repartee.engine.suggest.Suggestion;
import dev.repartee.text.TextNorm;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The baseline {@code knn}: the replies to the {@value #NEIGHBOURS} most similar contexts, each
 * weighed by the sum of their similarities; where none begins with the draft, the most frequent
 * reply that does. Has no state after construction.
 */
final class NeighbourPredictor implements ThresholdPredictor {

  private static final int NEIGHBOURS = 100;

  /** An agent's own replies count so many times. */
  private static final double OWN_WEIGHT = 4;

  private record Reply(String norm, Optional<String> agentId) {}

  private final MemoryIndex contexts;
  private final List<Reply> replies;
  private final ReplySpellings spellings;
  private final FrequencyPredictor frequent;

  private NeighbourPredictor(MemoryIndex contexts, List<Reply> replies, ReplySpellings spellings) {
    this.contexts = contexts;
    this.replies = List.copyOf(replies);
    this.spellings = spellings;
    this.frequent = FrequencyPredictor.of(spellings);
  }

  static NeighbourPredictor train(List<Conversation> conversations) {
    List<MemoryIndexWriter.Entry> contexts = new ArrayList<>();
    List<Reply> replies = new ArrayList<>();
    for (Conversation conversation : conversations) {
      List<Message> messages = conversation.messages();
      for (int i = 0; i < messages.size(); i++) {
        if (messages.get(i).isLearned()) {
          ContextTerms terms = ContextTerms.of(messages.subList(0, i), "");
          contexts.add(
              new MemoryIndexWriter.Entry(
                  new float[0], terms, contexts.size(), -1, 0, 0, new int[0]));
          replies.add(new Reply(TextNorm.norm(messages.get(i).text()), conversation.agentId()));
        }
      }
    }
    return new NeighbourPredictor(
        MemoryIndexWriter.temporary(contexts.size(), new float[0], contexts::forEach),
        replies,
        ReplySpellings.count(conversations));
  }

  /** The neighbours' replies; their shares of the summed similarities are their probabilities. */
  RankedReplies neighbours(List<Message> context, Optional<String> agentId) {
    Map<String, Double> sums = new HashMap<>();
    double total = 0;
    for (MemoryIndex.Hit near : contexts.alike(ContextTerms.of(context, ""), NEIGHBOURS)) {
      Reply reply = replies.get(near.entry());
      boolean own = agentId.isPresent() && agentId.equals(reply.agentId());
      double weight = near.similarity() * (own ? OWN_WEIGHT : 1);
      sums.merge(reply.norm(), weight, Double::sum);
      total += weight;
    }
    double all = total;
    List<String> ranked =
        sums.entrySet().stream()
            .sorted(
                Map.Entry.<String, Double>comparingByValue(Comparator.reverseOrder())
                    .thenComparing(Map.Entry.comparingByKey(TextNorm.BY_CODE_POINT)))
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

  /** The share of all replies that are {@code norm}. */
  double use(String norm) {
    return spellings.share(norm);
  }

  @Override
  public BaselineSession open(List<Message> context, Desk desk) {
    return new Session(neighbours(context, desk.agentId()), frequent.open(context, desk));
  }

  @Override
  public void close() {
    contexts.close();
  }

  private record Session(RankedReplies own, BaselineSession other) implements BaselineSession {

    @Override
    public List<Suggestion> answers(String draft, int limit) {
      return own.answers(draft, limit);
    }

    @Override
    public Optional<Suggestion> complete(String draft, double least) {
      return own.complete(draft)
          .or(() -> other.complete(draft))
          .filter(offer -> offer.score() >= least);
    }
  }
}
