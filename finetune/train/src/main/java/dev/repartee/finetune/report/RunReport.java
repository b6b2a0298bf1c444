package dev.repartee.finetune.report;

import static java.util.Objects.requireNonNull;

import dev.repartee.finetune.report.DataStatistics.Histogram;
import dev.repartee.finetune.report.DataStatistics.Volume;
import dev.repartee.finetune.report.RunCurves.Curve;
import dev.repartee.finetune.report.RunFacts.Ending;
import dev.repartee.finetune.report.RunMetrics.RunEvent;
import dev.repartee.finetune.report.RunMetrics.StepMetrics;
import dev.repartee.finetune.report.RunMetrics.ValidationMetrics;
import dev.repartee.finetune.report.RunVerdicts.Level;
import dev.repartee.finetune.report.RunVerdicts.Verdict;
import dev.repartee.finetune.report.SamplePrediction.SampleJson;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.page.PageHtml;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The page of a training run: verdicts on its progress, overfitting, stability and speed, its
 * curves, its predictions before and after, and its settings and files. This class gathers the
 * data, and {@code report.js} draws the page from it. A run that crashed or is still going on can
 * be reported too. The same input gives the same bytes.
 */
public final class RunReport {

  private static final int MOST_PARTS = 12;
  private static final int MOST_EVENTS = 200;
  private static final int MOST_EPOCH_MARKS = 12;
  private static final int MOST_GROUPS = 10;

  /** Messages shown before a sample's reply; the model reads as many as fit. */
  private static final int CONTEXT = 6;

  /** Parts of a long curve; only the smallest and the largest value of each part are drawn. */
  private static final int BUCKETS = 700;

  /**
   * The page's data.
   *
   * @param curves the measured curves, by name
   * @param parts means of equal parts of the run
   * @param events the latest, since a long run has many checkpoints
   */
  private record Document(
      RunFacts run,
      Course course,
      List<Verdict> verdicts,
      Map<String, CurveOutline> curves,
      List<StepRange> parts,
      List<ValidationMetrics> validations,
      Optional<ValidationMetrics> best,
      List<RunEvent> events,
      List<SampleJson> samples,
      Optional<Statistics> statistics) {}

  /** How the run ended, in a word and in a phrase ({@code reason}). */
  private record RunStatus(Level level, String word, String reason) {

    static RunStatus of(RunFacts facts, RunMetrics metrics) {
      Optional<Ending> ending = facts.ending();
      String reason =
          ending
              .map(Ending::reason)
              .orElse(
                  "no end is recorded: the run crashed or is still running; this is its state so"
                      + " far");
      if (metrics.firstBrokenStep().isPresent()) {
        return new RunStatus(Level.BAD, "Diverged", reason);
      }
      if (ending.isEmpty()) {
        return new RunStatus(Level.NOTE, "Not ended", reason);
      }
      return switch (ending.get().outcome()) {
        case DONE -> new RunStatus(Level.GOOD, "Done", reason);
        case STOPPED -> new RunStatus(Level.NOTE, "Stopped", reason);
        case FAILED -> new RunStatus(Level.BAD, "Failed", reason);
      };
    }
  }

  /**
   * The course of the run.
   *
   * @param span number of steps that a smoothed value covers, about
   * @param epochs starts of all epochs but the first; empty if there are too many to draw
   */
  private record Course(
      RunStatus status,
      long lastStep,
      double seconds,
      long tokens,
      int span,
      List<EpochStart> epochs,
      List<Long> resumes) {}

  private record EpochStart(long step, long epoch) {}

  /** The outline of a curve, its smoothed values, and the statistics for its caption. */
  private record CurveOutline(
      List<Long> step,
      List<Double> value,
      List<Double> smooth,
      double first,
      double last,
      double median,
      double max) {

    /**
     * The outline of {@code curve}.
     *
     * @param caption the curve that {@code first} and {@code last} are taken from
     */
    static CurveOutline of(Curve curve, Curve smooth, Curve caption) {
      int[] kept = curve.outline(BUCKETS);
      return new CurveOutline(
          IntStream.of(kept).mapToObj(curve::step).toList(),
          IntStream.of(kept).mapToObj(i -> fiveDigits(curve.value(i))).toList(),
          IntStream.of(kept).mapToObj(i -> fiveDigits(smooth.value(i))).toList(),
          caption.first(),
          caption.last(),
          curve.median().orElseThrow(),
          curve.max().orElseThrow());
    }

    /** Rounds to what a screen shows, to keep the file small. */
    private static double fiveDigits(double value) {
      if (value == 0) {
        return 0;
      }
      double scale = Math.pow(10, 5 - Math.ceil(Math.log10(Math.abs(value))));
      double rounded = Math.round(value * scale) / scale;
      return Double.isFinite(rounded) ? rounded : value;
    }
  }

  /** Means over the steps from {@code first} to {@code last}, the loss's by scored tokens. */
  private record StepRange(
      long first,
      long last,
      OptionalDouble loss,
      OptionalDouble learningRate,
      OptionalDouble gradientNorm,
      OptionalDouble tokensPerSecond,
      OptionalDouble mfu,
      OptionalDouble residentBytes) {

    static StepRange of(List<StepMetrics> steps) {
      Curve loss = Curve.trailingLoss(steps, Double.MAX_VALUE); // its last value is the mean
      return new StepRange(
          steps.getFirst().step(),
          steps.getLast().step(),
          loss.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(loss.last()),
          mean(steps, StepMetrics::learningRate),
          mean(steps, StepMetrics::gradientNorm),
          mean(steps, StepMetrics::tokensPerSecond),
          mean(steps, StepMetrics::mfu),
          mean(steps, StepMetrics::residentBytes));
    }

    private static OptionalDouble mean(
        List<StepMetrics> steps, ToDoubleFunction<StepMetrics> measurement) {
      return Curve.of(steps, measurement).mean();
    }
  }

  private record Statistics(
      Volume volume,
      double scoredShare,
      Histogram windowTokens,
      Histogram replyCharacters,
      Groups agents,
      Groups domains) {

    static Statistics of(DataStatistics data) {
      return new Statistics(
          data.volume(),
          data.volume().scoredShare(),
          data.windowTokens(),
          data.replyCharacters(),
          Groups.of(data.agents()),
          Groups.of(data.domains()));
    }
  }

  /**
   * The number of conversations of each agent or domain.
   *
   * @param number of agents or domains
   * @param known conversations whose agent or domain is known
   */
  private record Groups(int number, long known, List<Group> largest) {

    static Groups of(Map<String, Long> counts) {
      return new Groups(
          counts.size(),
          counts.values().stream().mapToLong(Long::longValue).sum(),
          counts.entrySet().stream()
              .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
              .limit(MOST_GROUPS)
              .map(group -> new Group(group.getKey(), group.getValue()))
              .toList());
    }
  }

  private record Group(String name, long count) {}

  private final Document document;

  /**
   * @param facts the run's plan, machine, files and settings
   * @param data statistics of the training data, if it was counted
   * @param samples a few replies; may be empty
   */
  public RunReport(
      RunFacts facts,
      RunMetrics metrics,
      Optional<DataStatistics> data,
      List<SamplePrediction> samples) {
    requireNonNull(facts, "facts is null");
    RunCurves curves = RunCurves.of(metrics);
    document =
        new Document(
            facts,
            course(facts, metrics, curves.span()),
            new RunVerdicts(curves, facts.plan().gradientClip()).all(),
            drawn(curves),
            parts(metrics.steps()),
            metrics.validations(),
            metrics.best(),
            metrics.events().stream()
                .skip(Math.max(0, metrics.events().size() - MOST_EVENTS))
                .toList(),
            samples.stream().map(sample -> SampleJson.of(sample, CONTEXT)).toList(),
            data.map(Statistics::of));
  }

  /** Writes the page to {@code file} atomically. */
  public void write(Path file) throws IOException {
    AtomicFile.writeString(file, html());
  }

  /** The page as one HTML file. */
  public String html() {
    return PageHtml.of(RunReport.class, document);
  }

  private static Course course(RunFacts facts, RunMetrics metrics, int span) {
    return new Course(
        RunStatus.of(facts, metrics),
        metrics.lastStep().orElse(0),
        metrics.seconds(),
        metrics.steps().stream().mapToLong(StepMetrics::tokens).sum(),
        span,
        epochs(metrics.steps()),
        metrics.resumes());
  }

  private static List<EpochStart> epochs(List<StepMetrics> steps) {
    List<EpochStart> epochs = new ArrayList<>();
    long epoch = 0;
    for (StepMetrics step : steps) {
      if (step.epoch() != epoch && epoch != 0) {
        epochs.add(new EpochStart(step.step(), step.epoch()));
      }
      epoch = step.epoch();
    }
    return epochs.size() > MOST_EPOCH_MARKS ? List.of() : epochs;
  }

  private static Map<String, CurveOutline> drawn(RunCurves curves) {
    Map<String, CurveOutline> drawn = new LinkedHashMap<>();
    if (!curves.loss().isEmpty()) {
      drawn.put(
          "loss", CurveOutline.of(curves.loss(), curves.smoothedLoss(), curves.smoothedLoss()));
    }
    Map<String, Curve> others = new LinkedHashMap<>();
    others.put("rate", curves.learningRate());
    others.put("norm", curves.gradientNorm());
    others.put("speed", curves.speed());
    others.put("mfu", curves.mfu());
    others.put("memory", curves.memory());
    others.forEach(
        (name, curve) -> {
          if (!curve.isEmpty()) {
            drawn.put(name, CurveOutline.of(curve, curve.smoothed(curves.span()), curve));
          }
        });
    return drawn;
  }

  private static List<StepRange> parts(List<StepMetrics> steps) {
    int number = Math.min(MOST_PARTS, steps.size());
    return IntStream.range(0, number)
        .mapToObj(
            part -> {
              int from = (int) ((long) steps.size() * part / number);
              int to = (int) ((long) steps.size() * (part + 1) / number);
              return StepRange.of(steps.subList(from, to));
            })
        .toList();
  }
}
