package dev.repartee.finetune.models;

import dev.repartee.text.UserException;
import dev.repartee.text.io.Sha256;
import dev.repartee.text.json.JsonFields;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * A {@code gates.yaml}: what a version must meet before an alias moves to it. {@code docs/gates.md}
 * describes every key.
 *
 * @param name of the file
 * @param sha256 of its text
 * @param bounds at least one
 */
record Gates(String name, String sha256, Map<Gate, Double> bounds) {

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
    bounds = Collections.unmodifiableMap(new EnumMap<>(bounds));
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
                  .forEach(gate -> bounds.put(gate, gate.bound(section.getValue().get(gate.key))));
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
