package dev.repartee.finetune.report;

import static java.util.Objects.requireNonNull;

import com.samskivert.mustache.Mustache;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.page.PageParts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A run as one HTML page that needs no network, for a person: whether it still learns, overfits, is
 * stable and fast, its curves, what it predicts, and what it was made from. It can be written of a
 * run that crashed, or that still goes on. The same input gives the same bytes.
 */
public final class RunReport {

  private final RunFacts facts;
  private final RunFigures figures;
  private final Optional<DataStatistics> data;
  private final List<SamplePrediction> samples;

  /**
   * @param facts what was to happen, on what machine, from what
   * @param metrics what {@link MetricsFile} read
   * @param data what was trained on, where it was counted
   * @param samples a few replies; may be empty
   */
  public RunReport(
      RunFacts facts,
      RunMetrics metrics,
      Optional<DataStatistics> data,
      List<SamplePrediction> samples) {
    this.facts = requireNonNull(facts, "facts is null");
    this.figures = new RunFigures(metrics);
    this.data = requireNonNull(data, "data is null");
    this.samples = List.copyOf(samples);
  }

  /** Writes the page whole or not at all. */
  public void write(Path file) throws IOException {
    AtomicFile.writeString(file, html());
  }

  /** The page. */
  public String html() {
    PageParts parts = PageParts.load(RunReport.class);
    Map<String, Object> model = new HashMap<>();
    model.putAll(new SummaryView(facts, figures).model());
    model.putAll(new CurvesView(facts, figures).model());
    model.putAll(new SamplesView(samples).model());
    data.ifPresent(statistics -> model.put("data", new DataView(statistics).model()));
    model.putAll(new SetupView(facts).model());
    model.put("chartData", new ChartData(figures, facts.plan().gradientClip()).json());
    model.putAll(parts.model());
    return Mustache.compiler().escapeHTML(true).compile(parts.template()).execute(model);
  }
}
