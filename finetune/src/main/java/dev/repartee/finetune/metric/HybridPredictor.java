package dev.repartee.finetune.metric;

import dev.repartee.engine.suggest.Suggestion;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import java.util.List;
import java.util.Optional;

/**
 * The baseline {@code knn+lm5}: whole replies of the neighbours; where none of them begins with the
 * draft, the words of the 5-gram model. It shows why offers need gating: long wrong replies hide
 * short right continuations.
 */
final class HybridPredictor implements BaselinePredictor {

  private final NeighbourPredictor neighbours;
  private final WordModelPredictor words;

  private HybridPredictor(NeighbourPredictor neighbours, WordModelPredictor words) {
    this.neighbours = neighbours;
    this.words = words;
  }

  static HybridPredictor train(List<Conversation> conversations) {
    return new HybridPredictor(
        NeighbourPredictor.train(conversations), WordModelPredictor.train(conversations));
  }

  @Override
  public BaselineSession open(List<Message> context) {
    return new Session(neighbours.neighbours(context), words.open(context));
  }

  @Override
  public void close() {
    neighbours.close();
    words.close();
  }

  private record Session(RankedReplies own, BaselineSession words) implements BaselineSession {

    @Override
    public List<Suggestion> answers(String draft, int limit) {
      return own.answers(draft, limit);
    }

    @Override
    public Optional<Suggestion> complete(String draft, double least) {
      return own.complete(draft)
          .filter(offer -> offer.score() >= least)
          .or(() -> words.complete(draft, least));
    }
  }
}
