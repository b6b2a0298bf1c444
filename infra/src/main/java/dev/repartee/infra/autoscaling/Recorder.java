package dev.repartee.infra.autoscaling;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Counts what becomes of requests, in stretches of time by when they arrived. */
final class Recorder {

  private static final class Stretch {
    private int arrived;
    private int shed;
    private int timedOut;
    private int answered;
    private double[] seconds = new double[16];
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

  Recorder(double seconds, double stretchSeconds) {
    this.stretchSeconds = stretchSeconds;
    for (double time = 0; time < seconds; time += stretchSeconds) {
      stretches.add(new Stretch());
    }
  }

  void arrive(Request request) {
    of(request).arrived++;
  }

  void end(Request request, double now) {
    Stretch stretch = of(request);
    switch (request.end()) {
      case ANSWERED -> stretch.answer(now - request.arrived());
      case SHED -> stretch.shed++;
      case TIMED_OUT -> stretch.timedOut++;
      case OPEN -> throw new IllegalArgumentException("the request has not ended");
    }
  }

  /** Pods at a moment. */
  void pods(double now, int placed, int answering) {
    Stretch stretch = stretches.get((int) (now / stretchSeconds));
    stretch.placed = placed;
    stretch.answering = answering;
  }

  private Stretch of(Request request) {
    return stretches.get((int) (request.arrived() / stretchSeconds));
  }

  Series series() {
    List<Series.Point> points = new ArrayList<>();
    for (Stretch stretch : stretches) {
      double[] sorted = Arrays.copyOf(stretch.seconds, stretch.answered);
      Arrays.sort(sorted);
      points.add(
          new Series.Point(
              points.size() * stretchSeconds,
              stretch.arrived,
              stretch.answered,
              stretch.shed,
              stretch.timedOut,
              percentileMs(sorted, 95),
              stretch.placed,
              stretch.answering));
    }
    return new Series(stretchSeconds, points);
  }

  /** Of all answers, by nearest rank, in milliseconds. */
  double percentileMs(double percent) {
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
