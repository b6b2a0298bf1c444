package dev.repartee.finetune.models;

import dev.repartee.finetune.metric.Share;
import dev.repartee.registry.models.RegistryKind;
import dev.repartee.text.json.Json;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import tools.jackson.databind.JsonNode;

/**
 * A metric that gates can bound: its documented name is the constant in lower case. Its value
 * stands under a path in {@code evaluation.json}, for a library in its {@link
 * dev.repartee.finetune.answers.LibraryCheck}; of an array it is the number of elements.
 */
enum Metric {
  SAVED(Kind.SHARE, "/rules/RULE/saved"),
  ADVANTAGE(Kind.POINTS, "/best_baseline/RULE/advantage/difference"),
  OFFER_PRECISION(Kind.SHARE, "/rules/RULE/offer_precision"),
  SUGGESTIONS_SAVED(Kind.SHARE, "/suggestions/saved"),
  TOP1(Kind.SHARE, "/suggestions/top1"),
  TOP3(Kind.SHARE, "/suggestions/top3"),
  CONVERSATIONS(Kind.COUNT, "/conversations"),
  REPLIES(Kind.COUNT, "/replies"),
  PERPLEXITY(Kind.COST, "/perplexity/perplexity"),
  BITS_PER_CHARACTER(Kind.COST, "/perplexity/bits_per_character"),
  OPEN_P50_MS(Kind.TIME, "/latency/open/p50_ms"),
  OPEN_P95_MS(Kind.TIME, "/latency/open/p95_ms"),
  OPEN_P99_MS(Kind.TIME, "/latency/open/p99_ms"),
  ANSWERS_P50_MS(Kind.TIME, "/latency/answers/p50_ms"),
  ANSWERS_P95_MS(Kind.TIME, "/latency/answers/p95_ms"),
  ANSWERS_P99_MS(Kind.TIME, "/latency/answers/p99_ms"),
  COMPLETE_P50_MS(Kind.TIME, "/latency/complete/p50_ms"),
  COMPLETE_P95_MS(Kind.TIME, "/latency/complete/p95_ms"),
  COMPLETE_P99_MS(Kind.TIME, "/latency/complete/p99_ms"),
  SIZE_MB(Kind.SIZE, "/model_files/bytes"),
  ENTRIES(RegistryKind.LIBRARY, Kind.COUNT, "/entries"),
  NEVER(RegistryKind.LIBRARY, Kind.COUNT, "/never"),
  PERSONAL_DATA(RegistryKind.LIBRARY, Kind.COST, "/personal_data"),
  DUPLICATES(RegistryKind.LIBRARY, Kind.COST, "/duplicates"),
  BLOCKED(RegistryKind.LIBRARY, Kind.COST, "/blocked"),
  EXPIRED(RegistryKind.LIBRARY, Kind.COST, "/expired");

  /** What a metric measures. It decides which gates may bound it. */
  enum Kind {
    /** A percentage, where more is better. */
    SHARE("%"),
    /** Percentage points more than another saves, where more is better. */
    POINTS(" points"),
    /** The amount of data that was measured, where more is better. */
    COUNT(""),
    /** A value where less is better. */
    COST(""),
    /** Bytes in the evaluation, megabytes in gates. */
    SIZE(" MB"),
    /** Milliseconds. */
    TIME(" ms");

    private final String unit;

    Kind(String unit) {
      this.unit = unit;
    }
  }

  /** The part of a path that stands for the rule of the gates. */
  private static final String RULE = "RULE";

  private static final String TIME_UNIT = "_ms";

  private final RegistryKind of;
  private final Kind kind;
  private final String path;

  Metric(Kind kind, String path) {
    this(RegistryKind.MODEL, kind, path);
  }

  Metric(RegistryKind of, Kind kind, String path) {
    this.of = of;
    this.kind = kind;
    this.path = path;
  }

  /** The metrics under {@code minimum}. */
  static List<Metric> minimums(RegistryKind of) {
    return ofKinds(of, Kind.SHARE, Kind.POINTS, Kind.COUNT);
  }

  /** The metrics under {@code maximum}. */
  static List<Metric> maximums(RegistryKind of) {
    return ofKinds(of, Kind.COST, Kind.SIZE, Kind.TIME);
  }

  /** The metrics under {@code regression}. */
  static List<Metric> shares() {
    return ofKinds(RegistryKind.MODEL, Kind.SHARE);
  }

  /** The metrics under {@code latency_regression}. */
  static List<Metric> times() {
    return ofKinds(RegistryKind.MODEL, Kind.TIME);
  }

  private static List<Metric> ofKinds(RegistryKind of, Kind... kinds) {
    List<Kind> wanted = List.of(kinds);
    return Arrays.stream(values())
        .filter(metric -> metric.of == of && wanted.contains(metric.kind))
        .toList();
  }

  /** The name in {@code gates.yaml}. */
  String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The name of a time without its unit, for bounds that are ratios. */
  String timeId() {
    return id().substring(0, id().length() - TIME_UNIT.length());
  }

  /** The largest bound that is allowed. */
  double most() {
    return kind == Kind.SHARE || kind == Kind.POINTS ? 100 : 1e9;
  }

  /** The same metric, computed from counts. */
  Share share() {
    return Share.valueOf(name());
  }

  /** The value in {@code measured}; empty where it was not measured. */
  OptionalDouble of(Object measured, String rule) {
    JsonNode json = Json.COMPACT.valueToTree(measured);
    JsonNode value = json.at(path.replace(RULE, rule));
    if (value.isArray()) {
      return OptionalDouble.of(value.size());
    }
    if (!value.isNumber()) {
      return OptionalDouble.empty();
    }
    return OptionalDouble.of(kind == Kind.SIZE ? value.doubleValue() / 1e6 : value.doubleValue());
  }

  /** The unit as it stands behind a value. */
  String unit() {
    return kind.unit;
  }

  /** {@code value} with its unit. */
  String text(double value) {
    return GateReport.number(value) + unit();
  }
}
