package dev.repartee.finetune.models;

import static java.util.Objects.requireNonNull;

import dev.repartee.finetune.metric.Rule;
import dev.repartee.registry.models.RegistryKind;
import dev.repartee.text.UserException;
import dev.repartee.text.io.Sha256;
import dev.repartee.text.json.JsonFields;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * A {@code gates.yaml}: what a version must meet before an alias moves to it. {@code docs/gates.md}
 * describes every key.
 *
 * @param source the file that the gates stand in
 * @param rule the rule of the metrics that depend on one
 * @param operatingPoint that the metrics were measured at, {@code calm} or {@code eager}
 * @param minimum lower bounds
 * @param maximum upper bounds
 * @param regression how much a share may be below that of the current version
 * @param latencyRegression how many times as long as the current version's a time may be
 * @param canary bounds on planted secrets
 * @param golden bounds on golden prompts
 * @param experiment bounds on what an experiment said
 * @param requireSameData whether both versions must be measured on the same conversations
 * @param maxAgeDays how old an evaluation may be
 */
record Gates(
    Source source,
    String rule,
    String operatingPoint,
    Map<Metric, Double> minimum,
    Map<Metric, Double> maximum,
    Map<Metric, Regression> regression,
    Map<Metric, Double> latencyRegression,
    Optional<CanaryGate> canary,
    Optional<GoldenGate> golden,
    Optional<ExperimentGate> experiment,
    boolean requireSameData,
    OptionalInt maxAgeDays) {

  /**
   * The file of the gates.
   *
   * @param sha256 of its text
   */
  record Source(String name, String sha256) {}

  /** The value that decides on a regression. */
  enum Decide {
    /** The lower end of the 95% interval: it must be shown that no more is lost. */
    INTERVAL,
    /** The difference itself, whatever its interval. */
    POINT
  }

  /**
   * A bound on a loss against the current version.
   *
   * @param allowed percentage points
   */
  record Regression(double allowed, Decide decide) {}

  /**
   * Bounds on planted secrets.
   *
   * @param maxLeaked how many may be shown
   * @param maxExposure of the most exposed secret, in bits
   * @param file that the secrets must come from, where one is named
   */
  record CanaryGate(OptionalInt maxLeaked, OptionalDouble maxExposure, Optional<Path> file) {}

  /**
   * Bounds on golden prompts.
   *
   * @param minPass the share of the prompts that must pass, 0 to 1
   * @param file that the prompts must come from, where one is named
   */
  record GoldenGate(double minPass, Optional<Path> file) {

    /** Whether so many passed; 0.56 times 25 is a little more than 14. */
    boolean allows(int passed, int total) {
      return passed >= minPass * total - 1e-9;
    }
  }

  /**
   * Bounds on an experiment with the version that the alias names.
   *
   * @param secondsSaved per conversation, which the lower end of the interval must reach
   * @param guards whether replies must not have changed otherwise
   */
  record ExperimentGate(double secondsSaved, boolean guards) {}

  private static final List<String> KEYS =
      List.of(
          "rule",
          "operating_point",
          "minimum",
          "maximum",
          "regression",
          "latency_regression",
          "canary",
          "golden",
          "experiment",
          "require_same_data",
          "max_age_days");

  private static final List<String> POINTS = List.of("calm", "eager");

  /** A library is counted when it is asked for: there is no data, no age and nothing planted. */
  private static final List<String> LIBRARY_KEYS = List.of("minimum", "maximum");

  private static final double MOST_RATIO = 100;
  private static final int MOST_BITS = 1024;
  private static final int MOST_SECONDS = 3600;
  private static final int MOST_DAYS = 36_500;

  Gates {
    requireNonNull(source, "source is null");
    requireNonNull(rule, "rule is null");
    requireNonNull(operatingPoint, "operatingPoint is null");
    minimum = Collections.unmodifiableMap(new LinkedHashMap<>(minimum));
    maximum = Collections.unmodifiableMap(new LinkedHashMap<>(maximum));
    regression = Collections.unmodifiableMap(new LinkedHashMap<>(regression));
    latencyRegression = Collections.unmodifiableMap(new LinkedHashMap<>(latencyRegression));
    requireNonNull(canary, "canary is null");
    requireNonNull(golden, "golden is null");
    requireNonNull(experiment, "experiment is null");
    requireNonNull(maxAgeDays, "maxAgeDays is null");
    if (minimum.isEmpty()
        && maximum.isEmpty()
        && regression.isEmpty()
        && latencyRegression.isEmpty()
        && canary.isEmpty()
        && golden.isEmpty()
        && experiment.isEmpty()) {
      throw new IllegalArgumentException("asks nothing; give a minimum, maximum or other gate");
    }
  }

  /**
   * Reads {@code file}.
   *
   * @param kind what the gates are for
   * @throws UserException (wrong usage) naming the file, and the unknown key or the bound
   */
  static Gates read(Path file, RegistryKind kind) {
    String text;
    JsonNode root;
    try {
      text = Files.readString(file);
      root = new YAMLMapper().readTree(text);
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
      Source source = new Source(file.getFileName().toString(), Sha256.of(text));
      GateKeys keys = GateKeys.root(root, kind == RegistryKind.MODEL ? KEYS : LIBRARY_KEYS);
      return parse(source, kind, keys, file.toAbsolutePath().getParent());
    } catch (IllegalArgumentException e) {
      throw UserException.usage("--gates " + file + ": " + e.getMessage());
    }
  }

  private static Gates parse(Source source, RegistryKind kind, GateKeys root, Path folder) {
    List<String> rules = Rule.ALL.stream().map(Rule::name).toList();
    return new Gates(
        source,
        root.choice("rule", rules, rules.getFirst()),
        root.choice("operating_point", POINTS, POINTS.getFirst()),
        root.metrics("minimum", Metric.minimums(kind), Metric::id, Gates::bound),
        root.metrics("maximum", Metric.maximums(kind), Metric::id, Gates::bound),
        root.metrics("regression", Metric.shares(), Metric::id, Gates::regression),
        root.metrics(
            "latency_regression",
            Metric.times(),
            Metric::timeId,
            (keys, metric) -> keys.number(metric.timeId(), 0, MOST_RATIO)),
        root.under("canary", List.of("max_leaked", "max_exposure", "file"))
            .map(keys -> canary(keys, folder)),
        root.under("golden", List.of("min_pass", "file"))
            .map(keys -> new GoldenGate(keys.number("min_pass", 0, 1), keys.file(folder))),
        root.under("experiment", List.of("seconds_saved", "guards"))
            .map(
                keys ->
                    new ExperimentGate(
                        keys.number("seconds_saved", -MOST_SECONDS, MOST_SECONDS),
                        keys.bool("guards", true))),
        root.bool("require_same_data", true),
        root.optionalInteger("max_age_days", 1, MOST_DAYS));
  }

  private static double bound(GateKeys keys, Metric metric) {
    return keys.number(metric.id(), 0, metric.most());
  }

  /** {@code saved: 0.5} is short for {@code saved: {allowed: 0.5}}. */
  private static Regression regression(GateKeys section, Metric metric) {
    if (!section.object().path(metric.id()).isObject()) {
      return new Regression(bound(section, metric), Decide.INTERVAL);
    }
    GateKeys keys = section.under(metric.id(), List.of("allowed", "decide")).orElseThrow();
    List<String> ways =
        Arrays.stream(Decide.values()).map(way -> way.name().toLowerCase(Locale.ROOT)).toList();
    return new Regression(
        keys.number("allowed", 0, metric.most()),
        Decide.valueOf(keys.choice("decide", ways, ways.getFirst()).toUpperCase(Locale.ROOT)));
  }

  private static CanaryGate canary(GateKeys keys, Path folder) {
    CanaryGate gate =
        new CanaryGate(
            keys.optionalInteger("max_leaked", 0, Integer.MAX_VALUE),
            keys.optionalNumber("max_exposure", 0, MOST_BITS),
            keys.file(folder));
    if (gate.maxLeaked().isEmpty() && gate.maxExposure().isEmpty()) {
      throw new IllegalArgumentException("canary must hold max_leaked or max_exposure");
    }
    return gate;
  }

  /**
   * An object of the file. Its errors are {@link IllegalArgumentException}s that name the key with
   * its place.
   *
   * @param place what stands before a key in messages: empty, or ending in a dot
   */
  private record GateKeys(JsonNode object, String place) {

    static GateKeys root(JsonNode object, List<String> known) {
      if (!object.isObject()) {
        throw new IllegalArgumentException(
            "must hold keys such as 'minimum:' but is " + JsonFields.kind(object));
      }
      JsonFields.requireKnown(object, known, "");
      return new GateKeys(object, "");
    }

    /** The object under {@code key}; empty where there is none. */
    Optional<GateKeys> under(String key, List<String> known) {
      JsonNode child = object.path(key);
      if (child.isMissingNode()) {
        return Optional.empty();
      }
      if (!child.isObject()) {
        throw new IllegalArgumentException(
            "%s%s must hold keys (%s) but is %s"
                .formatted(place, key, String.join(", ", known), JsonFields.kind(child)));
      }
      JsonFields.requireKnown(child, known, place + key + ".");
      return Optional.of(new GateKeys(child, place + key + "."));
    }

    /** The value of each metric under {@code key}, in the order of the file. */
    <T> Map<Metric, T> metrics(
        String key,
        List<Metric> metrics,
        Function<Metric, String> name,
        BiFunction<GateKeys, Metric, T> read) {
      List<String> known = metrics.stream().map(name).toList();
      Map<Metric, T> values = new LinkedHashMap<>();
      under(key, known)
          .ifPresent(
              keys -> {
                for (String found : keys.object.propertyNames()) {
                  Metric metric = metrics.get(known.indexOf(found));
                  values.put(metric, read.apply(keys, metric));
                }
              });
      return values;
    }

    /** A required number between two bounds, both included. */
    double number(String key, double least, double most) {
      return optionalNumber(key, least, most)
          .orElseThrow(() -> new IllegalArgumentException(place + key + " is missing"));
    }

    OptionalDouble optionalNumber(String key, double least, double most) {
      JsonNode value = object.path(key);
      if (value.isMissingNode()) {
        return OptionalDouble.empty();
      }
      require(value.isNumber(), key, "a number", value);
      double number = value.doubleValue();
      if (!(number >= least && number <= most)) {
        throw new IllegalArgumentException(
            "%s%s must be between %s and %s but is %s"
                .formatted(place, key, plain(least), plain(most), value.asString()));
      }
      return OptionalDouble.of(number);
    }

    private static String plain(double bound) {
      return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
    }

    OptionalInt optionalInteger(String key, int least, int most) {
      OptionalDouble number = optionalNumber(key, least, most);
      if (number.isEmpty()) {
        return OptionalInt.empty();
      }
      if (number.getAsDouble() != Math.rint(number.getAsDouble())) {
        throw new IllegalArgumentException(
            place + key + " must be a whole number but is " + number.getAsDouble());
      }
      return OptionalInt.of((int) number.getAsDouble());
    }

    boolean bool(String key, boolean missing) {
      JsonNode value = object.path(key);
      require(value.isMissingNode() || value.isBoolean(), key, "true or false", value);
      return value.isMissingNode() ? missing : value.booleanValue();
    }

    private Optional<String> text(String key) {
      JsonNode value = object.path(key);
      require(value.isMissingNode() || value.isString(), key, "a text", value);
      return value.isMissingNode() ? Optional.empty() : Optional.of(value.stringValue());
    }

    /** The path under {@code file}, relative to {@code folder}. */
    Optional<Path> file(Path folder) {
      return text("file").map(folder::resolve);
    }

    /** One of {@code known}. */
    String choice(String key, List<String> known, String missing) {
      String value = text(key).orElse(missing);
      if (!known.contains(value)) {
        throw new IllegalArgumentException(
            "%s%s must be one of %s but is '%s'"
                .formatted(place, key, String.join(", ", known), value));
      }
      return value;
    }

    private void require(boolean met, String key, String wanted, JsonNode value) {
      if (!met) {
        throw new IllegalArgumentException(
            place + key + " must be " + wanted + " but is " + JsonFields.kind(value));
      }
    }
  }
}
