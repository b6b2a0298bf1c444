package dev.repartee.engine.suggest;

/**
 * How expected a text is to a model.
 *
 * @param sum of the natural logarithms of its tokens' probabilities, at most 0
 * @param tokens how many these are
 */
public record LogLikelihood(double sum, int tokens) {

  public LogLikelihood {
    if (!(sum <= 0)) {
      throw new IllegalArgumentException("sum must be at most 0 but is " + sum);
    }
    if (tokens < 0) {
      throw new IllegalArgumentException("tokens must be at least 0 but is " + tokens);
    }
  }
}
