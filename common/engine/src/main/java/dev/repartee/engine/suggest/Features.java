package dev.repartee.engine.suggest;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * What speaks for a {@code T}, each piece under a name. A {@link ConditionalLogit} learns how much
 * each counts; a file has the weights by the names.
 */
final class Features<T> {

  private final List<ToDoubleFunction<T>> values = new ArrayList<>();
  private final Map<String, Double> expected = new LinkedHashMap<>();

  /**
   * Adds one.
   *
   * @param weight where nothing was measured
   */
  Features<T> with(String name, double weight, ToDoubleFunction<T> value) {
    values.add(value);
    expected.put(name, weight);
    return this;
  }

  /** The values of one, in the order of the weights. */
  double[] of(T one) {
    return values.stream().mapToDouble(value -> value.applyAsDouble(one)).toArray();
  }

  /** The weights where nothing was measured. */
  Map<String, Double> expected() {
    return Collections.unmodifiableMap(expected);
  }

  /**
   * Weights in their order.
   *
   * @throws IllegalArgumentException when one is missing, unknown, or no number
   */
  Map<String, Double> checked(Map<String, Double> weights) {
    if (!weights.keySet().equals(expected.keySet())
        || !weights.values().stream().allMatch(Double::isFinite)) {
      throw new IllegalArgumentException(
          "weights must have a number for each of %s but are %s"
              .formatted(expected.keySet(), weights));
    }
    return weights(weights::get);
  }

  /** The most likely weights. */
  Map<String, Double> fit(List<ConditionalLogit.Choice> choices) {
    Iterator<Double> fitted =
        ConditionalLogit.fit(choices, List.copyOf(expected.values())).iterator();
    return weights(_ -> fitted.next());
  }

  private Map<String, Double> weights(Function<String, Double> weight) {
    Map<String, Double> weights = new LinkedHashMap<>();
    expected.keySet().forEach(name -> weights.put(name, weight.apply(name)));
    return Collections.unmodifiableMap(weights);
  }
}
