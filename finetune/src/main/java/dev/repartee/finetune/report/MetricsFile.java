package dev.repartee.finetune.report;

import dev.repartee.text.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Reads {@code metrics.jsonl} of a run that may have crashed and gone on. Where a step stands twice
 * the later line counts, and what was written before a {@code resumed} event about later steps is
 * void: those steps were trained again, or not at all.
 */
public final class MetricsFile {

  private static final String OBJECT_START = "{\"";

  private final NavigableMap<Long, StepMetrics> steps = new TreeMap<>();
  private final NavigableMap<Long, ValidationMetrics> validations = new TreeMap<>();
  private final List<RunEvent> events = new ArrayList<>();
  private int unreadable;

  private MetricsFile() {}

  /** Reads what is there; a file that does not exist holds nothing. */
  public static RunMetrics read(Path file) throws IOException {
    MetricsFile metrics = new MetricsFile();
    if (Files.exists(file)) {
      // This reader, unlike Files.lines, also reads a file that was cut within a character.
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          metrics.add(line);
        }
      }
    }
    return new RunMetrics(
        List.copyOf(metrics.steps.values()),
        List.copyOf(metrics.validations.values()),
        metrics.events,
        metrics.unreadable);
  }

  private void add(String line) {
    if (line.isBlank()) {
      return;
    }
    Optional<JsonNode> whole = parse(line);
    if (whole.isPresent()) {
      add(whole.get());
      return;
    }
    unreadable++;
    // After a crash the next line may have been appended to half of the one before.
    int last = line.lastIndexOf(OBJECT_START);
    if (last > 0) {
      parse(line.substring(last)).ifPresent(this::add);
    }
  }

  private static Optional<JsonNode> parse(String line) {
    try {
      return Optional.of(Json.COMPACT.readTree(line)).filter(JsonNode::isObject);
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  private void add(JsonNode line) {
    long step = line.path("step").asLong(0);
    if (line.has("event")) {
      String kind = line.path("event").asString("");
      if (kind.equals(RunEvent.RESUMED)) {
        steps.tailMap(step, false).clear();
        validations.tailMap(step, false).clear();
      }
      events.add(new RunEvent(step, kind, line.path("detail").asString("")));
    } else if (line.has("validation_loss")) {
      validations.put(step, ValidationMetrics.of(line));
    } else if (line.has("loss")) {
      steps.put(step, StepMetrics.of(line));
    }
  }
}
