package dev.repartee.lab.autoscaling;

import dev.repartee.lab.autoscaling.Assumptions.Scenario;
import dev.repartee.lab.autoscaling.ScenarioResult.Timeline;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Results as one SVG. Each scenario is a column of four charts: load, pods, requests lost, and p95;
 * both systems share the axes of a chart. The same results give the same bytes.
 */
final class Picture {

  private static final double CHART_WIDTH = 318;
  private static final double CHART_HEIGHT = 132;
  private static final double LEFT = 62;
  private static final double TOP = 112;
  private static final double COLUMN = CHART_WIDTH + 62;
  private static final double ROW = CHART_HEIGHT + 46;
  private static final List<String> CLASSES = List.of("first", "second");
  private static final String STYLE =
      """
      <style>
      svg { font-family: system-ui, 'Segoe UI', 'DejaVu Sans', Arial, sans-serif; }
      text { fill: #222; font-size: 12px; }
      .title { font-size: 17px; font-weight: 600; }
      .scenario { font-size: 14px; font-weight: 600; }
      .name { font-size: 12px; fill: #444; }
      .mark { font-size: 11px; fill: #555; }
      .grid { stroke: #dcdcdc; stroke-width: 1; fill: none; }
      .moment { stroke: #777; stroke-width: 1; stroke-dasharray: 2 3; fill: none; }
      .line { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
      .first { stroke: #d55e00; }
      .second { stroke: #0072b2; }
      .load { stroke: #333; stroke-width: 1.5; }
      .thin { stroke-width: 1.2; stroke-dasharray: 5 3; }
      </style>
      """;

  private final Assumptions assumptions;
  private final List<ScenarioResult> results;
  private final StringBuilder svg = new StringBuilder();

  Picture(Assumptions assumptions, List<ScenarioResult> results) {
    this.assumptions = assumptions;
    this.results = List.copyOf(results);
  }

  String svg() {
    svg.setLength(0);
    List<Scenario> scenarios =
        assumptions.scenarios().stream().filter(scenario -> !of(scenario).isEmpty()).toList();
    double width = LEFT + COLUMN * scenarios.size() - 34;
    double height = TOP + 4 * ROW + 6;
    add(
        "<svg xmlns='http://www.w3.org/2000/svg' width='%.0f' height='%.0f' viewBox='0 0 %.0f %.0f'"
            + " role='img'>",
        width, height, width, height);
    add("<title>Autoscaling, simulated</title>");
    svg.append(STYLE);
    svg.append("<rect width='100%' height='100%' fill='#fff'/>\n");
    legend();
    for (int i = 0; i < scenarios.size(); i++) {
      column(LEFT + i * COLUMN, scenarios.get(i));
    }
    add("</svg>");
    return svg.toString();
  }

  /** Adds a line. */
  @SuppressWarnings("AnnotateFormatMethod") // its annotation would be one more library
  private void add(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  private List<ScenarioResult> of(Scenario scenario) {
    return results.stream().filter(result -> result.scenario().equals(scenario.name())).toList();
  }

  private void legend() {
    add(
        "<text class='title' x='16' y='28'>Autoscaling, simulated: the same requests to both"
            + " systems</text>");
    double x = 16;
    for (int i = 0; i < assumptions.systems().size(); i++) {
      String title = assumptions.systems().get(i).title();
      add(
          "<path class='line %s' d='M%.1f 48h26'/><text x='%.1f' y='52'>%s</text>",
          CLASSES.get(i), x, x + 32, escaped(title));
      x += 62 + 6.6 * title.length();
    }
  }

  private void column(double left, Scenario scenario) {
    List<ScenarioResult> both = of(scenario);
    add(
        "<text class='scenario' x='%.1f' y='%.1f'>%s</text>",
        left, TOP - 32, escaped(scenario.title()));
    double stretch = both.getFirst().series().stretchSeconds();
    Curve load = new Curve("load", point -> point.arrived() / stretch);
    Curve placed = new Curve("thin", Timeline.Point::placed);
    Curve answering = new Curve("", Timeline.Point::answering);
    Curve lost = new Curve("", point -> 100 * point.lostShare());
    Curve p95 = new Curve("", point -> point.answered() == 0 ? Double.NaN : point.p95Ms());
    List<Row> rows =
        List.of(
            new Row("requests offered per second", both.subList(0, 1), List.of(load)),
            new Row(
                "pods: with a place (dashed), answering (solid)", both, List.of(placed, answering)),
            new Row("% of requests lost: refused or timed out", both, List.of(lost)),
            new Row("p95 of those answered, ms (logarithmic)", both, List.of(p95)));
    List<Scale> scales =
        List.of(
            Scale.upTo(rows.get(0).most()),
            Scale.upTo(rows.get(1).most()),
            Scale.upTo(100),
            new Scale(List.of(10.0, 100.0, 1000.0, 10_000.0), true));
    for (int i = 0; i < rows.size(); i++) {
      boolean isLast = i == rows.size() - 1;
      Chart chart = new Chart(left, TOP + i * ROW, scenario.seconds(), scales.get(i));
      frame(chart, isLast);
      curves(chart, rows.get(i), scenario.eventSeconds());
    }
    add(
        "<text class='mark' text-anchor='end' x='%.1f' y='%.1f'>minutes</text>",
        left + CHART_WIDTH, TOP + 3 * ROW + CHART_HEIGHT + 31);
  }

  /**
   * A line of each system, or the one of the load.
   *
   * @param value NaN interrupts the line
   */
  private record Curve(String style, ToDoubleFunction<Timeline.Point> value) {}

  private record Row(String name, List<ScenarioResult> results, List<Curve> curves) {

    double most() {
      List<Double> values = new ArrayList<>();
      for (ScenarioResult result : results) {
        for (Curve curve : curves) {
          result.series().points().forEach(point -> values.add(curve.value().applyAsDouble(point)));
        }
      }
      return values.stream().mapToDouble(Double::doubleValue).max().orElse(1);
    }
  }

  /** Grid lines with their labels, and with {@code minutes} the times below. */
  private void frame(Chart chart, boolean minutes) {
    for (double mark : chart.scale().marks()) {
      double y = chart.y(mark);
      add("<path class='grid' d='M%.1f %.1fh%.1f'/>", chart.left(), y, CHART_WIDTH);
      add(
          "<text class='mark' text-anchor='end' x='%.1f' y='%.1f'>%s</text>",
          chart.left() - 6, y + 4, label(mark));
    }
    double step = Math.max(300, Math.ceil(chart.seconds() / 6 / 300) * 300);
    for (double time = 0; minutes && time <= chart.seconds(); time += step) {
      add(
          "<text class='mark' text-anchor='middle' x='%.1f' y='%.1f'>%.0f</text>",
          chart.x(time), chart.top() + CHART_HEIGHT + 16, time / 60);
    }
  }

  private void curves(Chart chart, Row row, double eventSeconds) {
    add(
        "<text class='name' x='%.1f' y='%.1f'>%s</text>",
        chart.left(), chart.top() - 9, row.name());
    add(
        "<path class='moment' d='M%.1f %.1fv%.1f'/>",
        chart.x(eventSeconds), chart.top(), CHART_HEIGHT);
    for (int i = 0; i < row.results().size(); i++) {
      for (Curve curve : row.curves()) {
        String classes =
            curve.style().equals("load") ? "load" : (CLASSES.get(i) + " " + curve.style()).strip();
        String path = chart.path(row.results().get(i).series(), curve.value());
        add("<path class='line %s' d='%s'/>", classes, path);
      }
    }
  }

  private static String label(double mark) {
    if (mark >= 1000) {
      return String.format(Locale.ROOT, "%s,%03d", (long) mark / 1000, (long) mark % 1000);
    }
    return mark == Math.rint(mark) ? Long.toString((long) mark) : Double.toString(mark);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  /**
   * The axes of one chart.
   *
   * @param left edge of its frame, in pixels
   * @param top edge of its frame, in pixels
   */
  private record Chart(double left, double top, double seconds, Scale scale) {

    double x(double time) {
      return left + CHART_WIDTH * time / seconds;
    }

    double y(double value) {
      return top + CHART_HEIGHT * (1 - scale.heightOf(value));
    }

    String path(Timeline series, ToDoubleFunction<Timeline.Point> value) {
      StringBuilder path = new StringBuilder();
      boolean drawing = false;
      for (Timeline.Point point : series.points()) {
        double here = value.applyAsDouble(point);
        if (Double.isNaN(here)) {
          drawing = false;
          continue;
        }
        double middle = point.seconds() + series.stretchSeconds() / 2;
        path.append(
            String.format(Locale.ROOT, "%s%.1f %.1f", drawing ? "L" : "M", x(middle), y(here)));
        drawing = true;
      }
      return path.toString();
    }
  }

  /**
   * A vertical axis.
   *
   * @param marks values with a grid line; the first is the bottom, the last the top
   */
  private record Scale(List<Double> marks, boolean logarithmic) {

    /** From 0 at the bottom to 1 at the top; values outside are clamped. */
    double heightOf(double value) {
      double bottom = marks.getFirst();
      double top = marks.getLast();
      double clamped = Math.clamp(value, bottom, top);
      return logarithmic
          ? StrictMath.log(clamped / bottom) / StrictMath.log(top / bottom)
          : (clamped - bottom) / (top - bottom);
    }

    /** From 0 in four round steps up to at least {@code most}. */
    static Scale upTo(double most) {
      for (double power = 0.1; power < 1e6; power *= 10) {
        for (double factor : new double[] {1, 2, 2.5, 5}) {
          double step = factor * power;
          if (step * 4 >= most) {
            return new Scale(List.of(0.0, step, 2 * step, 3 * step, 4 * step), false);
          }
        }
      }
      return new Scale(List.of(0.0, most), false);
    }
  }
}
