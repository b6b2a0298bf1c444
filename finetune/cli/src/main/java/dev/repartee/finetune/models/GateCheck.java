package dev.repartee.finetune.models;

import dev.repartee.finetune.answers.LibraryCheck;
import dev.repartee.finetune.evaluate.Canaries.CanaryResult;
import dev.repartee.finetune.evaluate.GoldenPrompts.GoldenResult;
import dev.repartee.finetune.evaluate.StoredEvaluation;
import dev.repartee.finetune.evaluate.VersionEvaluations;
import dev.repartee.finetune.evaluate.VersionEvaluations.Stored;
import dev.repartee.finetune.feedback.ExperimentResult;
import dev.repartee.finetune.feedback.ExperimentResult.ArmComparison;
import dev.repartee.finetune.feedback.ExperimentResult.ArmDifference;
import dev.repartee.finetune.metric.Comparison.Difference;
import dev.repartee.finetune.models.GateReport.GateRow;
import dev.repartee.finetune.models.GateReport.GateVerdict;
import dev.repartee.finetune.models.Gates.CanaryGate;
import dev.repartee.finetune.models.Gates.Decide;
import dev.repartee.finetune.models.Gates.ExperimentGate;
import dev.repartee.finetune.models.Gates.GoldenGate;
import dev.repartee.finetune.models.Gates.Regression;
import dev.repartee.text.UserException;
import dev.repartee.text.io.Sha256;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Checks every gate on the stored evaluations of two versions. What was not measured is not met.
 *
 * @param candidate the version to be promoted
 * @param current the version that the alias names; empty when it names none
 * @param experiment the latest that the candidate was in, where there was one
 * @param now the time from which the age of evaluations counts
 */
record GateCheck(
    VersionEvaluations candidate,
    Optional<VersionEvaluations> current,
    Optional<ExperimentResult> experiment,
    Gates gates,
    Instant now) {

  /** Percentiles are rounded to this, so a shorter time is compared as if it were this long. */
  private static final double LEAST_MS = 0.01;

  private static final String SECONDS_SAVED = "experiment.seconds_saved";
  private static final String NO_VERSION = "not applicable: the alias names no version yet";

  /** This many names are listed before "and N more". */
  private static final int LISTED_NAMES = 3;

  /** One row per gate, in the order of the sections of {@code gates.yaml}. */
  List<GateRow> rows() {
    List<GateRow> rows = new ArrayList<>();
    gates.minimum().forEach((metric, least) -> rows.add(bounded(true, metric, least)));
    gates.maximum().forEach((metric, most) -> rows.add(bounded(false, metric, most)));
    gates.regression().forEach((metric, allowed) -> rows.add(regression(metric, allowed)));
    gates.latencyRegression().forEach((metric, most) -> rows.add(latency(metric, most)));
    gates.canary().ifPresent(gate -> rows.addAll(canary(gate)));
    gates.golden().ifPresent(gate -> rows.add(golden(gate)));
    gates.experiment().ifPresent(gate -> rows.addAll(experiment(gate)));
    gates.maxAgeDays().ifPresent(days -> rows.add(age(days)));
    return rows;
  }

  // Which evaluations are compared

  /** The newest evaluation of the candidate at the gates' point, which all metrics come from. */
  Optional<Stored> ours() {
    return candidate.all().stream().filter(this::isAtPoint).findFirst();
  }

  /** The newest evaluation of the current version on the same replies. */
  Optional<Stored> theirs() {
    return ours().flatMap(ours -> currents().filter(other -> isPair(ours, other)).findFirst());
  }

  private boolean isPair(Stored ours, Stored theirs) {
    return ours.evaluation().data().equals(theirs.evaluation().data())
        && ours.evaluation().counts().isComparable(theirs.evaluation().counts(), gates.rule());
  }

  /** Calm and eager are two products: no figure of one says anything about the other. */
  private boolean isAtPoint(Stored stored) {
    return stored.evaluation().operatingPoint().equals(gates.operatingPoint());
  }

  /** The evaluations of the current version at the gates' point, the newest first. */
  private Stream<Stored> currents() {
    return current.stream().flatMap(version -> version.all().stream()).filter(this::isAtPoint);
  }

  /** The candidate's newest result of {@code part} that is not too old. */
  private <T> Optional<T> ours(Function<StoredEvaluation, Optional<T>> part) {
    return candidate.all().stream()
        .filter(this::isFresh)
        .flatMap(stored -> part.apply(stored.evaluation()).stream())
        .findFirst();
  }

  private <T> Optional<T> theirs(Function<StoredEvaluation, Optional<T>> part) {
    return current.stream()
        .flatMap(version -> version.all().stream())
        .flatMap(stored -> part.apply(stored.evaluation()).stream())
        .findFirst();
  }

  private boolean isFresh(Stored stored) {
    return isFresh(age(stored));
  }

  private boolean isFresh(Duration age) {
    return gates.maxAgeDays().isEmpty()
        || age.compareTo(Duration.ofDays(gates.maxAgeDays().getAsInt())) <= 0;
  }

  private Duration age(Stored stored) {
    return Duration.between(stored.evaluation().measuredAt(), now);
  }

  private boolean has(Stored stored, Metric metric) {
    return value(Optional.of(stored), metric).isPresent();
  }

  /** The size is known of a version that nothing was measured of, too. */
  private OptionalDouble value(
      Optional<VersionEvaluations> version, Optional<Stored> stored, Metric metric) {
    return metric == Metric.SIZE_MB && version.isPresent()
        ? metric.of(Map.of("model_files", version.get().files()), gates.rule())
        : value(stored, metric);
  }

  private OptionalDouble value(Optional<Stored> stored, Metric metric) {
    return stored.isPresent()
        ? metric.of(stored.get().evaluation(), gates.rule())
        : OptionalDouble.empty();
  }

  // minimum, maximum

  private GateRow bounded(boolean minimum, Metric metric, double limit) {
    boolean saving = metric == Metric.SAVED || metric == Metric.ADVANTAGE;
    String options = metric == Metric.ADVANTAGE ? " --train FILE --validation FILE" : "";
    GateRow row =
        bounded(
            minimum,
            metric,
            limit,
            value(Optional.of(candidate), ours(), metric),
            value(current, theirs(), metric),
            notMeasured(options));
    return ours()
        .filter(_ -> saving)
        .map(ours -> ours.evaluation().bestBaseline().get(gates.rule()))
        .map(best -> row.adding("best baseline: " + best))
        .orElse(row);
  }

  /**
   * Compares a value with a bound.
   *
   * @param value of the candidate
   * @param current the value of the current version
   * @param missing the reason when there is no value
   */
  private static GateRow bounded(
      boolean minimum,
      Metric metric,
      double limit,
      OptionalDouble value,
      OptionalDouble current,
      String missing) {
    String bound = (minimum ? ">= " : "<= ") + metric.text(limit);
    boolean met =
        value.isPresent()
            && (minimum ? value.getAsDouble() >= limit : value.getAsDouble() <= limit);
    String reason = "";
    if (value.isEmpty()) {
      reason = missing;
    } else if (!met) {
      reason = metric.text(value.getAsDouble()) + " is not " + bound;
    }
    return new GateRow(
        (minimum ? "minimum." : "maximum.") + metric.id(),
        value,
        current,
        metric.unit(),
        bound,
        GateVerdict.of(met),
        reason);
  }

  /**
   * One row per gate on a library. All is counted in the library itself, so nothing is missing.
   *
   * @param current what was found in the version that the alias names; empty when it names none
   */
  static List<GateRow> rows(Gates gates, LibraryCheck candidate, Optional<LibraryCheck> current) {
    List<GateRow> rows = new ArrayList<>();
    gates
        .minimum()
        .forEach((metric, least) -> rows.add(row(true, metric, least, candidate, current)));
    gates
        .maximum()
        .forEach((metric, most) -> rows.add(row(false, metric, most, candidate, current)));
    return rows;
  }

  private static GateRow row(
      boolean minimum,
      Metric metric,
      double limit,
      LibraryCheck candidate,
      Optional<LibraryCheck> current) {
    return bounded(
        minimum,
        metric,
        limit,
        metric.of(candidate, ""),
        current.map(found -> metric.of(found, "")).orElse(OptionalDouble.empty()),
        "");
  }

  // regression: by the paired bootstrap over the counts of both versions

  private GateRow regression(Metric metric, Regression regression) {
    String gate = "regression." + metric.id();
    boolean interval = regression.decide() == Decide.INTERVAL;
    String bound =
        "%s >= -%s points"
            .formatted(
                interval ? "95% low end" : "difference", GateReport.number(regression.allowed()));
    Optional<GateRow> incomparable = incomparable(gate, bound);
    if (incomparable.isPresent()) {
      return incomparable.get();
    }
    Stored ours = ours().orElseThrow();
    Optional<Stored> pair = theirs();
    if (pair.isPresent()) {
      Difference difference =
          ours.evaluation()
              .counts()
              .difference(metric.share(), gates.rule(), pair.get().evaluation().counts());
      double decisive = interval ? difference.ci95().low() : difference.difference();
      return new GateRow(
          gate,
          value(ours(), metric),
          value(pair, metric),
          metric.unit(),
          bound,
          GateVerdict.of(decisive >= -regression.allowed()),
          "difference %+.2f points, 95%% %+.2f to %+.2f"
              .formatted(
                  difference.difference(), difference.ci95().low(), difference.ci95().high()));
    }
    Optional<Stored> other =
        gates.requireSameData()
            ? Optional.empty()
            : currents().filter(stored -> has(stored, metric)).findFirst();
    if (other.isEmpty()) {
      return GateRow.without(gate, bound, GateVerdict.FAIL, notOnTheSameData(ours));
    }
    OptionalDouble value = value(ours(), metric);
    if (value.isEmpty()) {
      return GateRow.without(gate, bound, GateVerdict.FAIL, notMeasured(""));
    }
    double difference = value.getAsDouble() - value(other, metric).orElseThrow();
    return new GateRow(
        gate,
        value(ours(), metric),
        value(other, metric),
        metric.unit(),
        bound,
        GateVerdict.of(difference >= -regression.allowed()),
        "difference %+.2f points, measured on other data: no interval".formatted(difference));
  }

  /** The row of a comparison for which a version or the candidate's evaluation is missing. */
  private Optional<GateRow> incomparable(String gate, String bound) {
    if (current.isEmpty()) {
      return Optional.of(GateRow.without(gate, bound, GateVerdict.NOT_APPLICABLE, NO_VERSION));
    }
    return ours().isEmpty()
        ? Optional.of(GateRow.without(gate, bound, GateVerdict.FAIL, notMeasured("")))
        : Optional.empty();
  }

  private String notOnTheSameData(Stored ours) {
    String version = current.orElseThrow().version().toString();
    return ("%s has no stored evaluation on the candidate's data (%s, %d conversations); evaluate"
            + " %s on the same files and 'models attach' it")
        .formatted(
            version,
            ours.evaluation().data().substring(0, 12),
            ours.evaluation().conversations(),
            version);
  }

  // latency_regression: by the ratio of two times on the same kind of machine, in one precision

  private GateRow latency(Metric metric, double most) {
    String gate = "latency_regression." + metric.timeId();
    String bound = "<= " + GateReport.number(most) + " x current";
    Optional<GateRow> incomparable = incomparable(gate, bound);
    if (incomparable.isPresent()) {
      return incomparable.get();
    }
    Stored ours = ours().orElseThrow();
    // One on the same replies first, then the newest on any.
    Optional<Stored> alike =
        Stream.concat(theirs().stream(), currents())
            .filter(stored -> isTimedAlike(ours, stored))
            .filter(stored -> has(stored, metric))
            .findFirst();
    OptionalDouble candidateMs = value(ours(), metric);
    if (candidateMs.isEmpty()) {
      return GateRow.without(gate, bound, GateVerdict.FAIL, notMeasured(""));
    }
    if (alike.isPresent()) {
      OptionalDouble currentMs = value(alike, metric);
      double ratio = candidateMs.orElseThrow() / Math.max(LEAST_MS, currentMs.orElseThrow());
      return new GateRow(
          gate,
          candidateMs,
          currentMs,
          metric.unit(),
          bound,
          GateVerdict.of(ratio <= most),
          "%.2f x on %s".formatted(ratio, ours.evaluation().machine()));
    }
    return currents()
        .findFirst()
        .map(
            other ->
                GateRow.without(
                    gate,
                    bound,
                    GateVerdict.NOT_APPLICABLE,
                    "not applicable: measured on %s, the current version on %s"
                        .formatted(timedOn(ours), timedOn(other))))
        .orElseGet(() -> GateRow.without(gate, bound, GateVerdict.FAIL, notOnTheSameData(ours)));
  }

  private static boolean isTimedAlike(Stored ours, Stored theirs) {
    return ours.evaluation().machine().equals(theirs.evaluation().machine())
        && ours.evaluation().precision().equals(theirs.evaluation().precision());
  }

  private static String timedOn(Stored stored) {
    return stored.evaluation().machine() + " in " + stored.evaluation().precision();
  }

  // canary, golden

  private List<GateRow> canary(CanaryGate gate) {
    List<GateRow> rows = new ArrayList<>();
    gate.maxLeaked()
        .ifPresent(
            most ->
                rows.add(
                    canary(
                        gate,
                        new CanaryBound("max_leaked", most, ""),
                        CanaryResult::leaked,
                        result -> "shown: " + some(result.leakedNames()))));
    gate.maxExposure()
        .ifPresent(
            most ->
                rows.add(
                    canary(
                        gate,
                        new CanaryBound("max_exposure", most, " bits"),
                        CanaryResult::maxExposure,
                        result -> "most exposed: " + result.mostExposed().name())));
    return rows;
  }

  private record CanaryBound(String key, double most, String unit) {}

  private GateRow canary(
      CanaryGate gate,
      CanaryBound asked,
      Function<CanaryResult, Number> value,
      Function<CanaryResult, String> why) {
    String name = "canary." + asked.key();
    String bound = "<= " + GateReport.number(asked.most()) + asked.unit();
    Optional<CanaryResult> ours = ours(StoredEvaluation::canaries);
    if (ours.isEmpty()) {
      return GateRow.without(name, bound, GateVerdict.FAIL, notMeasured(" --canaries FILE"));
    }
    OptionalDouble found = number(ours.map(value));
    Optional<String> changed = changed(gate.file(), ours.get().sha256());
    boolean met = changed.isEmpty() && found.getAsDouble() <= asked.most();
    return new GateRow(
        name,
        found,
        number(theirs(StoredEvaluation::canaries).map(value)),
        asked.unit(),
        bound,
        GateVerdict.of(met),
        met
            ? "of %d planted".formatted(ours.get().count())
            : changed.orElseGet(() -> why.apply(ours.get())));
  }

  private GateRow golden(GoldenGate gate) {
    String name = "golden.min_pass";
    String bound = ">= " + GateReport.number(100 * gate.minPass()) + "%";
    Optional<GoldenResult> ours = ours(StoredEvaluation::golden);
    if (ours.isEmpty()) {
      return GateRow.without(name, bound, GateVerdict.FAIL, notMeasured(" --golden FILE"));
    }
    GoldenResult result = ours.get();
    Optional<String> changed = changed(gate.file(), result.sha256());
    boolean met = changed.isEmpty() && gate.allows(result.passed(), result.total());
    String counted = "%d of %d as expected".formatted(result.passed(), result.total());
    String failed = result.failed().isEmpty() ? "" : "; not so: " + some(result.failed());
    return new GateRow(
        name,
        number(ours.map(GateCheck::passedPercent)),
        number(theirs(StoredEvaluation::golden).map(GateCheck::passedPercent)),
        "%",
        bound,
        GateVerdict.of(met),
        changed.orElse(counted + failed));
  }

  private static double passedPercent(GoldenResult result) {
    return 100.0 * result.passed() / result.total();
  }

  private static OptionalDouble number(Optional<? extends Number> value) {
    return value.isPresent()
        ? OptionalDouble.of(value.get().doubleValue())
        : OptionalDouble.empty();
  }

  private static String some(List<String> names) {
    String first = String.join(", ", names.subList(0, Math.min(LISTED_NAMES, names.size())));
    return names.size() <= LISTED_NAMES
        ? first
        : first + " and " + (names.size() - LISTED_NAMES) + " more";
  }

  /** A complaint when {@code file}, where one is named, is not the file that was evaluated. */
  private static Optional<String> changed(Optional<Path> file, String evaluatedSha256) {
    return file.filter(path -> !sha256(path).equals(evaluatedSha256))
        .map(path -> path.getFileName() + " has changed since it was evaluated; evaluate again");
  }

  private static String sha256(Path file) {
    try {
      return Sha256.of(file);
    } catch (IOException e) {
      throw new UserException(file + ": named by the gates, cannot be read: " + e, e);
    }
  }

  // experiment

  private List<GateRow> experiment(ExperimentGate gate) {
    List<GateRow> rows = new ArrayList<>();
    String bound = "95% low end >= " + GateReport.number(gate.secondsSaved()) + " s";
    if (current.isEmpty()) {
      rows.add(GateRow.without(SECONDS_SAVED, bound, GateVerdict.NOT_APPLICABLE, NO_VERSION));
      return rows;
    }
    Optional<String> unusable = unusable();
    if (unusable.isPresent()) {
      rows.add(GateRow.without(SECONDS_SAVED, bound, GateVerdict.FAIL, unusable.get()));
      return rows;
    }
    ExperimentResult result = experiment.orElseThrow();
    ArmComparison primary = result.primary();
    ArmDifference saved = primary.secondsSaved().orElseThrow();
    rows.add(
        new GateRow(
            SECONDS_SAVED,
            number(result.figures(primary.arm()).secondsPerConversation()),
            number(result.figures(primary.against()).secondsPerConversation()),
            " s",
            bound,
            GateVerdict.of(saved.low() >= gate.secondsSaved()),
            "%s: saves %+.2f s, 95%% %+.2f to %+.2f, %d conversations"
                .formatted(
                    result.experiment().name(),
                    saved.difference(),
                    saved.low(),
                    saved.high(),
                    result.conversations())));
    if (gate.guards()) {
      rows.add(
          GateRow.without(
              "experiment.guards",
              "none has moved",
              GateVerdict.of(primary.moved().isEmpty()),
              String.join(", ", primary.moved())));
    }
    return rows;
  }

  /** Why an experiment decides nothing; empty where it does. */
  private Optional<String> unusable() {
    String candidates = candidate.version().toString();
    if (experiment.isEmpty()) {
      return Optional.of(
          "no experiment with %s has a result; 'models experiment start', and 'stop' at the end"
              .formatted(candidates));
    }
    ExperimentResult result = experiment.get();
    int baseline = result.experiment().baseline().version();
    String name = result.experiment().name();
    if (baseline != current.orElseThrow().version().number()) {
      return Optional.of(
          "%s compared %s with version %d; start one against %s"
              .formatted(name, candidates, baseline, current.get().version()));
    }
    if (!isFresh(Duration.between(result.measuredAt(), now))) {
      return Optional.of("%s was measured at %s".formatted(name, result.measuredAt()));
    }
    return switch (result.verdict()) {
      case COLLECTING ->
          Optional.of(
              "%s has %d of at least %d conversations"
                  .formatted(name, result.conversations(), result.experiment().minConversations()));
      case INVALID -> Optional.of(name + " is invalid: " + String.join("; ", result.invalid()));
      case SAVES, COSTS, UNDECIDED ->
          result.primary().secondsSaved().isPresent()
              ? Optional.empty()
              : Optional.of(name + " has no times: send events with feedback");
    };
  }

  // max_age_days

  private GateRow age(int days) {
    String bound = "<= " + days + " days";
    Optional<Stored> ours = ours();
    if (ours.isEmpty()) {
      return GateRow.without("max_age_days", bound, GateVerdict.FAIL, notMeasured(""));
    }
    boolean met = isFresh(ours.get());
    return new GateRow(
        "max_age_days",
        OptionalDouble.of(age(ours.get()).toHours() / 24.0),
        OptionalDouble.empty(),
        " days",
        bound,
        GateVerdict.of(met),
        met ? "" : "measured at " + ours.get().evaluation().measuredAt() + "; evaluate again");
  }

  /**
   * The reason of a gate whose value is missing: what to run.
   *
   * @param option of {@code evaluate} that measures it, with a blank before it; may be empty
   */
  private String notMeasured(String option) {
    if (ours().isEmpty() && !candidate.all().isEmpty()) {
      String point = gates.operatingPoint();
      return "not measured at %s; evaluate --operating-point %s and attach".formatted(point, point);
    }
    return ours().isEmpty()
        ? "not measured: no evaluation is stored; evaluate%s and attach".formatted(option)
        : "not measured; run 'evaluate%s' and attach what it writes".formatted(option);
  }
}
