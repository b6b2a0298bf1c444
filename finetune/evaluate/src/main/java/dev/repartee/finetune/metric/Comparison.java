package dev.repartee.finetune.metric;

import dev.repartee.finetune.metric.Evaluation.Interval;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How much more one predictor saved than another on the same conversations.
 *
 * @param suggestions of the whole replies alone
 * @param rules of each rule, by its name, in the order of the settings
 */
public record Comparison(Difference suggestions, Map<String, Difference> rules) {

  public Comparison {
    rules = Collections.unmodifiableMap(new LinkedHashMap<>(rules));
  }

  /**
   * A difference of shares saved.
   *
   * @param difference in percentage points; above 0 where the first predictor saved more
   * @param ci95 where it lies in 95% of paired bootstrap resamples of conversations
   * @param better percentage of the resamples in which the first saved more
   */
  public record Difference(double difference, Interval ci95, double better) {}
}
