package dev.repartee.clustering.extract;

import dev.repartee.clustering.extract.ReportData.Findings;
import dev.repartee.clustering.extract.ReportData.MapPoint;
import dev.repartee.text.page.Quantities;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Map;

/** The answers as circles in a plane; large ones are drawn first, so that none hides another. */
final class MapView {

  private static final double WIDTH = 1000;
  private static final double HEIGHT = 620;
  private static final double MARGIN = 34;
  private static final double LARGEST = 26;
  private static final double SMALLEST = 3.5;
  private static final int LABEL_LENGTH = 60;

  /** Reached by the tab key; the list has all of them for those who use no pointer. */
  private static final int WITH_TAB_STOP = 30;

  private final List<MapPoint> points;
  private final DomainColors colors;

  MapView(Findings findings, DomainColors colors) {
    this.points =
        findings.map().stream()
            .sorted(
                Comparator.comparingLong(MapPoint::uses)
                    .reversed()
                    .thenComparing(MapPoint::answerId))
            .toList();
    this.colors = colors;
  }

  Map<String, Object> model() {
    return Map.of("hasMap", !points.isEmpty(), "circles", circles(), "legend", legend());
  }

  private List<Map<String, Object>> circles() {
    DoubleSummaryStatistics xs = points.stream().mapToDouble(MapPoint::x).summaryStatistics();
    DoubleSummaryStatistics ys = points.stream().mapToDouble(MapPoint::y).summaryStatistics();
    long most = points.isEmpty() ? 1 : Math.max(1, points.getFirst().uses());
    List<Map<String, Object>> circles = new ArrayList<>();
    for (MapPoint point : points) {
      double radius = Math.max(SMALLEST, LARGEST * Math.sqrt((double) point.uses() / most));
      circles.add(
          Map.of(
              "id", point.answerId(),
              "x", Quantities.decimals(placed(point.x(), xs, WIDTH), 0),
              "y", Quantities.decimals(HEIGHT - placed(point.y(), ys, HEIGHT), 0),
              "r", Quantities.decimals(radius, 1),
              "color", colors.of(point.domain()),
              "label", Words.shortened(point.label(), LABEL_LENGTH),
              "uses", Words.count(point.uses(), "message"),
              "skipped", circles.size() >= WITH_TAB_STOP));
    }
    return circles;
  }

  private static double placed(double value, DoubleSummaryStatistics of, double size) {
    double span = of.getMax() - of.getMin();
    return span == 0 ? size / 2 : MARGIN + (size - 2 * MARGIN) * (value - of.getMin()) / span;
  }

  private List<Map<String, Object>> legend() {
    List<Map<String, Object>> legend = new ArrayList<>();
    for (String domain : colors.domains()) {
      String color = colors.of(domain);
      if (points.stream().anyMatch(point -> colors.of(point.domain()).equals(color))) {
        legend.add(Map.of("name", domain, "color", color));
      }
    }
    if (points.stream().anyMatch(point -> colors.of(point.domain()).equals(DomainColors.OTHERS))) {
      legend.add(Map.of("name", DomainColors.OTHERS_NAME, "color", DomainColors.OTHERS));
    }
    return legend;
  }
}
