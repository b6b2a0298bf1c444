package dev.repartee.finetune.report;

import dev.repartee.finetune.report.Verdict.Level;
import dev.repartee.text.page.Quantities;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Whether the run was stable, and how fast. */
final class HealthVerdicts {

  private static final double SPIKE = 2;
  private static final double MANY_SPIKES = 0.01;
  private static final double SLOWER = 0.1;
  private static final double GROWTH = 0.05;
  private static final int LEAST_STEPS = 20;

  private static final String STABLE = "Is it stable?";
  private static final String STABLE_RULE =
      "No when a loss is not a finite number, or more than 1% of the steps are spikes: a loss above"
          + " twice the mean of the steps before it.";
  private static final String FAST = "How fast is it?";
  private static final String FAST_RULE =
      "Median of all steps. Slowing when the last quarter's median is 10% below the first quarter's;"
          + " memory grows when the last quarter's median is 5% above the second's.";

  private record Spikes(int count, long worstStep, double worstLoss) {}

  private final RunFigures figures;
  private final OptionalDouble gradientClip;

  HealthVerdicts(RunFigures figures, OptionalDouble gradientClip) {
    this.figures = figures;
    this.gradientClip = gradientClip;
  }

  Verdict stable() {
    OptionalLong broken = figures.firstBrokenStep();
    if (broken.isPresent()) {
      String step = Quantities.count(broken.getAsLong());
      return new Verdict(
          Level.BAD,
          STABLE,
          "No, it diverged at step " + step,
          "From there the loss is not a finite number. Lower the learning rate or lengthen the"
              + " warm-up.",
          STABLE_RULE);
    }
    if (figures.loss().isEmpty()) {
      return new Verdict(Level.UNKNOWN, STABLE, "No step was trained", "", STABLE_RULE);
    }
    Spikes spikes = spikes();
    if (spikes.count() == 0) {
      return new Verdict(
          Level.GOOD, STABLE, "Yes", "No spike of the loss. " + clipped(), STABLE_RULE);
    }
    String evidence =
        "%s, the highest at step %s with a loss of %s. %s"
            .formatted(
                spikes.count() == 1 ? "One spike" : Quantities.count(spikes.count()) + " spikes",
                Quantities.count(spikes.worstStep()),
                Quantities.decimals(spikes.worstLoss(), 2),
                clipped());
    return spikes.count() > MANY_SPIKES * figures.loss().size()
        ? new Verdict(Level.BAD, STABLE, "No, the loss spikes", evidence, STABLE_RULE)
        : new Verdict(Level.NOTE, STABLE, "Mostly", evidence, STABLE_RULE);
  }

  private Spikes spikes() {
    Series loss = figures.loss();
    Series smooth = figures.trailingLoss();
    int count = 0;
    int worst = 0;
    for (int i = 1; i < loss.size(); i++) {
      if (loss.value(i) > SPIKE * smooth.value(i - 1)) {
        worst = count == 0 || loss.value(i) > loss.value(worst) ? i : worst;
        count++;
      }
    }
    return new Spikes(count, loss.step(worst), loss.value(worst));
  }

  private String clipped() {
    Series norm = figures.gradientNorm();
    if (norm.isEmpty()) {
      return "";
    }
    String median = "Median gradient norm " + Quantities.significant(norm.median().orElseThrow());
    if (gradientClip.isEmpty()) {
      return median + ".";
    }
    int clipped = 0;
    for (int i = 0; i < norm.size(); i++) {
      clipped += norm.value(i) > gradientClip.getAsDouble() ? 1 : 0;
    }
    return "%s; clipped at %s in %s of the steps."
        .formatted(
            median,
            Quantities.plain(gradientClip.getAsDouble()),
            Quantities.percent((double) clipped / norm.size()));
  }

  Verdict fast() {
    Series speed = figures.speed();
    if (speed.isEmpty()) {
      return new Verdict(Level.UNKNOWN, FAST, "Not measured", "", FAST_RULE);
    }
    String answer = Quantities.rounded(speed.median().orElseThrow()) + " tokens/s";
    StringBuilder evidence = new StringBuilder();
    figures
        .mfu()
        .median()
        .ifPresent(mfu -> evidence.append(Quantities.percent(mfu)).append(" of the peak (MFU). "));
    double slower = -change(speed, 0, 0.25);
    double growth = change(figures.memory(), 0.25, 0.5);
    evidence.append(
        slower >= SLOWER
            ? "It slowed by %s from the first to the last quarter. "
                .formatted(Quantities.percent(slower))
            : "The speed held to the end. ");
    if (growth >= GROWTH) {
      evidence.append(
          "Memory grew by %s from the second to the last quarter."
              .formatted(Quantities.percent(growth)));
    }
    Level level = slower >= SLOWER || growth >= GROWTH ? Level.NOTE : Level.GOOD;
    return new Verdict(level, FAST, answer, evidence.toString().strip(), FAST_RULE);
  }

  /** How much the last quarter's median is above that of an earlier part, as a share of it. */
  private static double change(Series series, double from, double to) {
    if (series.size() < LEAST_STEPS) {
      return 0;
    }
    double earlier = series.part(from, to).median().orElseThrow();
    return series.part(0.75, 1).median().orElseThrow() / earlier - 1;
  }
}
