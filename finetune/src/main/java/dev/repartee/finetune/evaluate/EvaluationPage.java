package dev.repartee.finetune.evaluate;

import static java.util.Objects.requireNonNull;

import com.samskivert.mustache.Mustache;
import dev.repartee.text.page.PageParts;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * An evaluation as one HTML page that needs no network, for a person: what is saved and how surely,
 * beside the baselines and another model, whether scores can be trusted, where the model helps, how
 * fast it is, and replies to look at. The same input gives the same bytes.
 */
final class EvaluationPage {

  private final EvaluationReport report;

  EvaluationPage(EvaluationReport report) {
    this.report = requireNonNull(report, "report is null");
  }

  /** The page. */
  String html() {
    PageParts parts = PageParts.load(EvaluationPage.class);
    Map<String, Object> model = new HashMap<>();
    model.putAll(new HeadlineView(report).model());
    model.putAll(new RivalsView(report).model());
    model.putAll(new CalibrationView(report.evaluation().calibration()).model());
    model.putAll(new BreakdownView(report.evaluation().breakdown()).model());
    model.putAll(new LatencyView(report).model());
    model.putAll(new ExamplesView(report.examples()).model());
    model.put("codeVersion", codeVersion());
    model.putAll(parts.model());
    return Mustache.compiler()
        .escapeHTML(true)
        .emptyStringIsFalse(true)
        .compile(parts.template())
        .execute(model);
  }

  private static String codeVersion() {
    return Optional.ofNullable(EvaluationPage.class.getPackage().getImplementationVersion())
        .orElse("development version");
  }
}
