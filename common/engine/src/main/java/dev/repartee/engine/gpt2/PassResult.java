package dev.repartee.engine.gpt2;

import java.util.List;

/**
 * What the model computed in a {@link Pass}.
 *
 * @param logProbs for each scored token, V natural log-probabilities of the next token
 * @param maskProbs for each scored token, the probability that the next token is in the {@link
 *     Gpt2.TokenMask}
 * @param hidden for each scored token, the C values of the last layer norm's output
 * @param tokenLogProbs for each token of a {@link Pass#score}, the natural log-probabilities of its
 *     next tokens
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record PassResult(
    List<float[]> logProbs, float[] maskProbs, List<float[]> hidden, float[][] tokenLogProbs) {

  public PassResult {
    logProbs = List.copyOf(logProbs);
    hidden = List.copyOf(hidden);
  }
}
