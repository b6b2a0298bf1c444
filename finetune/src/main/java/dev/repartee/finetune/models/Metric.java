package dev.repartee.finetune.models;

import dev.repartee.finetune.evaluate.StoredEvaluation;
import dev.repartee.finetune.metric.Evaluation.Perplexity;
import dev.repartee.finetune.metric.Evaluation.Saving;
import dev.repartee.finetune.metric.Share;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Predicate;

/** A figure that gates may bound, and where it stands in an evaluation. */
enum Metric {
  SAVED(Kind.SHARE),
  OFFER_PRECISION(Kind.SHARE),
  SUGGESTIONS_SAVED(Kind.SHARE),
  TOP1(Kind.SHARE),
  TOP3(Kind.SHARE),
  CONVERSATIONS(Kind.COUNT),
  REPLIES(Kind.COUNT),
  PERPLEXITY(Kind.COST),
  BITS_PER_CHARACTER(Kind.COST),
  OPEN_P50_MS(Kind.TIME),
  OPEN_P95_MS(Kind.TIME),
  OPEN_P99_MS(Kind.TIME),
  ANSWERS_P50_MS(Kind.TIME),
  ANSWERS_P95_MS(Kind.TIME),
  ANSWERS_P99_MS(Kind.TIME),
  COMPLETE_P50_MS(Kind.TIME),
  COMPLETE_P95_MS(Kind.TIME),
  COMPLETE_P99_MS(Kind.TIME),
  SIZE_MB(Kind.COST);

  /** What a figure is, which says what may be asked of it. */
  enum Kind {
    /** A percentage, the more the better. */
    SHARE,
    /** How much was measured, the more the better. */
    COUNT,
    /** The less the better. */
    COST,
    /** Milliseconds. */
    TIME
  }

  private static final String TIME_UNIT = "_ms";

  private final Kind kind;

  Metric(Kind kind) {
    this.kind = kind;
  }

  private static Optional<Saving> ofRule(StoredEvaluation evaluation, String rule) {
    return Optional.ofNullable(evaluation.rules().get(rule));
  }

  /** Those of which a minimum may be asked. */
  static List<Metric> goods() {
    return those(figure -> figure.kind == Kind.SHARE || figure.kind == Kind.COUNT);
  }

  /** Those of which a maximum may be asked. */
  static List<Metric> costs() {
    return those(figure -> figure.kind == Kind.COST || figure.kind == Kind.TIME);
  }

  /** Those that may be compared in pairs. */
  static List<Metric> shares() {
    return those(figure -> figure.kind == Kind.SHARE);
  }

  /** Those whose ratio to the current version's may be bounded. */
  static List<Metric> times() {
    return those(figure -> figure.kind == Kind.TIME);
  }

  private static List<Metric> those(Predicate<Metric> wanted) {
    return Arrays.stream(values()).filter(wanted).toList();
  }

  /** The name in {@code gates.yaml}. */
  String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The name of a time without its unit, as where ratios are bounded. */
  String timeId() {
    return id().substring(0, id().length() - TIME_UNIT.length());
  }

  /** The largest bound that makes sense. */
  double most() {
    return kind == Kind.SHARE ? 100 : 1e9;
  }

  /** The same figure of counts. */
  Share share() {
    return Share.valueOf(name());
  }

  /** The value in an evaluation; empty where it was not measured. */
  OptionalDouble of(StoredEvaluation evaluation, String rule) {
    return switch (this) {
      case SAVED -> known(ofRule(evaluation, rule).map(Saving::saved));
      case OFFER_PRECISION -> known(ofRule(evaluation, rule).map(Saving::offerPrecision));
      case SUGGESTIONS_SAVED -> OptionalDouble.of(evaluation.suggestions().saved());
      case TOP1 -> OptionalDouble.of(evaluation.suggestions().top1());
      case TOP3 -> OptionalDouble.of(evaluation.suggestions().top3());
      case CONVERSATIONS -> OptionalDouble.of(evaluation.conversations());
      case REPLIES -> OptionalDouble.of(evaluation.replies());
      case PERPLEXITY -> known(evaluation.perplexity().map(Perplexity::perplexity));
      case BITS_PER_CHARACTER -> known(evaluation.perplexity().map(Perplexity::bitsPerCharacter));
      case OPEN_P50_MS -> OptionalDouble.of(evaluation.latency().open().p50Ms());
      case OPEN_P95_MS -> OptionalDouble.of(evaluation.latency().open().p95Ms());
      case OPEN_P99_MS -> OptionalDouble.of(evaluation.latency().open().p99Ms());
      case ANSWERS_P50_MS -> OptionalDouble.of(evaluation.latency().answers().p50Ms());
      case ANSWERS_P95_MS -> OptionalDouble.of(evaluation.latency().answers().p95Ms());
      case ANSWERS_P99_MS -> OptionalDouble.of(evaluation.latency().answers().p99Ms());
      case COMPLETE_P50_MS -> OptionalDouble.of(evaluation.latency().complete().p50Ms());
      case COMPLETE_P95_MS -> OptionalDouble.of(evaluation.latency().complete().p95Ms());
      case COMPLETE_P99_MS -> OptionalDouble.of(evaluation.latency().complete().p99Ms());
      case SIZE_MB -> OptionalDouble.of(evaluation.modelFiles().bytes() / 1e6);
    };
  }

  private static OptionalDouble known(Optional<Double> value) {
    return value.isPresent() ? OptionalDouble.of(value.get()) : OptionalDouble.empty();
  }

  /** What stands behind a value. */
  String unit() {
    return switch (kind) {
      case SHARE -> "%";
      case COUNT -> "";
      case TIME -> " ms";
      case COST -> this == SIZE_MB ? " MB" : "";
    };
  }

  /** A bound with its unit. */
  String text(double bound) {
    return GateRow.number(bound) + unit();
  }
}
