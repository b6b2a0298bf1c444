package dev.repartee.finetune.models;

import dev.repartee.finetune.metric.Rule;
import dev.repartee.finetune.models.Gates.CanaryGate;
import dev.repartee.finetune.models.Gates.Decide;
import dev.repartee.finetune.models.Gates.GoldenGate;
import dev.repartee.finetune.models.Gates.Regression;
import dev.repartee.text.UserException;
import dev.repartee.text.io.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * A {@code gates.yaml}.
 *
 * @param name of the file
 * @param sha256 of its text
 */
record GatesFile(String name, String sha256, Gates gates) {

  private static final List<String> KEYS =
      List.of(
          "rule",
          "minimum",
          "maximum",
          "regression",
          "latency_regression",
          "canary",
          "golden",
          "require_same_data",
          "max_age_days");
  private static final double MOST_RATIO = 100;
  private static final int MOST_BITS = 1024;
  private static final int MOST_DAYS = 36_500;

  /**
   * Reads {@code file}.
   *
   * @throws UserException (wrong usage) naming the file and the key that is unknown, or its bound
   */
  static GatesFile read(Path file) {
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
      Path folder = file.toAbsolutePath().getParent();
      Gates gates = gates(Section.root(root, KEYS), folder);
      return new GatesFile(file.getFileName().toString(), Sha256.of(text), gates);
    } catch (IllegalArgumentException e) {
      throw UserException.usage("--gates " + file + ": " + e.getMessage());
    }
  }

  private static Gates gates(Section root, Path folder) {
    List<String> rules = Rule.ALL.stream().map(Rule::name).toList();
    Gates gates =
        new Gates(
            root.choice("rule", rules, rules.getFirst()),
            bounds(root, "minimum", Metric.goods()),
            bounds(root, "maximum", Metric.costs()),
            root.figures("regression", Metric.shares(), Metric::id, GatesFile::regression),
            root.figures(
                "latency_regression",
                Metric.times(),
                Metric::timeId,
                (section, figure) -> section.number(figure.timeId(), 0, MOST_RATIO)),
            canary(root, folder),
            golden(root, folder),
            root.truth("require_same_data", true),
            root.optionalInteger("max_age_days", 1, MOST_DAYS));
    boolean any =
        gates.compares()
            || !gates.minimum().isEmpty()
            || !gates.maximum().isEmpty()
            || gates.canary().isPresent()
            || gates.golden().isPresent();
    if (!any) {
      throw new IllegalArgumentException("asks nothing; give a minimum, maximum or other gate");
    }
    return gates;
  }

  private static Map<Metric, Double> bounds(Section root, String key, List<Metric> figures) {
    return root.figures(
        key,
        figures,
        Metric::id,
        (section, figure) -> section.number(figure.id(), 0, figure.most()));
  }

  /** {@code saved: 0.5} is short for {@code saved: {allowed: 0.5}}. */
  private static Regression regression(Section section, Metric figure) {
    if (!section.holdsKeys(figure.id())) {
      return new Regression(section.number(figure.id(), 0, figure.most()), Decide.INTERVAL);
    }
    Section keys = section.section(figure.id(), List.of("allowed", "decide")).orElseThrow();
    List<String> ways =
        Arrays.stream(Decide.values()).map(way -> way.name().toLowerCase(Locale.ROOT)).toList();
    return new Regression(
        keys.number("allowed", 0, figure.most()),
        Decide.valueOf(keys.choice("decide", ways, ways.getFirst()).toUpperCase(Locale.ROOT)));
  }

  private static Optional<CanaryGate> canary(Section root, Path folder) {
    Optional<Section> canary =
        root.section("canary", List.of("max_leaked", "max_exposure", "file"));
    return canary.map(
        section -> {
          CanaryGate gate =
              new CanaryGate(
                  section.optionalInteger("max_leaked", 0, Integer.MAX_VALUE),
                  section.optionalNumber("max_exposure", 0, MOST_BITS),
                  section.text("file").map(folder::resolve));
          if (gate.maxLeaked().isEmpty() && gate.maxExposure().isEmpty()) {
            throw new IllegalArgumentException("canary must hold max_leaked or max_exposure");
          }
          return gate;
        });
  }

  private static Optional<GoldenGate> golden(Section root, Path folder) {
    return root.section("golden", List.of("min_pass", "file"))
        .map(
            section ->
                new GoldenGate(
                    section.number("min_pass", 0, 1), section.text("file").map(folder::resolve)));
  }
}
