package dev.repartee.infra.autoscaling;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * One small chart: a frame, a few marks at its left, and lines.
 *
 * @param left of its frame, in pixels
 * @param top of its frame
 */
record Panel(double left, double top, double seconds, Scale scale) {

  static final double WIDTH = 318;
  static final double HEIGHT = 132;

  /**
   * The vertical axis.
   *
   * @param marks values that get a label; the first is the bottom, the last the top
   * @param logarithmic whether equal distances are equal ratios
   */
  record Scale(List<Double> marks, boolean logarithmic) {

    /** How high a value stands, 0 at the bottom and 1 at the top; what is outside stays there. */
    double heightOf(double value) {
      double bottom = marks.getFirst();
      double top = marks.getLast();
      double clamped = Math.clamp(value, bottom, top);
      return logarithmic
          ? StrictMath.log(clamped / bottom) / StrictMath.log(top / bottom)
          : (clamped - bottom) / (top - bottom);
    }

    /** From 0 in four steps of a round size up to at least {@code most}. */
    static Scale upTo(double most) {
      double step = 1;
      for (double power = 0.1; power < 1e6; power *= 10) {
        for (double factor : new double[] {1, 2, 2.5, 5}) {
          if (factor * power * 4 >= most) {
            step = factor * power;
            return new Scale(List.of(0.0, step, 2 * step, 3 * step, 4 * step), false);
          }
        }
      }
      return new Scale(List.of(0.0, most), false);
    }
  }

  double x(double time) {
    return left + WIDTH * time / seconds;
  }

  double y(double value) {
    return top + HEIGHT * (1 - scale.heightOf(value));
  }

  /** The frame, its marks, and with {@code minutes} the times below it. */
  String frame(boolean minutes) {
    StringBuilder svg = new StringBuilder();
    for (double mark : scale.marks()) {
      svg.append(
          String.format(
              Locale.ROOT, "<path class='grid' d='M%.1f %.1fh%.1f'/>%n", left, y(mark), WIDTH));
      svg.append(
          String.format(
              Locale.ROOT,
              "<text class='mark' text-anchor='end' x='%.1f' y='%.1f'>%s</text>%n",
              left - 6,
              y(mark) + 4,
              label(mark)));
    }
    double step = Math.max(300, Math.ceil(seconds / 6 / 300) * 300);
    for (double time = 0; minutes && time <= seconds; time += step) {
      svg.append(
          String.format(
              Locale.ROOT,
              "<text class='mark' text-anchor='middle' x='%.1f' y='%.1f'>%.0f</text>%n",
              x(time),
              top + HEIGHT + 16,
              time / 60));
    }
    return svg.toString();
  }

  /** A thin upright line at a moment. */
  String moment(double time) {
    return String.format(
        Locale.ROOT, "<path class='moment' d='M%.1f %.1fv%.1f'/>%n", x(time), top, HEIGHT);
  }

  /** A line through the points for which there is a value; NaN interrupts it. */
  String line(String classes, Series series, ToDoubleFunction<Series.Point> value) {
    StringBuilder path = new StringBuilder();
    boolean drawing = false;
    for (Series.Point point : series.points()) {
      double here = value.applyAsDouble(point);
      if (Double.isNaN(here)) {
        drawing = false;
        continue;
      }
      path.append(
          String.format(
              Locale.ROOT,
              "%s%.1f %.1f",
              drawing ? "L" : "M",
              x(point.seconds() + series.stretchSeconds() / 2),
              y(here)));
      drawing = true;
    }
    return String.format(Locale.ROOT, "<path class='line %s' d='%s'/>%n", classes, path);
  }

  private static String label(double mark) {
    if (mark >= 1000) {
      return String.format(Locale.ROOT, "%s,%03d", (long) mark / 1000, (long) mark % 1000);
    }
    return mark == Math.rint(mark) ? Long.toString((long) mark) : Double.toString(mark);
  }
}
