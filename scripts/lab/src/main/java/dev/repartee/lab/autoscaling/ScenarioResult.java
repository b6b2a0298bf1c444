package dev.repartee.lab.autoscaling;

import dev.repartee.lab.autoscaling.Assumptions.Scenario;
import dev.repartee.lab.autoscaling.Assumptions.SystemSettings;
import dev.repartee.lab.autoscaling.Server.Request;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The figures of one system in one scenario. Requests count when they arrive; percentiles are of
 * the requests that were answered.
 *
 * @param scenario its name
 * @param system its name
 * @param shedPercent share of the requests that were refused
 * @param timedOutPercent share of the requests whose client hung up
 * @param timesRead how often a token of a conversation was read; 1 where no pod reads what another
 *     has read
 * @param mostPods largest number of pods with a place on a node
 * @param troubleSeconds time in which more than 1% of the requests were lost
 * @param recoverySeconds from the scenario's event to the end of the last such time
 */
record ScenarioResult(
    String scenario,
    String system,
    long requests,
    long answered,
    long shed,
    long timedOut,
    double shedPercent,
    double timedOutPercent,
    double timesRead,
    double p50Ms,
    double p95Ms,
    double p99Ms,
    int mostPods,
    double podHours,
    double nodeHours,
    double troubleSeconds,
    double recoverySeconds,
    Timeline series) {

  /** A stretch in which a larger share of the requests is lost counts as trouble. */
  private static final double TROUBLE = 0.01;

  /**
   * The figures over time.
   *
   * @param stretchSeconds duration that a point stands for
   */
  record Timeline(double stretchSeconds, List<Point> points) {

    Timeline {
      points = List.copyOf(points);
    }

    /**
     * One stretch of time.
     *
     * @param seconds its begin
     * @param p95Ms 0 when no request was answered
     * @param placed pods with a place on a node, at its middle
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

    private double troubleSeconds() {
      return stretchSeconds * points.stream().filter(point -> point.lostShare() > TROUBLE).count();
    }

    /** From a moment to the end of the last stretch of trouble; 0 when there is none after it. */
    private double recoverySeconds(double from) {
      double end =
          points.stream()
              .filter(point -> point.lostShare() > TROUBLE)
              .mapToDouble(point -> point.seconds() + stretchSeconds - from)
              .max()
              .orElse(0);
      return Math.max(0, end);
    }
  }

  static ScenarioResult of(
      Scenario scenario, SystemSettings system, Recorder recorder, double nodeSeconds) {
    Timeline series = recorder.series();
    List<Timeline.Point> points = series.points();
    long requests = points.stream().mapToLong(Timeline.Point::arrived).sum();
    long shed = points.stream().mapToLong(Timeline.Point::shed).sum();
    long timedOut = points.stream().mapToLong(Timeline.Point::timedOut).sum();
    double podSeconds =
        series.stretchSeconds() * points.stream().mapToInt(Timeline.Point::placed).sum();
    return new ScenarioResult(
        scenario.name(),
        system.name(),
        requests,
        points.stream().mapToLong(Timeline.Point::answered).sum(),
        shed,
        timedOut,
        percent(shed, requests),
        percent(timedOut, requests),
        recorder.timesRead(),
        recorder.percentileMs(50),
        recorder.percentileMs(95),
        recorder.percentileMs(99),
        points.stream().mapToInt(Timeline.Point::placed).max().orElse(0),
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

  /** Counts requests while the simulation runs, in stretches of the time of their arrival. */
  static final class Recorder {

    private static final class Stretch {
      private int arrived;
      private int shed;
      private int timedOut;
      private int answered;
      private double[] seconds = new double[16]; // latencies, the first `answered` are valid
      private int placed;
      private int answering;

      private void answer(double latency) {
        if (answered == seconds.length) {
          seconds = Arrays.copyOf(seconds, 2 * answered);
        }
        seconds[answered++] = latency;
      }
    }

    private final double stretchSeconds;
    private final List<Stretch> stretches = new ArrayList<>();
    private long tokens;
    private long readAnew;

    Recorder(double seconds, double stretchSeconds) {
      this.stretchSeconds = stretchSeconds;
      for (double time = 0; time < seconds; time += stretchSeconds) {
        stretches.add(new Stretch());
      }
    }

    void arrive(Request request) {
      at(request.arrived()).arrived++;
    }

    void end(Request request, double now) {
      Stretch stretch = at(request.arrived());
      switch (request.end()) {
        case ANSWERED -> {
          stretch.answer(now - request.arrived());
          tokens += request.tokens();
          readAnew += request.readAnew();
        }
        case SHED -> stretch.shed++;
        case TIMED_OUT -> stretch.timedOut++;
        case OPEN -> throw new IllegalArgumentException("the request has not ended");
      }
    }

    void pods(double now, int placed, int answering) {
      Stretch stretch = at(now);
      stretch.placed = placed;
      stretch.answering = answering;
    }

    private double timesRead() {
      return tokens == 0 ? 0 : rounded((double) (tokens + readAnew) / tokens);
    }

    private Stretch at(double time) {
      return stretches.get((int) (time / stretchSeconds));
    }

    private Timeline series() {
      List<Timeline.Point> points = new ArrayList<>();
      for (Stretch stretch : stretches) {
        double[] sorted = Arrays.copyOf(stretch.seconds, stretch.answered);
        Arrays.sort(sorted);
        points.add(
            new Timeline.Point(
                points.size() * stretchSeconds,
                stretch.arrived,
                stretch.answered,
                stretch.shed,
                stretch.timedOut,
                percentileMs(sorted, 95),
                stretch.placed,
                stretch.answering));
      }
      return new Timeline(stretchSeconds, points);
    }

    /** Of all answers, by nearest rank, in milliseconds. */
    private double percentileMs(double percent) {
      double[] all =
          stretches.stream()
              .flatMapToDouble(stretch -> Arrays.stream(stretch.seconds, 0, stretch.answered))
              .sorted()
              .toArray();
      return percentileMs(all, percent);
    }

    private static double percentileMs(double[] sorted, double percent) {
      if (sorted.length == 0) {
        return 0;
      }
      int rank = (int) Math.ceil(sorted.length * percent / 100);
      return Math.round(sorted[Math.max(1, rank) - 1] * 1e6) / 1e3;
    }
  }
}
