package dev.repartee.finetune.report;

import static java.util.Objects.requireNonNull;

import dev.repartee.text.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The metrics of a run, read from {@code metrics.jsonl}; each step stands there once.
 *
 * @param steps in order
 * @param validations in order
 * @param events in the order in which they happened, void ones included
 * @param unreadableLines that were left out, such as one that a crash cut
 */
public record RunMetrics(
    List<StepMetrics> steps,
    List<ValidationMetrics> validations,
    List<RunEvent> events,
    int unreadableLines) {

  public RunMetrics {
    steps = List.copyOf(steps);
    validations = List.copyOf(validations);
    events = List.copyOf(events);
  }

  /**
   * An optimizer step. Measurements that its line lacks are NaN, counts 0.
   *
   * @param step number, from 1
   * @param epoch pass over the data, from 1
   * @param loss mean of the scored tokens, nats
   * @param learningRate used in this step
   * @param gradientNorm before clipping
   * @param scoredTokens that the loss is the mean of
   * @param tokens trained, context included and padding not
   * @param tokensPerSecond of this step
   * @param mfu share of the matrix multiplication peak, 0 to 1
   * @param residentBytes memory of the process after this step
   * @param seconds since the start
   */
  public record StepMetrics(
      long step,
      long epoch,
      double loss,
      double learningRate,
      double gradientNorm,
      long scoredTokens,
      long tokens,
      double tokensPerSecond,
      double mfu,
      double residentBytes,
      double seconds) {

    private static StepMetrics of(JsonNode line) {
      return new StepMetrics(
          line.path("step").asLong(0),
          line.path("epoch").asLong(0),
          number(line, "loss"),
          number(line, "learning_rate"),
          number(line, "gradient_norm"),
          line.path("scored_tokens").asLong(0),
          line.path("tokens").asLong(0),
          number(line, "tokens_per_second"),
          number(line, "mfu"),
          number(line, "resident_bytes"),
          number(line, "seconds"));
    }
  }

  /**
   * A validation.
   *
   * @param step after which it was taken; 0 before training
   * @param loss mean of the scored tokens, nats
   * @param perplexity e to the loss
   * @param seconds since the start, NaN where not known
   */
  public record ValidationMetrics(long step, double loss, double perplexity, double seconds) {

    private static ValidationMetrics of(JsonNode line) {
      double loss = number(line, "validation_loss");
      double perplexity = number(line, "validation_perplexity");
      return new ValidationMetrics(
          line.path("step").asLong(0),
          loss,
          Double.isNaN(perplexity) ? Math.exp(loss) : perplexity,
          number(line, "seconds"));
    }
  }

  /**
   * An event of a run.
   *
   * @param step after which it happened
   * @param kind {@code resumed}, {@code checkpoint}, {@code stopped} or an unknown one
   * @param detail for people; may be empty
   */
  public record RunEvent(long step, String kind, String detail) {

    /** The run went on from the state after {@code step}. */
    public static final String RESUMED = "resumed";

    /** The run ended. */
    public static final String STOPPED = "stopped";

    public RunEvent {
      requireNonNull(kind, "kind is null");
      requireNonNull(detail, "detail is null");
    }
  }

  /** A number, or one of the texts {@code "NaN"} and {@code "Infinity"}, which JSON lacks. */
  private static double number(JsonNode line, String field) {
    JsonNode value = line.path(field);
    if (value.isNumber()) {
      return value.doubleValue();
    }
    return switch (value.asString("")) {
      case "Infinity" -> Double.POSITIVE_INFINITY;
      case "-Infinity" -> Double.NEGATIVE_INFINITY;
      default -> Double.NaN;
    };
  }

  /**
   * Reads the file of a run that may have crashed and been resumed. If a step stands there twice,
   * the later line counts. A {@code resumed} event voids all earlier lines about later steps, since
   * these steps are trained again. A missing file holds nothing.
   */
  public static RunMetrics read(Path file) throws IOException {
    Reader reader = new Reader();
    if (Files.exists(file)) {
      // Unlike Files.lines, this reader accepts a file that was cut within a character.
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          reader.add(line);
        }
      }
    }
    return new RunMetrics(
        List.copyOf(reader.steps.values()),
        List.copyOf(reader.validations.values()),
        reader.events,
        reader.unreadable);
  }

  private static final class Reader {

    private static final String OBJECT_START = "{\"";

    private final NavigableMap<Long, StepMetrics> steps = new TreeMap<>();
    private final NavigableMap<Long, ValidationMetrics> validations = new TreeMap<>();
    private final List<RunEvent> events = new ArrayList<>();
    private int unreadable;

    void add(String line) {
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

  /** The validation with the lowest loss, the first of equals. */
  public Optional<ValidationMetrics> best() {
    return validations.stream()
        .filter(validation -> Double.isFinite(validation.loss()))
        .min(Comparator.comparingDouble(ValidationMetrics::loss));
  }

  /** The last step that was trained, where any was. */
  public OptionalLong lastStep() {
    return steps.isEmpty() ? OptionalLong.empty() : OptionalLong.of(steps.getLast().step());
  }

  /** The first step whose loss is not a finite number. */
  public OptionalLong firstBrokenStep() {
    return steps.stream()
        .filter(step -> !Double.isFinite(step.loss()))
        .mapToLong(StepMetrics::step)
        .findFirst();
  }

  /** The steps after which the run was interrupted and went on. */
  public List<Long> resumes() {
    return events.stream()
        .filter(event -> event.kind().equals(RunEvent.RESUMED))
        .map(RunEvent::step)
        .distinct()
        .sorted()
        .toList();
  }

  /** Why the run ended, where that was written. */
  public Optional<String> stopped() {
    return events.stream()
        .reduce((_, later) -> later)
        .filter(event -> event.kind().equals(RunEvent.STOPPED))
        .map(RunEvent::detail);
  }

  /**
   * Seconds spent on the steps and validations that count. Works both when {@code seconds} goes on
   * after an interruption and when it starts anew.
   */
  public double seconds() {
    double sum = 0;
    double before = 0;
    int next = 0;
    for (StepMetrics step : steps) {
      while (next < validations.size() && validations.get(next).step() < step.step()) {
        before = later(before, validations.get(next++).seconds());
      }
      if (Double.isFinite(step.seconds())) {
        if (step.seconds() < before) {
          sum += before;
        }
        before = step.seconds();
      }
    }
    for (ValidationMetrics validation : validations.subList(next, validations.size())) {
      before = later(before, validation.seconds());
    }
    return sum + before;
  }

  private static double later(double before, double seconds) {
    return Double.isFinite(seconds) ? Math.max(before, seconds) : before;
  }
}
