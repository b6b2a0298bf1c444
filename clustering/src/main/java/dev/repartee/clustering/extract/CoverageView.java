package dev.repartee.clustering.extract;

import dev.repartee.clustering.extract.ReportData.CoveragePoint;
import dev.repartee.clustering.extract.ReportData.Findings;
import dev.repartee.text.page.PageParts;
import dev.repartee.text.page.Quantities;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;

/** How much the most used answers cover: what the script draws, and the same in a table. */
final class CoverageView {

  private static final List<Integer> TABLE = List.of(10, 25, 50, 100, 200, 500, 1000, 2000);

  private final List<CoveragePoint> read;
  private final List<CoveragePoint> heldOut;

  CoverageView(Findings findings) {
    this.read = findings.coverage();
    this.heldOut = findings.heldOutCoverage();
  }

  Map<String, Object> model() {
    Map<String, Object> chart = new LinkedHashMap<>();
    chart.put("read", columns(read));
    if (!heldOut.isEmpty()) {
      chart.put("heldOut", columns(heldOut));
    }
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("hasCoverage", read.size() > 1);
    model.put("hasHeldOut", !heldOut.isEmpty());
    model.put("chartData", PageParts.json(chart));
    model.put("coverageText", read.size() > 1 ? sentence() : "");
    model.put("coverageRows", rows());
    return model;
  }

  private static Map<String, Object> columns(List<CoveragePoint> points) {
    Map<String, Object> columns = new LinkedHashMap<>();
    columns.put("top", points.stream().map(CoveragePoint::top).toList());
    columns.put("messages", shares(points, CoveragePoint::messages));
    columns.put("characters", shares(points, CoveragePoint::characters));
    return columns;
  }

  private static List<Double> shares(
      List<CoveragePoint> points, ToDoubleFunction<CoveragePoint> share) {
    return points.stream().map(p -> Math.round(share.applyAsDouble(p) * 1e5) / 1e5).toList();
  }

  private String sentence() {
    CoveragePoint last = read.getLast();
    CoveragePoint half =
        read.stream().filter(p -> p.messages() >= last.messages() / 2).findFirst().orElse(last);
    return "The %s most used answers cover %s of the messages, all %s cover %s."
        .formatted(
            Quantities.count(half.top()),
            Quantities.percent(half.messages()),
            Quantities.count(last.top()),
            Quantities.percent(last.messages()));
  }

  private List<Map<String, String>> rows() {
    if (read.isEmpty()) {
      return List.of();
    }
    int all = read.getLast().top();
    TreeSet<Integer> tops = new TreeSet<>(TABLE.stream().filter(top -> top < all).toList());
    tops.add(all);
    return tops.stream()
        .map(
            top ->
                Map.of(
                    "top", Quantities.count(top),
                    "messages", share(read, top, CoveragePoint::messages),
                    "characters", share(read, top, CoveragePoint::characters),
                    "heldOutMessages", share(heldOut, top, CoveragePoint::messages),
                    "heldOutCharacters", share(heldOut, top, CoveragePoint::characters)))
        .toList();
  }

  /** At the last point that is not beyond {@code top}. */
  private static String share(
      List<CoveragePoint> points, int top, ToDoubleFunction<CoveragePoint> share) {
    return points.stream()
        .filter(point -> point.top() <= top)
        .reduce((earlier, later) -> later)
        .map(point -> Quantities.percent(share.applyAsDouble(point)))
        .orElse("\u2013");
  }
}
