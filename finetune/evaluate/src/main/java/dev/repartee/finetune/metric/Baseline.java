package dev.repartee.finetune.metric;

import dev.repartee.text.conversation.Conversation;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Predictors without a neural network, learned in seconds. A model must beat the best of them to be
 * worth running, and their published figures prove the metric.
 */
@SuppressWarnings("ImmutableEnumChecker") // the functions have no state
public enum Baseline {
  /** The most frequent replies whatever the context, filtered by the draft. */
  FREQ("freq", "most frequent replies", ThresholdPredictor::ofFrequentReplies),

  /** The replies to the most similar contexts. */
  KNN("knn", "replies to similar contexts", ThresholdPredictor::ofNeighbours),

  /** Word by word after the last words of the draft, under the engine's own rule. */
  WORDS(
      "words",
      "counted words, the engine's rule",
      conversations -> CountedPredictor.train(conversations, Optional.empty())),

  /** {@link #WORDS} and the replies of {@link #KNN}, under the engine's own rule. */
  WORDS_KNN(
      "words+knn",
      "counted words and similar contexts, the engine's rule",
      conversations ->
          CountedPredictor.train(conversations, Optional.of(Neighbours.of(conversations))));

  private final String id;
  private final String description;
  private final Function<List<Conversation>, BaselinePredictor> training;

  Baseline(
      String id, String description, Function<List<Conversation>, BaselinePredictor> training) {
    this.id = id;
    this.description = description;
    this.training = training;
  }

  /** What it is called on the command line and in reports. */
  public String id() {
    return id;
  }

  /** What it predicts from, in a few words. */
  public String description() {
    return description;
  }

  /** Learns from the conversations; what it learned can be used by several threads. */
  public BaselinePredictor train(List<Conversation> conversations) {
    return training.apply(conversations);
  }

  /** The baseline whose {@link #id} this is. */
  public static Optional<Baseline> named(String id) {
    return Arrays.stream(values()).filter(baseline -> baseline.id.equals(id)).findFirst();
  }
}
