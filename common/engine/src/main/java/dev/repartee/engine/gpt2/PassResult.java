package dev.repartee.engine.gpt2;

import java.util.List;

/**
 * What the model computed in a {@link Pass}.
 *
 * @param logProbs for each scored token, V natural log-probabilities of the next token
 * @param hidden for each scored token, the C values of the last layer norm's output
 */
public record PassResult(List<float[]> logProbs, List<float[]> hidden) {

  public PassResult {
    logProbs = List.copyOf(logProbs);
    hidden = List.copyOf(hidden);
  }
}
