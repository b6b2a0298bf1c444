package dev.repartee.engine.suggest;

import java.util.HashMap;
import java.util.Map;

/** Weights of features, for tests. */
final class Weights {

  private Weights() {}

  /** These weights, and 0 for all others of the same features. */
  static Map<String, Double> of(Map<String, Double> features, Map<String, Double> weights) {
    Map<String, Double> all = new HashMap<>(features);
    all.replaceAll((name, _) -> weights.getOrDefault(name, 0.0));
    return all;
  }
}
