package dev.repartee.finetune.metric;

import dev.repartee.engine.suggest.ReplyPredictor;
import dev.repartee.engine.suggest.ReplySession;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import java.util.List;

/**
 * The baseline {@code knn+lm5}: whole replies of the neighbours; where none of them begins with the
 * draft, the words of the 5-gram model. It shows why offers need gating: long wrong replies hide
 * short right continuations.
 */
final class HybridPredictor implements ReplyPredictor {

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
  public ReplySession open(List<Message> context) {
    return neighbours.open(context, words.open(context));
  }

  @Override
  public void close() {
    neighbours.close();
    words.close();
  }
}
