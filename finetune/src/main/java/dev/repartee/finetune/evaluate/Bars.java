package dev.repartee.finetune.evaluate;

import dev.repartee.finetune.metric.Evaluation.Interval;
import dev.repartee.text.page.Quantities;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Percentages as horizontal bars with their intervals, all of one scale. */
final class Bars {

  private record Bar(
      String name, String note, double value, Optional<Interval> interval, boolean own) {

    private double end() {
      return Math.max(value, interval.map(Interval::high).orElse(value));
    }
  }

  private final List<Bar> bars = new ArrayList<>();

  /**
   * @param note beside the name; may be empty
   * @param interval empty where there is none to draw
   * @param own whether the page is about this one
   */
  void add(String name, String note, double value, Optional<Interval> interval, boolean own) {
    bars.add(new Bar(name, note, value, interval, own));
  }

  /** From 0 to the highest end of an interval; below 0 nothing is drawn. */
  List<Map<String, Object>> model() {
    double most = bars.stream().mapToDouble(Bar::end).max().orElse(0);
    return bars.stream().map(bar -> model(bar, most <= 0 ? 1 : most)).toList();
  }

  private static Map<String, Object> model(Bar bar, double most) {
    Map<String, Object> model = new HashMap<>();
    model.put("name", bar.name());
    model.put("note", bar.note());
    model.put("value", percent(bar.value()));
    model.put("kind", bar.own() ? "own" : "other");
    model.put("size", place(bar.value(), most));
    // Also where there is none: a missing name would be looked up in what stands around.
    model.put("interval", bar.interval().map(Bars::interval).orElse(""));
    Interval drawn = bar.interval().orElse(new Interval(0, 0));
    model.put("low", place(drawn.low(), most));
    model.put("span", place(drawn.high() - Math.max(0, drawn.low()), most));
    return model;
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
