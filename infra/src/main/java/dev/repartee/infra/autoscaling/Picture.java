package dev.repartee.infra.autoscaling;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Results as one SVG: a column for each scenario, below each other what was asked, pods, what was
 * lost, and how long answers took; both systems in one panel, so that they share its axes.
 */
final class Picture {

  private static final double LEFT = 62;
  private static final double TOP = 112;
  private static final double COLUMN = Panel.WIDTH + 62;
  private static final double ROW = Panel.HEIGHT + 46;
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
  private final List<Result> results;

  Picture(Assumptions assumptions, List<Result> results) {
    this.assumptions = assumptions;
    this.results = List.copyOf(results);
  }

  String svg() {
    List<Scenario> scenarios =
        assumptions.scenarios().stream()
            .filter(
                scenario -> results.stream().anyMatch(of -> of.scenario().equals(scenario.name())))
            .toList();
    double width = LEFT + COLUMN * scenarios.size() - 34;
    double height = TOP + 4 * ROW + 6;
    StringBuilder svg = new StringBuilder();
    svg.append(
        String.format(
            Locale.ROOT,
            "<svg xmlns='http://www.w3.org/2000/svg' width='%.0f' height='%.0f' viewBox='0 0 %.0f"
                + " %.0f' role='img'>%n<title>Autoscaling, simulated</title>%n",
            width,
            height,
            width,
            height));
    svg.append(STYLE);
    svg.append("<rect width='100%' height='100%' fill='#fff'/>\n").append(legend());
    for (int i = 0; i < scenarios.size(); i++) {
      svg.append(column(LEFT + i * COLUMN, scenarios.get(i)));
    }
    return svg.append("</svg>\n").toString();
  }

  private String legend() {
    StringBuilder svg = new StringBuilder();
    svg.append(
        "<text class='title' x='16' y='28'>Autoscaling, simulated: the same requests to both systems</text>\n");
    double x = 16;
    for (int i = 0; i < assumptions.systems().size(); i++) {
      String title = assumptions.systems().get(i).title();
      svg.append(
          String.format(
              Locale.ROOT,
              "<path class='line %s' d='M%.1f 48h26'/><text x='%.1f' y='52'>%s</text>%n",
              CLASSES.get(i),
              x,
              x + 32,
              escaped(title)));
      x += 62 + 6.6 * title.length();
    }
    return svg.toString();
  }

  private String column(double left, Scenario scenario) {
    List<Result> both =
        results.stream().filter(result -> result.scenario().equals(scenario.name())).toList();
    StringBuilder svg = new StringBuilder();
    svg.append(
        String.format(
            Locale.ROOT,
            "<text class='scenario' x='%.1f' y='%.1f'>%s</text>%n",
            left,
            TOP - 32,
            escaped(scenario.title())));
    double stretch = both.getFirst().series().stretchSeconds();
    svg.append(
        row(
            left,
            0,
            "requests offered per second",
            scenario,
            both.subList(0, 1),
            List.of(new Curve("load", point -> point.arrived() / stretch))));
    svg.append(
        row(
            left,
            1,
            "pods: with a place (dashed), answering (solid)",
            scenario,
            both,
            List.of(
                new Curve("thin", Series.Point::placed), new Curve("", Series.Point::answering))));
    svg.append(
        row(
            left,
            2,
            "% of requests lost: refused or timed out",
            scenario,
            both,
            List.of(new Curve("", point -> 100 * point.lostShare()))));
    svg.append(
        row(
            left,
            3,
            "p95 of those answered, ms (logarithmic)",
            scenario,
            both,
            List.of(new Curve("", point -> point.answered() == 0 ? Double.NaN : point.p95Ms()))));
    svg.append(
        String.format(
            Locale.ROOT,
            "<text class='mark' text-anchor='end' x='%.1f' y='%.1f'>minutes</text>%n",
            left + Panel.WIDTH,
            TOP + 3 * ROW + Panel.HEIGHT + 31));
    return svg.toString();
  }

  /** A line of each system, thin or not, or one of the load. */
  private record Curve(String style, ToDoubleFunction<Series.Point> value) {}

  private String row(
      double left, int row, String name, Scenario scenario, List<Result> both, List<Curve> curves) {
    Panel panel = new Panel(left, TOP + row * ROW, scenario.seconds(), scale(row, both, curves));
    StringBuilder svg = new StringBuilder(panel.frame(row == 3));
    svg.append(
        String.format(
            Locale.ROOT,
            "<text class='name' x='%.1f' y='%.1f'>%s</text>%n",
            left,
            panel.top() - 9,
            name));
    svg.append(panel.moment(scenario.eventSeconds()));
    for (int i = 0; i < both.size(); i++) {
      for (Curve curve : curves) {
        String classes =
            curve.style().equals("load") ? "load" : (CLASSES.get(i) + " " + curve.style()).strip();
        svg.append(panel.line(classes, both.get(i).series(), curve.value()));
      }
    }
    return svg.toString();
  }

  private static Panel.Scale scale(int row, List<Result> both, List<Curve> curves) {
    if (row == 2) {
      return Panel.Scale.upTo(100);
    }
    if (row == 3) {
      return new Panel.Scale(List.of(10.0, 100.0, 1000.0, 10_000.0), true);
    }
    List<Double> values = new ArrayList<>();
    for (Result result : both) {
      for (Curve curve : curves) {
        result.series().points().forEach(point -> values.add(curve.value().applyAsDouble(point)));
      }
    }
    return Panel.Scale.upTo(values.stream().mapToDouble(Double::doubleValue).max().orElse(1));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
