package dev.repartee.finetune.report;

import static dev.repartee.text.page.Quantities.count;
import static dev.repartee.text.page.Quantities.decimals;
import static dev.repartee.text.page.Quantities.percent;
import static dev.repartee.text.page.Quantities.plain;
import static dev.repartee.text.page.Quantities.rounded;
import static dev.repartee.text.page.Quantities.significant;

import dev.repartee.finetune.report.RunCurves.Curve;
import dev.repartee.finetune.report.RunMetrics.ValidationMetrics;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Answers to the first questions about a run: whether more training would help, whether it
 * overfits, whether it was stable, and how fast it was.
 */
final class RunVerdicts {

  /**
   * A question with its answer.
   *
   * @param question such as {@code Does it overfit?}
   * @param answer a few words
   * @param evidence the numbers behind the answer
   * @param rule how the answer was decided
   */
  record Verdict(Level level, String question, String answer, String evidence, String rule) {}

  /** How good an answer is. */
  enum Level {
    GOOD,
    NOTE,
    BAD,
    UNKNOWN
  }

  private static final int LEAST_STEPS = 20;

  private final RunCurves curves;
  private final double gradientClip;
  private final List<ValidationMetrics> validations;

  /**
   * @param gradientClip the norm at which gradients are clipped
   */
  RunVerdicts(RunCurves curves, double gradientClip) {
    this.curves = curves;
    this.gradientClip = gradientClip;
    this.validations =
        curves.metrics().validations().stream()
            .filter(validation -> Double.isFinite(validation.loss()))
            .toList();
  }

  List<Verdict> all() {
    return List.of(falling(), overfitting(), stable(), fast());
  }

  private static final double GAIN = 0.01;
  private static final String FALLING_RULE =
      "Yes when the last validation is the best and its loss at least 1% below the best before.";
  private static final String FALLING_STEPS_RULE =
      "Without two validations: yes when the mean training loss of the last tenth of the steps is"
          + " at least 1% below that of the tenth before.";

  Verdict falling() {
    if (validations.size() < 2) {
      return fallingBySteps();
    }
    ValidationMetrics best = curves.metrics().best().orElseThrow();
    ValidationMetrics last = validations.getLast();
    if (best.step() != last.step()) {
      long since = validations.stream().filter(v -> v.step() > best.step()).count();
      String evidence =
          "Validation loss was lowest at step %s (%s) and %s since did not lower it."
              .formatted(
                  count(best.step()),
                  decimals(best.loss(), 3),
                  since == 1 ? "the one validation" : since + " validations");
      return falling(Level.GOOD, "No, it is past its best", evidence, FALLING_RULE);
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
                count(last.step()), percent(gain), decimals(before, 3), decimals(last.loss(), 3));
    return gain >= GAIN
        ? falling(Level.NOTE, "Yes, train longer", evidence, FALLING_RULE)
        : falling(Level.GOOD, "Hardly, it levels off", evidence, FALLING_RULE);
  }

  private Verdict fallingBySteps() {
    Curve loss = curves.loss();
    if (loss.size() < LEAST_STEPS) {
      String evidence = "Fewer than %d steps and two validations.".formatted(LEAST_STEPS);
      return falling(Level.UNKNOWN, "Too short to say", evidence, FALLING_STEPS_RULE);
    }
    double before = loss.part(0.8, 0.9).mean().orElseThrow();
    double last = loss.part(0.9, 1).mean().orElseThrow();
    double gain = 1 - last / before;
    String evidence =
        "The mean training loss of the last tenth of the steps is %s, of the tenth before %s."
            .formatted(decimals(last, 3), decimals(before, 3));
    return gain >= GAIN
        ? falling(Level.NOTE, "Yes, by its training loss", evidence, FALLING_STEPS_RULE)
        : falling(Level.GOOD, "Hardly", evidence, FALLING_STEPS_RULE);
  }

  private static Verdict falling(Level level, String answer, String evidence, String rule) {
    return new Verdict(level, "Is it still falling?", answer, evidence, rule);
  }

  private static final double RISE = 0.01;
  private static final String OVERFIT_RULE =
      "Yes when the last validation loss is at least 1% above the best while the smoothed training"
          + " loss fell in between.";

  Verdict overfitting() {
    if (validations.size() < 2) {
      return overfitting(
          Level.UNKNOWN,
          "Cannot be told",
          "It takes two validations; there %s."
              .formatted(validations.isEmpty() ? "was none" : "was one"));
    }
    ValidationMetrics best = curves.metrics().best().orElseThrow();
    ValidationMetrics last = validations.getLast();
    double rise = last.loss() / best.loss() - 1;
    OptionalDouble trainingAtBest = curves.smoothedLoss().at(best.step());
    OptionalDouble trainingAtLast = curves.smoothedLoss().at(last.step());
    if (rise < RISE || trainingAtBest.isEmpty() || trainingAtLast.isEmpty()) {
      return overfitting(Level.GOOD, "No sign of it", gap(best, trainingAtBest));
    }
    double fall = 1 - trainingAtLast.getAsDouble() / trainingAtBest.getAsDouble();
    String since =
        "From step %s to %s the validation loss rose by %s while the training loss %s by %s."
            .formatted(
                count(best.step()),
                count(last.step()),
                percent(rise),
                fall > 0 ? "fell" : "rose",
                percent(Math.abs(fall)));
    return fall > 0
        ? overfitting(
            Level.NOTE,
            "Yes, after step " + count(best.step()),
            since + " The checkpoint to use is the best one, marked in the chart.")
        : overfitting(Level.NOTE, "No, but it got worse", since);
  }

  private static String gap(ValidationMetrics best, OptionalDouble training) {
    String validation =
        "At step %s the validation loss is %s"
            .formatted(count(best.step()), decimals(best.loss(), 3));
    return training.isEmpty()
        ? validation + "."
        : "%s, the smoothed training loss %s."
            .formatted(validation, decimals(training.getAsDouble(), 3));
  }

  private static Verdict overfitting(Level level, String answer, String evidence) {
    return new Verdict(level, "Does it overfit?", answer, evidence, OVERFIT_RULE);
  }

  private static final double SPIKE = 2;
  private static final double MANY_SPIKES = 0.01;
  private static final double MOSTLY_CLIPPED = 0.5;
  private static final String STABLE_RULE =
      "No when a loss is not a finite number, or more than 1% of the steps are spikes: a loss above"
          + " twice the mean of the steps before it. Mostly with fewer spikes, or when gradients"
          + " are clipped in more than half of the steps.";

  Verdict stable() {
    if (curves.metrics().firstBrokenStep().isPresent()) {
      return stable(
          Level.BAD,
          "No, it diverged at step " + count(curves.metrics().firstBrokenStep().getAsLong()),
          "From there the loss is not a finite number. Lower the learning rate or lengthen the"
              + " warm-up.");
    }
    Curve loss = curves.loss();
    if (loss.isEmpty()) {
      return stable(Level.UNKNOWN, "No step was trained", "");
    }
    int spikes = 0;
    int worst = 0;
    for (int i = 1; i < loss.size(); i++) {
      if (loss.value(i) > SPIKE * curves.trailingLoss().value(i - 1)) {
        worst = spikes == 0 || loss.value(i) > loss.value(worst) ? i : worst;
        spikes++;
      }
    }
    if (spikes == 0 && clippedShare() > MOSTLY_CLIPPED) {
      return stable(
          Level.NOTE,
          "Mostly, but gradients are clipped in " + percent(clippedShare()) + " of the steps",
          "No spike of the loss. "
              + clipped()
              + " The learning rate is then not what was set: try a lower one, a longer warm-up, or"
              + " a higher --clip.");
    }
    if (spikes == 0) {
      return stable(Level.GOOD, "Yes", "No spike of the loss. " + clipped());
    }
    String evidence =
        "%s, the highest at step %s with a loss of %s. %s"
            .formatted(
                spikes == 1 ? "One spike" : count(spikes) + " spikes",
                count(loss.step(worst)),
                decimals(loss.value(worst), 2),
                clipped());
    return spikes > MANY_SPIKES * loss.size()
        ? stable(Level.BAD, "No, the loss spikes", evidence)
        : stable(Level.NOTE, "Mostly", evidence);
  }

  private String clipped() {
    Curve norm = curves.gradientNorm();
    if (norm.isEmpty()) {
      return "";
    }
    String median = "Median gradient norm " + significant(norm.median().orElseThrow());
    return "%s; clipped at %s in %s of the steps."
        .formatted(median, plain(gradientClip), percent(clippedShare()));
  }

  /** Share of the steps whose gradients were clipped. */
  private double clippedShare() {
    Curve norm = curves.gradientNorm();
    if (norm.isEmpty()) {
      return 0;
    }
    int clipped = 0;
    for (int i = 0; i < norm.size(); i++) {
      clipped += norm.value(i) > gradientClip ? 1 : 0;
    }
    return (double) clipped / norm.size();
  }

  private static Verdict stable(Level level, String answer, String evidence) {
    return new Verdict(level, "Is it stable?", answer, evidence, STABLE_RULE);
  }

  private static final double SLOWER = 0.1;
  private static final double GROWTH = 0.05;
  private static final String FAST_RULE =
      "Median of all steps. Slowing when the last quarter's median is 10% below the first"
          + " quarter's; memory grows when the last quarter's median is 5% above the second's.";

  Verdict fast() {
    String question = "How fast is it?";
    Curve speed = curves.speed();
    if (speed.isEmpty()) {
      return new Verdict(Level.UNKNOWN, question, "Not measured", "", FAST_RULE);
    }
    StringBuilder evidence = new StringBuilder();
    curves
        .mfu()
        .median()
        .ifPresent(mfu -> evidence.append(percent(mfu)).append(" of the peak (MFU). "));
    double slower = -change(speed, 0, 0.25);
    double growth = change(curves.memory(), 0.25, 0.5);
    evidence.append(
        slower >= SLOWER
            ? "It slowed by %s from the first to the last quarter. ".formatted(percent(slower))
            : "The speed did not fall. ");
    if (growth >= GROWTH) {
      evidence.append(
          "Memory grew by %s from the second to the last quarter.".formatted(percent(growth)));
    }
    return new Verdict(
        slower >= SLOWER || growth >= GROWTH ? Level.NOTE : Level.GOOD,
        question,
        rounded(speed.median().orElseThrow()) + " tokens/s",
        evidence.toString().strip(),
        FAST_RULE);
  }

  /** The relative change of the median from an earlier part to the last quarter. */
  private static double change(Curve curve, double from, double to) {
    if (curve.size() < LEAST_STEPS) {
      return 0;
    }
    double earlier = curve.part(from, to).median().orElseThrow();
    return curve.part(0.75, 1).median().orElseThrow() / earlier - 1;
  }
}
