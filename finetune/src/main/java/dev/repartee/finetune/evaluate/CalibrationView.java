package dev.repartee.finetune.evaluate;

import dev.repartee.finetune.metric.Calibration;
import dev.repartee.finetune.metric.Calibration.Bin;
import dev.repartee.finetune.metric.Calibration.Reliability;
import dev.repartee.text.page.Quantities;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** Reliability diagrams: what was claimed against what was right, and how often it was claimed. */
final class CalibrationView {

  /** Of the plot, in the units of the drawing, where one percent is two units. */
  private static final int UNITS = 2;

  private static final int HEIGHT = 200;

  /** The highest bar of the counts below. */
  private static final int COUNTS_HEIGHT = 36;

  private final Calibration calibration;

  CalibrationView(Calibration calibration) {
    this.calibration = calibration;
  }

  Map<String, Object> model() {
    return Map.of(
        "calibrations",
        List.of(
            model("offers", "Offers while typing", calibration.offers()),
            model("suggestions", "Whole replies before typing", calibration.suggestions())));
  }

  private static Map<String, Object> model(String id, String title, Reliability reliability) {
    int most = reliability.bins().stream().mapToInt(Bin::count).max().orElse(0);
    List<Bin> seen = reliability.bins().stream().filter(bin -> bin.count() > 0).toList();
    Map<String, Object> model = new HashMap<>();
    model.put("calibrationId", id);
    model.put("calibrationTitle", title);
    model.put("any", !seen.isEmpty());
    model.put("summary", summary(reliability));
    model.put("points", seen.stream().map(bin -> point(bin, most)).toList());
    model.put(
        "line", seen.stream().map(bin -> x(bin) + "," + y(bin)).collect(Collectors.joining(" ")));
    model.put("counts", seen.stream().map(bin -> count(bin, most)).toList());
    model.put("bins", reliability.bins().stream().map(CalibrationView::row).toList());
    return model;
  }

  private static String summary(Reliability reliability) {
    return reliability.count() == 0
        ? "None was shown."
        : "%s shown; mean score %s, right %s. Off by %s points on average (ECE)."
            .formatted(
                Quantities.count(reliability.count()),
                Bars.percent(reliability.meanScore()),
                Bars.percent(reliability.right()),
                Quantities.decimals(reliability.ece(), 1));
  }

  private static Map<String, String> point(Bin bin, int most) {
    return Map.of(
        "x", x(bin),
        "y", y(bin),
        // By area, so that a point of twice as many is twice as large.
        "radius", number(2.5 + 5 * Math.sqrt((double) bin.count() / most)),
        "label",
            "score %s: %s right, of %s"
                .formatted(
                    text(bin.meanScore()), text(bin.right()), Quantities.count(bin.count())));
  }

  private static Map<String, String> count(Bin bin, int most) {
    double height = Math.max(1, COUNTS_HEIGHT * (double) bin.count() / most);
    return Map.of(
        "left", number(UNITS * bin.from() + 1.0),
        "top", number(COUNTS_HEIGHT - height),
        "height", number(height));
  }

  private static Map<String, String> row(Bin bin) {
    return Map.of(
        "range", bin.from() + " to " + bin.to() + "%",
        "shown", Quantities.count(bin.count()),
        "claimed", text(bin.meanScore()),
        "right", text(bin.right()));
  }

  private static String x(Bin bin) {
    return number(UNITS * bin.meanScore().orElseThrow());
  }

  private static String y(Bin bin) {
    return number(HEIGHT - UNITS * bin.right().orElseThrow());
  }

  private static String text(OptionalDouble percent) {
    return percent.isPresent() ? Bars.percent(percent.getAsDouble()) : "–";
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
