package dev.repartee.finetune.report;

import dev.repartee.finetune.report.Verdict.Level;
import dev.repartee.text.page.Quantities;
import java.util.List;
import java.util.OptionalDouble;

/** Whether more training would help, and whether there was too much. */
final class LearningVerdicts {

  private static final double GAIN = 0.01;
  private static final double RISE = 0.01;
  private static final int LEAST_STEPS = 20;

  private static final String FALLING = "Is it still falling?";
  private static final String FALLING_RULE =
      "Yes when the last validation is the best and its loss at least 1% below the best before.";
  private static final String FALLING_STEPS_RULE =
      "Without two validations: yes when the mean training loss of the last tenth of the steps is at"
          + " least 1% below that of the tenth before.";
  private static final String OVERFIT = "Does it overfit?";
  private static final String OVERFIT_RULE =
      "Yes when the last validation loss is at least 1% above the best while the smoothed training"
          + " loss fell in between.";

  private final RunFigures figures;
  private final List<ValidationMetrics> validations;

  LearningVerdicts(RunFigures figures) {
    this.figures = figures;
    this.validations =
        figures.metrics().validations().stream()
            .filter(validation -> Double.isFinite(validation.loss()))
            .toList();
  }

  Verdict falling() {
    if (validations.size() < 2) {
      return fallingBySteps();
    }
    ValidationMetrics best = figures.metrics().best().orElseThrow();
    ValidationMetrics last = validations.getLast();
    if (best.step() != last.step()) {
      long since = validations.stream().filter(v -> v.step() > best.step()).count();
      String evidence =
          "Validation loss was lowest at step %s (%s) and %s since did not lower it."
              .formatted(
                  Quantities.count(best.step()),
                  Quantities.decimals(best.loss(), 3),
                  since == 1 ? "the one validation" : since + " validations");
      return new Verdict(Level.GOOD, FALLING, "No, it is past its best", evidence, FALLING_RULE);
    }
    double before =
        validations.stream()
            .limit(validations.size() - 1L)
            .mapToDouble(ValidationMetrics::loss)
            .min()
            .orElseThrow();
    double gain = 1 - last.loss() / before;
    String evidence =
        "The last validation, at step %s, lowered the best loss by %s, from %s to %s."
            .formatted(
                Quantities.count(last.step()),
                Quantities.percent(gain),
                Quantities.decimals(before, 3),
                Quantities.decimals(last.loss(), 3));
    return gain >= GAIN
        ? new Verdict(Level.NOTE, FALLING, "Yes, train longer", evidence, FALLING_RULE)
        : new Verdict(Level.GOOD, FALLING, "Hardly, it levels off", evidence, FALLING_RULE);
  }

  private Verdict fallingBySteps() {
    Series loss = figures.loss();
    if (loss.size() < LEAST_STEPS) {
      return new Verdict(
          Level.UNKNOWN,
          FALLING,
          "Too short to say",
          "Fewer than %d steps and two validations.".formatted(LEAST_STEPS),
          FALLING_STEPS_RULE);
    }
    double before = mean(loss.part(0.8, 0.9));
    double last = mean(loss.part(0.9, 1));
    double gain = 1 - last / before;
    String evidence =
        "The mean training loss of the last tenth of the steps is %s, of the tenth before %s."
            .formatted(Quantities.decimals(last, 3), Quantities.decimals(before, 3));
    return gain >= GAIN
        ? new Verdict(
            Level.NOTE, FALLING, "Yes, by its training loss", evidence, FALLING_STEPS_RULE)
        : new Verdict(Level.GOOD, FALLING, "Hardly", evidence, FALLING_STEPS_RULE);
  }

  private static double mean(Series series) {
    return series.smoothed(Double.MAX_VALUE).last();
  }

  Verdict overfitting() {
    if (validations.size() < 2) {
      return new Verdict(
          Level.UNKNOWN,
          OVERFIT,
          "Cannot be told",
          "It takes two validations; there %s."
              .formatted(validations.isEmpty() ? "was none" : "was one"),
          OVERFIT_RULE);
    }
    ValidationMetrics best = figures.metrics().best().orElseThrow();
    ValidationMetrics last = validations.getLast();
    double rise = last.loss() / best.loss() - 1;
    OptionalDouble trainingAtBest = figures.smoothedLoss().at(best.step());
    OptionalDouble trainingAtLast = figures.smoothedLoss().at(last.step());
    if (rise < RISE || trainingAtBest.isEmpty() || trainingAtLast.isEmpty()) {
      return new Verdict(Level.GOOD, OVERFIT, "No sign of it", gap(best), OVERFIT_RULE);
    }
    double fall = 1 - trainingAtLast.getAsDouble() / trainingAtBest.getAsDouble();
    String since =
        "From step %s to %s the validation loss rose by %s while the training loss %s by %s."
            .formatted(
                Quantities.count(best.step()),
                Quantities.count(last.step()),
                Quantities.percent(rise),
                fall > 0 ? "fell" : "rose",
                Quantities.percent(Math.abs(fall)));
    return fall > 0
        ? new Verdict(
            Level.NOTE,
            OVERFIT,
            "Yes, after step " + Quantities.count(best.step()),
            since + " The checkpoint to use is the best one, marked in the chart.",
            OVERFIT_RULE)
        : new Verdict(Level.NOTE, OVERFIT, "No, but it got worse", since, OVERFIT_RULE);
  }

  private String gap(ValidationMetrics best) {
    String validation =
        "At step %s the validation loss is %s"
            .formatted(Quantities.count(best.step()), Quantities.decimals(best.loss(), 3));
    OptionalDouble training = figures.smoothedLoss().at(best.step());
    return training.isEmpty()
        ? validation + "."
        : "%s, the smoothed training loss %s."
            .formatted(validation, Quantities.decimals(training.getAsDouble(), 3));
  }
}
