package dev.repartee.serving.feedback;

import dev.repartee.serving.model.ModelIdentity;

/**
 * Hears of each feedback once, when it is durable. Called by several threads, and must be quick.
 */
@FunctionalInterface
public interface FeedbackListener {

  /**
   * A feedback was stored.
   *
   * @param model that made the suggestions, as the client names it: any text
   * @param action {@code accepted}, {@code edited} or {@code dismissed}
   * @param finalCharacters of the reply, in code points
   * @param typedCharacters that the agent typed
   */
  void stored(ModelIdentity model, String action, int finalCharacters, int typedCharacters);
}
