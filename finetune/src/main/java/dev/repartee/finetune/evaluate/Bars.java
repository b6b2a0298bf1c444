package dev.repartee.finetune.evaluate;

import dev.repartee.common.eval.Evaluation.Interval;
import dev.repartee.common.page.Quantities;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Percentages as horizontal bars with their intervals, all of one scale. */
final class Bars {

  private record Bar(String name, String note, double value, Interval interval, boolean own) {}

  private final List<Bar> bars = new ArrayList<>();

  /**
   * @param note beside the name; may be empty
   * @param own whether the page is about this one
   */
  void add(String name, String note, double value, Interval interval, boolean own) {
    bars.add(new Bar(name, note, value, interval, own));
  }

  /** From 0 to the highest end of an interval; below 0 nothing is drawn. */
  List<Map<String, Object>> model() {
    double most =
        bars.stream()
            .mapToDouble(bar -> Math.max(bar.value(), bar.interval().high()))
            .max()
            .orElse(0);
    return bars.stream().map(bar -> model(bar, most <= 0 ? 1 : most)).toList();
  }

  private static Map<String, Object> model(Bar bar, double most) {
    return Map.of(
        "name", bar.name(),
        "note", bar.note(),
        "value", percent(bar.value()),
        "interval", interval(bar.interval()),
        "kind", bar.own() ? "own" : "other",
        "size", place(bar.value(), most),
        "low", place(bar.interval().low(), most),
        "span", place(bar.interval().high() - Math.max(0, bar.interval().low()), most));
  }

  private static String place(double value, double most) {
    return String.format(Locale.ROOT, "%.2f", 100 * Math.max(0, value) / most);
  }

  static String percent(double value) {
    return Quantities.decimals(value, 1) + "%";
  }

  static String interval(Interval interval) {
    return Quantities.decimals(interval.low(), 1)
        + " to "
        + Quantities.decimals(interval.high(), 1);
  }
}
