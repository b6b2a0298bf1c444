package dev.repartee.engine.gpt2;

import java.util.List;

/**
 * What the model said in a {@link Pass}.
 *
 * @param logProbabilities for each token told of, V natural log-probabilities of the token after it
 * @param group for each of these, the probability that the token after it is one of a group
 * @param hidden for each of these, the C values of the last layer norm's output
 * @param weighed for each token of a {@link Pass#weigh}, the natural log-probabilities asked for
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares these
public record PassResult(
    List<float[]> logProbabilities, float[] group, List<float[]> hidden, float[][] weighed) {

  public PassResult {
    logProbabilities = List.copyOf(logProbabilities);
    hidden = List.copyOf(hidden);
  }
}
