package dev.repartee.finetune.models;

import dev.repartee.finetune.evaluate.EvaluationReport.BestBaseline;
import dev.repartee.finetune.evaluate.VersionEvaluations;
import dev.repartee.finetune.evaluate.VersionEvaluations.Stored;
import dev.repartee.finetune.evaluate.VersionEvaluations.StoredEvaluation;
import dev.repartee.finetune.feedback.ExperimentResult;
import dev.repartee.finetune.feedback.ExperimentResult.ArmComparison;
import dev.repartee.finetune.feedback.ExperimentResult.ArmDifference;
import dev.repartee.finetune.metric.Difference;
import dev.repartee.finetune.metric.Evaluation.Saving;
import dev.repartee.finetune.metric.Interval;
import dev.repartee.finetune.metric.Rule;
import dev.repartee.finetune.models.GateKeeper.Gates.Gate;
import dev.repartee.finetune.models.GateReport.GateRow;
import dev.repartee.finetune.models.GateReport.GateVerdict;
import dev.repartee.registry.models.Actor;
import dev.repartee.registry.models.AliasMove;
import dev.repartee.registry.models.AliasMove.GateOutcome;
import dev.repartee.registry.models.AliasMove.Promotion;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.models.ModelVersion;
import dev.repartee.registry.models.StoredEvaluations;
import dev.repartee.registry.models.StoredEvaluations.Kind;
import dev.repartee.text.UserException;
import dev.repartee.text.io.Sha256;
import dev.repartee.text.json.Json;
import dev.repartee.text.json.JsonFields;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Checks versions of a registry against a gates file, stores the results and moves aliases. */
final class GateKeeper {

  private final ModelRegistry registry;
  private final Gates gates;

  /**
   * @param file without one a version must only not be worse than the best baseline
   * @throws dev.repartee.text.UserException (wrong usage) naming what is wrong with the file
   */
  GateKeeper(ModelRegistry registry, Optional<Path> file) {
    this.registry = registry;
    this.gates = file.map(Gates::read).orElse(Gates.NONE);
  }

  /**
   * Compares {@code candidate} with the version that {@code alias} names. Changes nothing.
   *
   * @param force whether the alias is moved even where a gate is not met
   * @param why the reason that was given for a promotion
   */
  GateReport check(ModelVersion candidate, String alias, boolean force, Optional<String> why) {
    Actor actor = registry.evaluations().actor();
    Instant now = actor.clock().instant().truncatedTo(ChronoUnit.MILLIS);
    Optional<ModelVersion> current =
        Optional.ofNullable(registry.aliases(candidate.model()).get(alias))
            .map(move -> new ModelVersion(candidate.model(), move.to()));
    GateCheck check =
        new GateCheck(
            VersionEvaluations.of(registry, candidate),
            current.map(version -> VersionEvaluations.of(registry, version)),
            experiment(candidate, current),
            gates);
    List<GateRow> rows = check.rows();
    boolean passed = rows.stream().noneMatch(GateRow::failed);
    return new GateReport(
        candidate.model(),
        candidate.number(),
        alias,
        current.map(ModelVersion::number),
        gates.name(),
        gates.sha256(),
        check.ours().map(Stored::id),
        check.theirs().map(Stored::id),
        Stream.of(
                check.ours().flatMap(_ -> check.candidate().inherited()),
                check.theirs().flatMap(_ -> check.current().flatMap(VersionEvaluations::inherited)))
            .flatMap(Optional::stream)
            .toList(),
        passed,
        force && !passed,
        why,
        actor.name(),
        now,
        rows);
  }

  /** The latest result with the current version; if there is none, the latest with any. */
  private Optional<ExperimentResult> experiment(
      ModelVersion candidate, Optional<ModelVersion> current) {
    Predicate<ExperimentResult> withCurrent =
        result ->
            current.stream()
                .anyMatch(one -> one.number() == result.experiment().baseline().version());
    return registry.evaluations().list(candidate, Kind.EXPERIMENT).stream()
        .map(entry -> entry.as(ExperimentResult.class))
        .max(Comparator.comparing(withCurrent::test).thenComparing(ExperimentResult::measuredAt));
  }

  /**
   * Stores {@code report} with its version.
   *
   * @return its key in the store
   */
  String store(GateReport report) {
    return registry
        .evaluations()
        .add(report.candidate(), Kind.GATES, StoredEvaluations.id(report.at(), report), report)
        .key();
  }

  /**
   * Moves the alias of {@code report}, provided that it still names the version that was compared.
   *
   * @param key from {@link #store}
   */
  AliasMove promote(GateReport report, String key, ModelVersion renewed) {
    return registry.promote(
        new Promotion(
            renewed,
            report.alias(),
            report.why(),
            Optional.of(new Promotion.Expected(report.current())),
            Optional.of(new GateOutcome(report.passed(), report.forced(), key, report.failed()))));
  }

  /**
   * Checks every gate on the stored evaluations of two versions. What was not measured is not met.
   *
   * @param candidate the version to be promoted
   * @param current the version that the alias names; empty when it names none
   * @param experiment the latest that the candidate was in, where there was one
   */
  private record GateCheck(
      VersionEvaluations candidate,
      Optional<VersionEvaluations> current,
      Optional<ExperimentResult> experiment,
      Gates gates) {

    private static final String POINT = VersionEvaluations.POINT;
    private static final String RULE = Rule.NET.name();
    private static final String NO_VERSION = "not applicable: the alias names no version yet";

    /** One row per gate, and one for the guards of an experiment. */
    List<GateRow> rows() {
      List<GateRow> rows = new ArrayList<>();
      Map<Gate, Double> bounds = new EnumMap<>(Gate.class);
      // A model that counted words beat is promoted by nobody's oversight.
      best().ifPresent(_ -> bounds.put(Gate.ADVANTAGE, 0.0));
      bounds.putAll(gates.bounds());
      bounds.forEach(
          (gate, bound) -> {
            switch (gate) {
              case REGRESSION -> rows.add(regression(bound));
              case SECONDS_SAVED -> rows.addAll(experiment(bound));
              default ->
                  rows.add(
                      best()
                          .filter(_ -> gate == Gate.ADVANTAGE)
                          .map(best -> advantage(bound, best))
                          .orElseGet(() -> bounded(gate, bound)));
            }
          });
      return rows;
    }

    /** The newest evaluation of the candidate, which all figures come from. */
    Optional<Stored> ours() {
      return atPoint(candidate).findFirst();
    }

    /** The newest evaluation of the current version on the same replies. */
    Optional<Stored> theirs() {
      return ours()
          .flatMap(
              ours ->
                  current.stream()
                      .flatMap(GateCheck::atPoint)
                      .filter(other -> isPair(ours.evaluation(), other.evaluation()))
                      .findFirst());
    }

    private static Stream<Stored> atPoint(VersionEvaluations version) {
      return version.all().stream()
          .filter(stored -> stored.evaluation().operatingPoint().equals(POINT));
    }

    private static boolean isPair(StoredEvaluation ours, StoredEvaluation theirs) {
      return ours.data().equals(theirs.data()) && ours.counts().isComparable(theirs.counts(), RULE);
    }

    /** Of the candidate's evaluation, where baselines were measured. */
    private Optional<BestBaseline> best() {
      return VersionEvaluations.bestBaseline(candidate.all().stream().map(Stored::evaluation));
    }

    private GateRow row(Gate gate, String bound, boolean met, String reason) {
      return new GateRow(
          gate.id(),
          value(gate, Optional.of(candidate), ours()),
          value(gate, current, theirs()),
          gate.unit(),
          bound,
          GateVerdict.of(met),
          reason);
    }

    // minimum, maximum

    /** Not met where the interval lies below the bound; where it holds the bound, that is said. */
    private GateRow advantage(double limit, BestBaseline best) {
      Interval ci95 = best.advantage().ci95();
      boolean met = ci95.high() >= limit;
      String said =
          met && ci95.low() >= limit
              ? ""
              : "%s95%% %+.2f to %+.2f; "
                  .formatted(met ? "warning, not shown to be more: " : "", ci95.low(), ci95.high());
      return row(
          Gate.ADVANTAGE,
          "95% high end >= " + Gate.ADVANTAGE.text(limit),
          met,
          said + "best baseline: " + best);
    }

    private GateRow bounded(Gate gate, double limit) {
      OptionalDouble value = value(gate, Optional.of(candidate), ours());
      String bound = (gate.isMaximum() ? "<= " : ">= ") + gate.text(limit);
      boolean met =
          value.isPresent()
              && (gate.isMaximum() ? value.getAsDouble() <= limit : value.getAsDouble() >= limit);
      List<String> reasons = new ArrayList<>();
      if (value.isEmpty()) {
        reasons.add(notMeasured(gate == Gate.ADVANTAGE ? " --train FILE --validation FILE" : ""));
      } else if (!met) {
        reasons.add(gate.text(value.getAsDouble()) + " is not " + bound);
      }
      best()
          .filter(_ -> gate == Gate.SAVED)
          .ifPresent(best -> reasons.add("best baseline: " + best));
      return row(gate, bound, met, String.join("; ", reasons));
    }

    /** The size is known of a version that nothing was measured of, too. */
    private static OptionalDouble value(
        Gate gate, Optional<VersionEvaluations> version, Optional<Stored> stored) {
      Optional<StoredEvaluation> evaluation = stored.map(Stored::evaluation);
      return number(
          switch (gate) {
            case SAVED, REGRESSION ->
                evaluation.map(one -> one.rules().get(RULE)).map(Saving::saved);
            case ADVANTAGE ->
                evaluation
                    .map(one -> one.bestBaseline().get(RULE))
                    .map(best -> best.advantage().difference());
            case CONVERSATIONS -> evaluation.map(StoredEvaluation::conversations);
            case COMPLETE_P95_MS -> evaluation.map(one -> one.latency().complete().p95Ms());
            case SIZE_MB -> version.map(one -> one.files().bytes() / 1e6);
            case SECONDS_SAVED -> Optional.<Double>empty();
          });
    }

    private static OptionalDouble number(Optional<? extends Number> value) {
      return value.isPresent()
          ? OptionalDouble.of(value.get().doubleValue())
          : OptionalDouble.empty();
    }

    // regression: by the paired bootstrap over the counts of both versions

    private GateRow regression(double allowed) {
      Gate gate = Gate.REGRESSION;
      String bound = "95%% low end >= -%s points".formatted(GateReport.number(allowed));
      if (current.isEmpty()) {
        return GateRow.without(gate.id(), bound, GateVerdict.NOT_APPLICABLE, NO_VERSION);
      }
      Optional<Stored> ours = ours();
      if (ours.isEmpty()) {
        return GateRow.without(gate.id(), bound, GateVerdict.FAIL, notMeasured(""));
      }
      Optional<Stored> theirs = theirs();
      if (theirs.isEmpty()) {
        return GateRow.without(
            gate.id(), bound, GateVerdict.FAIL, notOnTheSameData(ours.get().evaluation()));
      }
      Difference difference =
          ours.get().evaluation().counts().difference(RULE, theirs.get().evaluation().counts());
      return row(
          gate,
          bound,
          difference.ci95().low() >= -allowed,
          "difference %+.2f points, 95%% %+.2f to %+.2f"
              .formatted(
                  difference.difference(), difference.ci95().low(), difference.ci95().high()));
    }

    private String notOnTheSameData(StoredEvaluation ours) {
      String version = current.orElseThrow().version().toString();
      return "%s has no stored evaluation on the candidate's data (%s, %d conversations); 'evaluate --attach %s' on the same files"
          .formatted(version, ours.data().substring(0, 12), ours.conversations(), version);
    }

    // experiment

    private List<GateRow> experiment(double least) {
      Gate gate = Gate.SECONDS_SAVED;
      String bound = "95% low end >= " + gate.text(least);
      if (current.isEmpty()) {
        return List.of(GateRow.without(gate.id(), bound, GateVerdict.NOT_APPLICABLE, NO_VERSION));
      }
      Optional<String> unusable = unusable();
      if (unusable.isPresent()) {
        return List.of(GateRow.without(gate.id(), bound, GateVerdict.FAIL, unusable.get()));
      }
      ExperimentResult result = experiment.orElseThrow();
      ArmComparison primary = result.primary();
      ArmDifference saved = primary.secondsSaved().orElseThrow();
      return List.of(
          new GateRow(
              gate.id(),
              number(result.figures(primary.arm()).secondsPerConversation()),
              number(result.figures(primary.against()).secondsPerConversation()),
              gate.unit(),
              bound,
              GateVerdict.of(saved.low() >= least),
              "%s: saves %+.2f s, 95%% %+.2f to %+.2f, %d conversations"
                  .formatted(
                      result.experiment().name(),
                      saved.difference(),
                      saved.low(),
                      saved.high(),
                      result.conversations())),
          GateRow.without(
              "experiment.guards",
              "none has moved",
              GateVerdict.of(primary.moved().isEmpty()),
              String.join(", ", primary.moved())));
    }

    /** Why an experiment decides nothing; empty where it does. */
    private Optional<String> unusable() {
      String candidates = candidate.version().toString();
      if (experiment.isEmpty()) {
        return Optional.of(
            "no experiment with %s has a result; 'experiment start', and 'stop' at the end"
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
      return switch (result.verdict()) {
        case COLLECTING ->
            Optional.of(
                "%s has %d of at least %d conversations"
                    .formatted(
                        name, result.conversations(), result.experiment().minConversations()));
        case INVALID -> Optional.of(name + " is invalid: " + String.join("; ", result.invalid()));
        case SAVES, COSTS, UNDECIDED ->
            result.primary().secondsSaved().isPresent()
                ? Optional.empty()
                : Optional.of(name + " has no times: send events with feedback");
      };
    }

    /**
     * The reason of a gate whose value is missing: what to run.
     *
     * @param options of {@code evaluate} that measure it, with a blank before each; may be empty
     */
    private String notMeasured(String options) {
      if (ours().isEmpty() && !candidate.all().isEmpty()) {
        return "not measured at %s; evaluate --operating-point %s --attach".formatted(POINT, POINT);
      }
      return ours().isEmpty()
          ? "not measured: no evaluation is stored; evaluate%s --attach".formatted(options)
          : "not measured; run 'evaluate%s --attach'".formatted(options);
    }
  }

  /**
   * A {@code gates.yaml}: what a version must meet before an alias moves to it. {@code
   * docs/gates.md} describes every key.
   *
   * @param name of the file
   * @param sha256 of its text
   * @param bounds at least one in a file
   */
  record Gates(String name, String sha256, Map<Gate, Double> bounds) {

    static final Gates NONE = new Gates("no file", Sha256.of(""), Map.of());

    /** What may be bounded, in the order in which it is reported. */
    enum Gate {
      /** Time saved under the headline rule. */
      SAVED("minimum", "saved", "%", 0, 100),
      /** How much more than the best baseline saves. */
      ADVANTAGE("minimum", "advantage", " points", 0, 100),
      /** That were measured. */
      CONVERSATIONS("minimum", "conversations", "", 0, 1e9),
      COMPLETE_P95_MS("maximum", "complete_p95_ms", " ms", 0, 1e9),
      /** Of all files. */
      SIZE_MB("maximum", "size_mb", " MB", 0, 1e9),
      /** Points that may be lost to the current version, in 95% of paired resamples. */
      REGRESSION("regression", "saved", "%", 0, 100),
      /** Per conversation, in an experiment. */
      SECONDS_SAVED("experiment", "seconds_saved", " s", -3600, 3600);

      private final String section;
      private final String key;
      private final String unit;
      private final double least;
      private final double most;

      Gate(String section, String key, String unit, double least, double most) {
        this.section = section;
        this.key = key;
        this.unit = unit;
        this.least = least;
        this.most = most;
      }

      /** Its place in the file. */
      String id() {
        return section + "." + key;
      }

      String unit() {
        return unit;
      }

      boolean isMaximum() {
        return section.equals("maximum");
      }

      /** {@code value} with its unit. */
      String text(double value) {
        return GateReport.number(value) + unit;
      }

      private double bound(JsonNode value) {
        if (!value.isNumber()) {
          throw new IllegalArgumentException(
              id() + " must be a number but is " + JsonFields.kind(value));
        }
        double number = value.doubleValue();
        if (!(number >= least && number <= most)) {
          throw new IllegalArgumentException(
              "%s must be between %.0f and %.0f but is %s"
                  .formatted(id(), least, most, value.asString()));
        }
        return number;
      }
    }

    Gates {
      bounds = Collections.unmodifiableMap(new TreeMap<>(bounds)); // in the order of the enum
    }

    /**
     * Reads {@code file}.
     *
     * @throws UserException (wrong usage) naming the file, and the unknown key or the bound
     */
    static Gates read(Path file) {
      String text;
      JsonNode root;
      try {
        text = Files.readString(file);
        root = Json.yaml().readTree(text);
      } catch (IOException e) {
        throw UserException.usage("--gates " + file + ": cannot be read: " + e);
      } catch (JacksonException e) {
        int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
        throw UserException.usage(
            "--gates %s: not YAML: %s (line %d)"
                .formatted(
                    file, e.getOriginalMessage().lines().findFirst().orElse("unreadable"), line));
      }
      try {
        return new Gates(file.getFileName().toString(), Sha256.of(text), bounds(root));
      } catch (IllegalArgumentException e) {
        throw UserException.usage("--gates " + file + ": " + e.getMessage());
      }
    }

    private static Map<Gate, Double> bounds(JsonNode root) {
      requireObject("the file", root);
      List<Gate> all = List.of(Gate.values());
      JsonFields.requireKnown(root, all.stream().map(gate -> gate.section).distinct().toList(), "");
      Map<Gate, Double> bounds = new EnumMap<>(Gate.class);
      root.properties()
          .forEach(
              section -> {
                List<Gate> known =
                    all.stream().filter(gate -> gate.section.equals(section.getKey())).toList();
                requireObject(section.getKey(), section.getValue());
                JsonFields.requireKnown(
                    section.getValue(),
                    known.stream().map(gate -> gate.key).toList(),
                    section.getKey() + ".");
                known.stream()
                    .filter(gate -> section.getValue().has(gate.key))
                    .forEach(
                        gate -> bounds.put(gate, gate.bound(section.getValue().get(gate.key))));
              });
      if (bounds.isEmpty()) {
        throw new IllegalArgumentException("asks nothing; give a minimum, maximum or other gate");
      }
      return bounds;
    }

    private static void requireObject(String what, JsonNode value) {
      if (!value.isObject()) {
        throw new IllegalArgumentException(
            "%s must hold keys such as %s but is %s"
                .formatted(
                    what,
                    Arrays.stream(Gate.values())
                        .filter(gate -> gate.section.equals(what))
                        .map(gate -> gate.key)
                        .findFirst()
                        .orElse("'minimum:'"),
                    JsonFields.kind(value)));
      }
    }
  }
}
