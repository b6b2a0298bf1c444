package dev.repartee.engine.suggest;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/**
 * The conditional logit model (McFadden 1974): of several candidates one is right, or none. A
 * candidate's probability is {@code exp(weights . features)} over the sum of all of them and of 1,
 * which stands for none. With one candidate that is logistic regression.
 */
final class ConditionalLogit {

  private static final int STEPS = 50;
  private static final double LEAST_STEP = 1e-6;
  private static final double CONVERGED = 1e-9;

  /** How strongly few or one-sided samples are pulled towards the expected weights. */
  private static final double PULL = 1;

  private ConditionalLogit() {}

  /** The log-odds of a probability, of which none is nearer to 0 or 1 than {@code least}. */
  static double logOdds(double probability, double least) {
    double inside = Math.clamp(probability, least, 1 - least);
    return Math.log(inside / (1 - inside));
  }

  /**
   * One choice that was observed.
   *
   * @param features of each candidate
   * @param right which of them was right, or -1 for none
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Choice(double[][] features, int right) {

    /** Of one candidate, which was right or not. */
    static Choice ofOne(double[] features, boolean right) {
      return new Choice(new double[][] {features}, right ? 0 : -1);
    }
  }

  /** The probability of each candidate; what is left is none of them. */
  static double[] probabilities(Collection<Double> weights, double[][] features) {
    return probabilities(array(weights), features);
  }

  private static double[] array(Collection<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static double[] probabilities(double[] weights, double[][] features) {
    double[] logits = Arrays.stream(features).mapToDouble(one -> dot(weights, one)).toArray();
    double max = Math.max(0, Arrays.stream(logits).max().orElse(0));
    double total = Math.exp(-max);
    for (int i = 0; i < logits.length; i++) {
      logits[i] = Math.exp(logits[i] - max);
      total += logits[i];
    }
    for (int i = 0; i < logits.length; i++) {
      logits[i] /= total;
    }
    return logits;
  }

  private static double dot(double[] weights, double[] features) {
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      sum += weights[i] * features[i];
    }
    return sum;
  }

  /** {@link #fit(List, List, List)} without bounds. */
  static List<Double> fit(List<Choice> choices, List<Double> expected) {
    return fit(choices, expected, Collections.nCopies(expected.size(), Double.NEGATIVE_INFINITY));
  }

  /**
   * The most likely weights, by Newton's method with a pull towards those expected, which keeps few
   * or one-sided samples sane. A step that does not improve is halved, without which the method
   * diverges where nearly all probabilities are far from the truth.
   *
   * @param least values that the weights may have
   */
  static List<Double> fit(List<Choice> choices, List<Double> expected, List<Double> least) {
    double[] prior = array(expected);
    double[] weights = prior.clone();
    double loss = loss(choices, weights, prior);
    for (int step = 0; step < STEPS; step++) {
      double[] direction = newton(choices, weights, prior);
      boolean better = false;
      double moved = 0;
      for (double share = 1; share > LEAST_STEP && !better; share /= 2) {
        double[] next = new double[weights.length];
        for (int i = 0; i < next.length; i++) {
          next[i] = Math.max(least.get(i), weights[i] - share * direction[i]);
        }
        double nextLoss = loss(choices, next, prior);
        if (nextLoss < loss) {
          moved = loss - nextLoss;
          loss = nextLoss;
          weights = next;
          better = true;
        }
      }
      if (!better || moved < CONVERGED) {
        break;
      }
    }
    return Arrays.stream(weights).boxed().toList();
  }

  /** The negative logarithm of the choices' probability, and the pull. */
  private static double loss(List<Choice> choices, double[] weights, double[] expected) {
    double loss = 0;
    for (int i = 0; i < weights.length; i++) {
      loss += PULL * (weights[i] - expected[i]) * (weights[i] - expected[i]) / 2;
    }
    for (Choice choice : choices) {
      double right = choice.right() < 0 ? 0 : dot(weights, choice.features()[choice.right()]);
      double max = 0;
      double[] logits = new double[choice.features().length];
      for (int c = 0; c < logits.length; c++) {
        logits[c] = dot(weights, choice.features()[c]);
        max = Math.max(max, logits[c]);
      }
      double total = Math.exp(-max);
      for (double logit : logits) {
        total += Math.exp(logit - max);
      }
      loss += max + Math.log(total) - right;
    }
    return loss;
  }

  /** The inverse of the second derivatives times the first. */
  private static double[] newton(List<Choice> choices, double[] weights, double[] expected) {
    int size = weights.length;
    double[][] system = new double[size][size + 1];
    for (int i = 0; i < size; i++) {
      system[i][i] = PULL;
      system[i][size] = PULL * (weights[i] - expected[i]);
    }
    double[] mean = new double[size];
    for (Choice choice : choices) {
      double[] probabilities = probabilities(weights, choice.features());
      Arrays.fill(mean, 0);
      for (int c = 0; c < probabilities.length; c++) {
        double[] x = choice.features()[c];
        double p = probabilities[c];
        for (int i = 0; i < size; i++) {
          mean[i] += p * x[i];
          for (int j = 0; j < size; j++) {
            system[i][j] += p * x[i] * x[j];
          }
        }
      }
      for (int i = 0; i < size; i++) {
        system[i][size] +=
            mean[i] - (choice.right() < 0 ? 0 : choice.features()[choice.right()][i]);
        for (int j = 0; j < size; j++) {
          system[i][j] -= mean[i] * mean[j];
        }
      }
    }
    return solve(system);
  }

  /** By elimination; the pull keeps the matrix positive definite. */
  private static double[] solve(double[][] system) {
    int size = system.length;
    for (int i = 0; i < size; i++) {
      for (int row = i + 1; row < size; row++) {
        double factor = system[row][i] / system[i][i];
        for (int column = i; column <= size; column++) {
          system[row][column] -= factor * system[i][column];
        }
      }
    }
    double[] solution = new double[size];
    for (int i = size - 1; i >= 0; i--) {
      double rest = system[i][size];
      for (int j = i + 1; j < size; j++) {
        rest -= system[i][j] * solution[j];
      }
      solution[i] = rest / system[i][i];
    }
    return solution;
  }
}
