package dev.repartee.finetune.metric;

/**
 * A difference of shares saved.
 *
 * @param difference in percentage points; above 0 where the first predictor saved more
 * @param ci95 where it lies in 95% of paired bootstrap resamples of conversations
 * @param better percentage of the resamples in which the first saved more
 */
public record Difference(double difference, Interval ci95, double better) {}
