package dev.repartee.finetune.metric;

import dev.repartee.engine.memory.Desk;
import dev.repartee.engine.suggest.ReplyPredictor;
import dev.repartee.engine.suggest.ReplySession;
import dev.repartee.engine.suggest.Suggestion;
import dev.repartee.finetune.metric.Neighbours.RankedReplies;
import dev.repartee.finetune.metric.Neighbours.ReplySpellings;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import java.util.List;
import java.util.Optional;

/** Shows the most frequent replies that begin with the draft, whatever the context. */
public record FrequentReplies(List<Conversation> conversations) implements ReplyPredictor {

  @Override
  public ReplySession open(List<Message> context, Desk desk) {
    RankedReplies ranked = ReplySpellings.count(conversations).mostFrequent();
    return new ReplySession() {
      @Override
      public List<Suggestion> answers(String draft, int limit) {
        return ranked.answers(draft, limit);
      }

      @Override
      public Optional<Suggestion> complete(String draft) {
        return ranked.complete(draft);
      }

      @Override
      public void close() {
        // Holds nothing.
      }
    };
  }

  @Override
  public void close() {
    // Holds nothing.
  }
}
