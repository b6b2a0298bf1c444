package dev.repartee.lab.benchmark;

import dev.repartee.engine.gpt2.Precision;
import dev.repartee.lab.benchmark.SuggestTimings.Timing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** What {@code benchmark-suggest} measured, beside its targets. */
final class SuggestReport {

  /** How many times faster than plain decoding a continuation on a cached context has to be. */
  static final double TARGET_RATIO = 20;

  /** A precision and its median. */
  private record Best(Precision precision, double median) {}

  private final Map<Precision, Map<SuggestLine, Timing>> timings;
  private final boolean judged;

  /**
   * Makes a report.
   *
   * @param timings of each precision
   * @param judged whether the targets hold for the model that was measured
   */
  SuggestReport(Map<Precision, Map<SuggestLine, Timing>> timings, boolean judged) {
    this.timings = new EnumMap<>(timings);
    this.judged = judged;
  }

  /** The medians of each line and precision in milliseconds, with target and verdict. */
  String table() {
    StringBuilder table = new StringBuilder("%-50s".formatted("median, ms"));
    timings.keySet().forEach(precision -> table.append("%9s".formatted(precision)));
    table.append("   target%n".formatted());
    for (SuggestLine line : SuggestLine.values()) {
      table.append("%-50s".formatted(line.text()));
      timings
          .values()
          .forEach(
              measured ->
                  table.append(
                      "%9s"
                          .formatted(
                              Optional.ofNullable(measured.get(line))
                                  .map(timing -> number("%.3f", timing.median()))
                                  .orElse(""))));
      line.target().ifPresent(target -> table.append(verdict(line, target)));
      table.append(System.lineSeparator());
    }
    if (hasPlainDecoding()) {
      table.append(
          number("FP32 without a cache takes %.1f times a continuation", overContinuation()));
      if (judged) {
        table.append(overContinuation() >= TARGET_RATIO ? " (reached: " : " (missed: ");
        table.append(number("%.0f)", TARGET_RATIO));
      }
      table.append(number(" and %.1f times the same text with a cache%n", overCached()));
    }
    return table.toString();
  }

  private String verdict(SuggestLine line, double target) {
    Best best = best(line);
    String wanted = "%9s".formatted(number("%.1f", target));
    if (!judged) {
      return wanted;
    }
    return wanted
        + (best.median() <= target ? "  reached in " : "  missed, best in ")
        + best.precision();
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }

  /** Whether FP32 was measured, which alone decodes without a cache. */
  private boolean hasPlainDecoding() {
    return timings.values().stream().anyMatch(lines -> lines.containsKey(SuggestLine.UNCACHED));
  }

  /** Plain FP32 decoding without a cache, over a continuation in the best precision. */
  double overContinuation() {
    return best(SuggestLine.UNCACHED).median() / best(SuggestLine.CONTINUATION).median();
  }

  /** The same over the same text with a cache, in the best precision. */
  double overCached() {
    return best(SuggestLine.UNCACHED).median() / best(SuggestLine.CACHED).median();
  }

  private Best best(SuggestLine line) {
    return timings.entrySet().stream()
        .filter(entry -> entry.getValue().containsKey(line))
        .map(entry -> new Best(entry.getKey(), entry.getValue().get(line).median()))
        .min(Comparator.comparingDouble(Best::median))
        .orElseThrow();
  }

  /** The same for programs. */
  Map<String, Object> json() {
    List<Map<String, Object>> lines = new ArrayList<>();
    timings.forEach(
        (precision, measured) ->
            measured.forEach((line, timing) -> lines.add(json(precision, line, timing))));
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("timings", lines);
    if (hasPlainDecoding()) {
      json.put("uncached_over_continuation", overContinuation());
      json.put("uncached_over_cached", overCached());
      if (judged) {
        json.put("uncached_over_continuation_target", TARGET_RATIO);
      }
    }
    return json;
  }

  private Map<String, Object> json(Precision precision, SuggestLine line, Timing timing) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("line", line.name().toLowerCase(Locale.ROOT));
    json.put("precision", precision);
    json.put("median_ms", timing.median());
    json.put("p95_ms", timing.p95());
    json.put("repetitions", timing.repetitions());
    OptionalDouble target = line.target();
    if (judged && target.isPresent()) {
      json.put("target_ms", target.getAsDouble());
      json.put("reached", timing.median() <= target.getAsDouble());
    }
    return json;
  }

  /** What {@code benchmark-suggest} times; a target is in milliseconds, for the best precision. */
  enum SuggestLine {
    PREFILL("128 tokens from the beginning", Double.NaN),
    MESSAGE("32 new tokens on 128 cached, to ranked answers", 15),
    SHORT_MESSAGE("8 new tokens on 128 cached", Double.NaN),
    REPLIES("the same through the engine, wordings weighed", Double.NaN),
    PROPOSAL("a proposal of 16 tokens verified, on 160 cached", 20),
    TOKEN("1 token on 160 cached", Double.NaN),
    TOKENS_OF_16("1 token of each of 16 texts, on 160 cached", Double.NaN),
    CONTINUATION("20 tokens freely, on 128 cached", 90),
    ASKED_BEFORE("keystroke, its draft asked before", 0.5),
    SEARCHED("keystroke, other draft, cached distributions", Double.NaN),
    CACHED("128 + 20 tokens with a cache", Double.NaN),
    UNCACHED("128 + 20 tokens without a cache", Double.NaN);

    private final String text;
    private final double target;

    SuggestLine(String text, double target) {
      this.text = text;
      this.target = target;
    }

    String text() {
      return text;
    }

    OptionalDouble target() {
      return Double.isNaN(target) ? OptionalDouble.empty() : OptionalDouble.of(target);
    }
  }
}
