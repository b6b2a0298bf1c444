package dev.repartee.engine.suggest;

import dev.repartee.engine.gpt2.NextTokens;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One distribution over the next token from the model's and from {@link ReplyCounts}: each longer
 * match with known replies is mixed with what is known without it, as Witten and Bell (1991) have
 * it, with the model in the place of the shortest match. How much a match counts depends on its
 * length, on what followed it, and on how sure the model is.
 *
 * @param weights one for each length of a match, then those of the model's surest token, of how
 *     many different tokens followed and of how many in all, as logarithms
 */
public record ReplyMixture(List<Double> weights) {

  private static final int DIMENSIONS = ReplyCounts.LONGEST + 3;

  /** For a model of which nothing was measured: learned on STAR. */
  public static final ReplyMixture DEFAULT =
      new ReplyMixture(
          List.of(1.3, 1.2, 1.45, 1.65, 1.75, 1.9, 1.7, 1.4, 1.1, 0.0, 0.35, 0.25, 0.7));

  /** How strongly few validation replies are pulled towards the default weights. */
  private static final double PULL = 1;

  private static final int STEPS = 30;
  private static final double LEAST_STEP = 1e-3;

  /** What counts as nothing, so that its logarithm is finite. */
  private static final double LEAST = 1e-9;

  public ReplyMixture {
    weights = List.copyOf(weights);
    if (weights.size() != DIMENSIONS || weights.stream().anyMatch(one -> !Double.isFinite(one))) {
      throw new IllegalArgumentException(
          "weights must be " + DIMENSIONS + " numbers but are " + weights);
    }
  }

  /**
   * What was known of a token that an agent wrote.
   *
   * @param byModel its probability by the model
   * @param surest the logarithm of the model's highest probability
   * @param counts how often it followed each match, shorter matches first
   * @param kinds different tokens that followed each match
   * @param totals how many did in all
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record Observed(double byModel, double surest, int[] counts, int[] kinds, int[] totals) {}

  static Observed observed(NextTokens model, List<ReplyCounts.Match> matches, int token) {
    return new Observed(
        Math.exp(model.logOrLeast(token)),
        model.size() == 0 ? 0 : model.log(model.best(1)[0]),
        matches.stream().mapToInt(match -> match.counts().getOrDefault(token, 0)).toArray(),
        matches.stream().mapToInt(ReplyCounts.Match::kinds).toArray(),
        matches.stream().mapToInt(ReplyCounts.Match::total).toArray());
  }

  private static double feature(int feature, int length, double surest, int kinds, int total) {
    return switch (feature - ReplyCounts.LONGEST) {
      case 0 -> surest;
      case 1 -> Math.log(kinds + 1.0);
      case 2 -> Math.log(total + 1.0);
      default -> feature == length - 1 ? 1 : 0;
    };
  }

  /** What counts as much as what followed a match: what is known without it. */
  private static double trust(double[] weights, int length, double surest, int kinds, int total) {
    double sum = 0;
    for (int i = 0; i < DIMENSIONS; i++) {
      sum += weights[i] * feature(i, length, surest, kinds, total);
    }
    return kinds * Math.exp(sum);
  }

  private double[] array() {
    return weights.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /**
   * The mixture.
   *
   * @param matches as {@link ReplyCounts#after} gives them
   */
  NextTokens mixed(NextTokens model, List<ReplyCounts.Match> matches) {
    if (matches.isEmpty() || model.size() == 0) {
      return model;
    }
    double[] array = array();
    double surest = model.log(model.best(1)[0]);
    TreeMap<Integer, Double> known = new TreeMap<>();
    double rest = 1; // the model's
    for (ReplyCounts.Match match : matches.reversed()) {
      double trust = trust(array, match.length(), surest, match.kinds(), match.total());
      double all = match.total() + trust;
      for (Map.Entry<Integer, Integer> followed : match.counts().entrySet()) {
        known.merge(followed.getKey(), rest * followed.getValue() / all, Double::sum);
      }
      rest *= trust / all;
    }
    Double unnamed = known.remove(ReplyCounts.OTHER);
    return model.mixed(rest + (unnamed == null ? 0 : unnamed), known);
  }

  /**
   * The weights under which what was observed is most likely, by Newton's method with the
   * gradients' products in the place of second derivatives (Berndt, Hall, Hall and Hausman 1974).
   */
  public static ReplyMixture fit(List<Observed> observed) {
    double[] weights = DEFAULT.array();
    double loss = loss(observed, weights);
    for (int step = 0; step < STEPS; step++) {
      double[] direction = direction(observed, weights);
      boolean better = false;
      for (double share = 1; share > LEAST_STEP && !better; share /= 2) {
        double[] next = weights.clone();
        for (int i = 0; i < DIMENSIONS; i++) {
          next[i] -= share * direction[i];
        }
        double nextLoss = loss(observed, next);
        if (nextLoss < loss) {
          better = loss - nextLoss > LEAST_STEP;
          loss = nextLoss;
          weights = next;
          break;
        }
      }
      if (!better) {
        break;
      }
    }
    return new ReplyMixture(Arrays.stream(weights).boxed().toList());
  }

  /** The probability of what was observed. */
  private static double probability(Observed one, double[] weights) {
    double probability = one.byModel();
    for (int m = 0; m < one.counts().length; m++) {
      double trust = trust(weights, m + 1, one.surest(), one.kinds()[m], one.totals()[m]);
      probability = (one.counts()[m] + trust * probability) / (one.totals()[m] + trust);
    }
    return probability + LEAST;
  }

  private static double loss(List<Observed> observed, double[] weights) {
    double loss = 0;
    for (int i = 0; i < DIMENSIONS; i++) {
      double off = weights[i] - DEFAULT.weights.get(i);
      loss += PULL * off * off / 2;
    }
    for (Observed one : observed) {
      loss -= Math.log(probability(one, weights));
    }
    return loss;
  }

  private static double[] direction(List<Observed> observed, double[] weights) {
    double[][] system = new double[DIMENSIONS][DIMENSIONS + 1];
    for (int i = 0; i < DIMENSIONS; i++) {
      system[i][i] = PULL;
      system[i][DIMENSIONS] = PULL * (weights[i] - DEFAULT.weights.get(i));
    }
    for (Observed one : observed) {
      double[] gradient = gradient(one, weights);
      for (int i = 0; i < DIMENSIONS; i++) {
        system[i][DIMENSIONS] -= gradient[i];
        for (int j = 0; j < DIMENSIONS; j++) {
          system[i][j] += gradient[i] * gradient[j];
        }
      }
    }
    return ConditionalLogit.solve(system);
  }

  /** Of the logarithm of {@link #probability}. */
  private static double[] gradient(Observed one, double[] weights) {
    double[] gradient = new double[DIMENSIONS];
    double probability = one.byModel();
    for (int m = 0; m < one.counts().length; m++) {
      int total = one.totals()[m];
      int kinds = one.kinds()[m];
      double trust = trust(weights, m + 1, one.surest(), kinds, total);
      double all = total + trust;
      double byTrust = (probability * total - one.counts()[m]) / (all * all) * trust;
      for (int i = 0; i < DIMENSIONS; i++) {
        gradient[i] =
            gradient[i] * trust / all + byTrust * feature(i, m + 1, one.surest(), kinds, total);
      }
      probability = (one.counts()[m] + trust * probability) / all;
    }
    for (int i = 0; i < DIMENSIONS; i++) {
      gradient[i] /= probability + LEAST;
    }
    return gradient;
  }
}
