package dev.repartee.finetune.report;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.repartee.text.json.Json;
import dev.repartee.text.page.Quantities;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.DoubleStream;
import tools.jackson.databind.JsonNode;

/**
 * The metrics of a run, read from {@code metrics.jsonl}. A resumed run cuts off what was written
 * after its checkpoint, so the file has each step once.
 *
 * @param steps in order
 * @param validations in order
 * @param resumes steps after which the run was interrupted and went on, ascending
 */
public record RunMetrics(
    List<StepMetrics> steps, List<ValidationMetrics> validations, List<Long> resumes) {

  /** The event of a run that went on from the state after a step. */
  public static final String RESUMED = "resumed";

  public RunMetrics {
    steps = List.copyOf(steps);
    validations = List.copyOf(validations);
    resumes = List.copyOf(resumes);
  }

  /**
   * An optimizer step, and its line of the file.
   *
   * @param step number, from 1
   * @param epoch pass over the data, from 1
   * @param loss mean of the scored tokens, nats
   * @param learningRate used in this step
   * @param gradientNorm before clipping
   * @param scoredTokens that the loss is the mean of
   * @param tokens trained, context included and padding not
   * @param tokensPerSecond of this step
   * @param residentBytes memory of the process after this step, where the system says it
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
      @JsonInclude(JsonInclude.Include.NON_ABSENT) OptionalLong residentBytes,
      double seconds) {}

  /**
   * A validation.
   *
   * @param step after which it was taken; 0 before training
   * @param loss mean of the scored tokens, nats
   * @param perplexity e to the loss
   * @param seconds since the start
   */
  public record ValidationMetrics(
      long step,
      @JsonAlias("validation_loss") double loss,
      @JsonAlias("validation_perplexity") double perplexity,
      double seconds) {}

  /** Reads {@code file}; a missing one holds nothing. */
  public static RunMetrics read(Path file) throws IOException {
    List<StepMetrics> steps = new ArrayList<>();
    List<ValidationMetrics> validations = new ArrayList<>();
    SortedSet<Long> resumes = new TreeSet<>();
    for (String text : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
      JsonNode line = Json.COMPACT.readTree(text);
      if (line.has("event")) {
        if (line.path("event").asString("").equals(RESUMED)) {
          resumes.add(line.path("step").asLong(0));
        }
      } else if (line.has("validation_loss")) {
        validations.add(Json.COMPACT.treeToValue(line, ValidationMetrics.class));
      } else {
        steps.add(Json.COMPACT.treeToValue(line, StepMetrics.class));
      }
    }
    return new RunMetrics(steps, validations, List.copyOf(resumes));
  }

  /** The validation with the lowest loss, the first of equals. */
  public Optional<ValidationMetrics> best() {
    return validations.stream()
        .filter(validation -> Double.isFinite(validation.loss()))
        .min(Comparator.comparingDouble(ValidationMetrics::loss));
  }

  /** Seconds spent on the run, those before an interruption included. */
  public double seconds() {
    return DoubleStream.concat(
            steps.stream().mapToDouble(StepMetrics::seconds),
            validations.stream().mapToDouble(ValidationMetrics::seconds))
        .filter(Double::isFinite)
        .max()
        .orElse(0);
  }

  /**
   * The text beside the progress bar, such as {@code loss 3.214 · 1,426 tok/s · ETA 4 min 10 s ·
   * 2.1 GiB}. Loss and speed are means over the last steps, and so is the time left: a run that
   * became slower says so within {@value #WINDOW} steps. What passes between steps (validation,
   * checkpoints) does not count.
   */
  public static final class ProgressText {

    private static final int WINDOW = 50;
    private final long allSteps;
    private final Deque<StepMetrics> recent = new ArrayDeque<>();

    /**
     * @param allSteps steps of the whole run
     */
    public ProgressText(long allSteps) {
      this.allSteps = allSteps;
    }

    /** Adds a step and returns the text. */
    public String after(StepMetrics step) {
      recent.addLast(step);
      if (recent.size() > WINDOW) {
        recent.removeFirst();
      }
      StringBuilder text = new StringBuilder("loss ").append(Quantities.decimals(meanLoss(), 3));
      double seconds = recent.stream().mapToDouble(ProgressText::seconds).sum();
      if (seconds > 0) {
        long recentTokens = recent.stream().mapToLong(StepMetrics::tokens).sum();
        text.append(" · ").append(Quantities.rounded(recentTokens / seconds)).append(" tok/s");
        double left = Math.max(0, allSteps - step.step()) * seconds / recent.size();
        text.append(" · ETA ").append(Quantities.duration(ofSeconds(left)));
      }
      step.residentBytes().ifPresent(memory -> text.append(" · ").append(Quantities.bytes(memory)));
      return text.toString();
    }

    /** Those of the step alone. */
    private static double seconds(StepMetrics step) {
      return step.tokens() / step.tokensPerSecond();
    }

    /** Weighted by scored tokens like the validation loss, so that both can be compared. */
    private double meanLoss() {
      double weights = recent.stream().mapToDouble(StepMetrics::scoredTokens).sum();
      double sum = recent.stream().mapToDouble(step -> step.loss() * step.scoredTokens()).sum();
      return weights == 0 ? Double.NaN : sum / weights;
    }

    private static Duration ofSeconds(double seconds) {
      return Duration.ofMillis(Math.round(seconds * 1000));
    }
  }
}
