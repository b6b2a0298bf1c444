package dev.repartee.infra.autoscaling;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * How long a request is at work when nothing else is, as measured: some quantiles in milliseconds,
 * and straight lines between them.
 *
 * @param quantiles milliseconds by percent; 0 and 100 must be there, and none may be below one of a
 *     smaller percent
 */
record ServiceTime(NavigableMap<Double, Double> quantiles) {

  ServiceTime {
    Bounds.present("quantiles", quantiles);
    if (!quantiles.containsKey(0.0) || !quantiles.containsKey(100.0)) {
      throw new IllegalArgumentException(
          "quantiles must name 0 and 100 but name " + quantiles.keySet());
    }
    double before = 0;
    for (Map.Entry<Double, Double> quantile : quantiles.entrySet()) {
      Bounds.within("percent", quantile.getKey(), 0, 100);
      Bounds.within("quantile " + quantile.getKey(), quantile.getValue(), before, 600_000);
      before = quantile.getValue();
    }
    quantiles = Collections.unmodifiableNavigableMap(new TreeMap<>(quantiles));
  }

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static ServiceTime of(Map<Double, Double> quantiles) {
    return new ServiceTime(new TreeMap<>(quantiles));
  }

  /** Seconds at {@code share} of all requests, 0 to 1. */
  double secondsAt(double share) {
    double percent = share * 100;
    Map.Entry<Double, Double> below = quantiles.floorEntry(percent);
    Map.Entry<Double, Double> above = quantiles.ceilingEntry(percent);
    double span = above.getKey() - below.getKey();
    double part = span == 0 ? 0 : (percent - below.getKey()) / span;
    return (below.getValue() + part * (above.getValue() - below.getValue())) / 1000;
  }

  /** The mean of this distribution, in seconds. */
  double meanSeconds() {
    double sum = 0;
    Map.Entry<Double, Double> before = quantiles.firstEntry();
    for (Map.Entry<Double, Double> quantile : quantiles.entrySet()) {
      double share = (quantile.getKey() - before.getKey()) / 100;
      sum += share * (quantile.getValue() + before.getValue()) / 2;
      before = quantile;
    }
    return sum / 1000;
  }
}
