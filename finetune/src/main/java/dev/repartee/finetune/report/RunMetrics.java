package dev.repartee.finetune.report;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What {@code metrics.jsonl} says of a run, each step once.
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
        .reduce((earlier, later) -> later)
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
