package dev.repartee.infra.autoscaling;

/**
 * What one system made of one scenario.
 *
 * @param scenario its name
 * @param system its name
 * @param shedPercent of the requests, refused at once or soon
 * @param timedOutPercent of the requests, whose client hung up
 * @param p50Ms of those that were answered
 * @param mostPods that had a place at one time
 * @param troubleSeconds in which more than 1% of the requests were lost
 * @param recoverySeconds from the scenario's event until that was over for good
 */
record Result(
    String scenario,
    String system,
    long requests,
    long answered,
    long shed,
    long timedOut,
    double shedPercent,
    double timedOutPercent,
    double p50Ms,
    double p95Ms,
    double p99Ms,
    int mostPods,
    double podHours,
    double nodeHours,
    double troubleSeconds,
    double recoverySeconds,
    Series series) {

  static Result of(
      Scenario scenario, SystemSettings system, Recorder recorder, double nodeSeconds) {
    Series series = recorder.series();
    long requests = series.points().stream().mapToLong(Series.Point::arrived).sum();
    long shed = series.points().stream().mapToLong(Series.Point::shed).sum();
    long timedOut = series.points().stream().mapToLong(Series.Point::timedOut).sum();
    double podSeconds =
        series.stretchSeconds() * series.points().stream().mapToInt(Series.Point::placed).sum();
    return new Result(
        scenario.name(),
        system.name(),
        requests,
        series.points().stream().mapToLong(Series.Point::answered).sum(),
        shed,
        timedOut,
        percent(shed, requests),
        percent(timedOut, requests),
        recorder.percentileMs(50),
        recorder.percentileMs(95),
        recorder.percentileMs(99),
        series.points().stream().mapToInt(Series.Point::placed).max().orElse(0),
        rounded(podSeconds / 3600),
        rounded(nodeSeconds / 3600),
        series.troubleSeconds(),
        series.recoverySeconds(scenario.eventSeconds()),
        series);
  }

  double lostPercent() {
    return shedPercent + timedOutPercent;
  }

  private static double percent(long part, long whole) {
    return whole == 0 ? 0 : rounded(100.0 * part / whole);
  }

  private static double rounded(double value) {
    return Math.round(value * 100) / 100.0;
  }
}
