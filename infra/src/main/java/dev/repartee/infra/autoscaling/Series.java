package dev.repartee.infra.autoscaling;

import java.util.List;

/**
 * What happened over time.
 *
 * @param stretchSeconds the time that a point stands for
 */
record Series(double stretchSeconds, List<Point> points) {

  /** More of a stretch's requests lost than this, and it counts as one of trouble. */
  private static final double TROUBLE = 0.01;

  /**
   * One stretch of time; requests count in that in which they arrived.
   *
   * @param seconds its begin
   * @param p95Ms of those that were answered, 0 when none was
   * @param placed pods that have a machine's place at its middle
   * @param answering those of them that answer
   */
  record Point(
      double seconds,
      int arrived,
      int answered,
      int shed,
      int timedOut,
      double p95Ms,
      int placed,
      int answering) {

    double lostShare() {
      return arrived == 0 ? 0 : (double) (shed + timedOut) / arrived;
    }
  }

  Series {
    points = List.copyOf(points);
  }

  /** Seconds in stretches in which more than 1% of the requests were lost. */
  double troubleSeconds() {
    return stretchSeconds * points.stream().filter(point -> point.lostShare() > TROUBLE).count();
  }

  /** From a moment to the end of the last such stretch, 0 when there is none after it. */
  double recoverySeconds(double from) {
    return points.stream()
        .filter(point -> point.lostShare() > TROUBLE)
        .mapToDouble(point -> point.seconds() + stretchSeconds - from)
        .max()
        .stream()
        .map(seconds -> Math.max(0, seconds))
        .findFirst()
        .orElse(0);
  }
}
