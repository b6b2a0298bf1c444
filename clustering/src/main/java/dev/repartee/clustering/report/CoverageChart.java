package dev.repartee.clustering.report;

import java.util.Locale;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Draws the share covered by the top answers as an SVG that stands within a page. */
final class CoverageChart {

  private static final int WIDTH = 640;
  private static final int HEIGHT = 240;
  private static final int LEFT = 44;
  private static final int BOTTOM = 28;
  private static final int POINTS = 120;

  private final Coverage coverage;

  CoverageChart(Coverage coverage) {
    this.coverage = coverage;
  }

  String svg() {
    return """
    <svg viewBox="0 0 %d %d" role="img" aria-label="Share covered by the most used answers">
    %s<polyline class="messages" points="%s"/>
    <polyline class="characters" points="%s"/>
    </svg>
    """
        .formatted(
            WIDTH + LEFT + 16,
            HEIGHT + BOTTOM + 12,
            grid(),
            line(coverage::ofMessages),
            line(coverage::ofCharacters));
  }

  private String grid() {
    StringBuilder grid = new StringBuilder();
    for (int quarter = 0; quarter <= 4; quarter++) {
      grid.append(
          text(
              "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>"
                  + "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%d%%</text>%n",
              LEFT,
              LEFT + WIDTH,
              y(quarter / 4.0),
              y(quarter / 4.0),
              LEFT - 6,
              y(quarter / 4.0) + 4,
              25 * quarter));
      int answers = coverage.answers() * quarter / 4;
      grid.append(
          text(
              "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d</text>%n",
              x(answers), HEIGHT + BOTTOM, answers));
    }
    return grid.toString();
  }

  private String line(IntToDoubleFunction share) {
    int step = Math.max(1, coverage.answers() / POINTS);
    return IntStream.concat(
            IntStream.iterate(0, top -> top < coverage.answers(), top -> top + step),
            IntStream.of(coverage.answers()))
        .mapToObj(top -> text("%.1f,%.1f", x(top), y(share.applyAsDouble(top))))
        .collect(Collectors.joining(" "));
  }

  private double x(int answers) {
    return LEFT + (double) WIDTH * answers / Math.max(1, coverage.answers());
  }

  private static double y(double share) {
    return 8 + HEIGHT * (1 - share);
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format.replace("%n", "\n"), values);
  }
}
