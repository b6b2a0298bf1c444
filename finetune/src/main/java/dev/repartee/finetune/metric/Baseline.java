package dev.repartee.finetune.metric;

import dev.repartee.engine.suggest.ReplyPredictor;
import dev.repartee.text.conversation.Conversation;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Predictors without a neural network, learned in seconds. A model must beat the best of them to be
 * worth running, and their published figures prove the metric.
 */
@SuppressWarnings("ImmutableEnumChecker") // the functions have no state
public enum Baseline {
  /** Word by word after the last words of the draft, and the replies to similar contexts. */
  WORDS_KNN("words+knn", (some, validation) -> CountedPredictor.train(some, validation, false)),

  /**
   * As {@link #WORDS_KNN}, by the engine's privacy rule: nothing that fewer than three
   * conversations have.
   */
  WORDS_KNN_3("words+knn-3", (some, validation) -> CountedPredictor.train(some, validation, true));

  private final String id;
  private final BiFunction<List<Conversation>, List<Conversation>, ReplyPredictor> training;

  Baseline(String id, BiFunction<List<Conversation>, List<Conversation>, ReplyPredictor> training) {
    this.id = id;
    this.training = training;
  }

  /** What it is called on the command line and in reports. */
  public String id() {
    return id;
  }

  /**
   * Learns from {@code conversations}, and shows what saves most net time on {@code validation}, as
   * far as it can tell. What it learned can be used by several threads.
   *
   * @throws dev.repartee.text.UserException when no agent speaks in {@code validation}
   */
  public ReplyPredictor train(List<Conversation> conversations, List<Conversation> validation) {
    return training.apply(conversations, validation);
  }

  /** The baseline whose {@link #id} this is. */
  public static Optional<Baseline> named(String id) {
    return Arrays.stream(values()).filter(baseline -> baseline.id.equals(id)).findFirst();
  }
}
