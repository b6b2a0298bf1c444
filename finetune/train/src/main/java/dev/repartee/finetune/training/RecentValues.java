package dev.repartee.finetune.training;

import dev.repartee.text.Quantiles;
import java.util.ArrayDeque;
import java.util.Deque;

/** The last values of a series, of which the median says what is usual. */
final class RecentValues {

  private static final int REMEMBERED = 50;

  private final Deque<Double> values = new ArrayDeque<>();

  void add(double value) {
    values.addLast(value);
    if (values.size() > REMEMBERED) {
      values.removeFirst();
    }
  }

  int size() {
    return values.size();
  }

  /** The median; {@code otherwise} where there is no value. */
  double median(double otherwise) {
    return values.isEmpty()
        ? otherwise
        : Quantiles.median(values.stream().mapToDouble(Double::doubleValue).toArray());
  }
}
