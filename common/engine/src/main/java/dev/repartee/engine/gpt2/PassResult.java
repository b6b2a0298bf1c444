package dev.repartee.engine.gpt2;

import java.util.List;

/**
 * What the model computed in a {@link Pass}.
 *
 * @param next for each scored token, what is likely to come after it
 * @param hidden for each scored token, the C values of the last layer norm's output
 */
public record PassResult(List<NextTokens> next, List<float[]> hidden) {

  public PassResult {
    next = List.copyOf(next);
    hidden = List.copyOf(hidden);
  }
}
