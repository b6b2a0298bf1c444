package dev.repartee.clustering.extract;

import static java.util.Objects.requireNonNull;

import com.samskivert.mustache.Mustache;
import dev.repartee.text.UserException;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.page.PageParts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * An extraction as one HTML page that needs no network, for a person: how much the answers cover,
 * every answer with who used it and where, what was left out, what was hidden, and what changed.
 * Holds no time stamp: the same data gives the same bytes.
 */
public final class ExtractionReport {

  private final ReportData data;

  public ExtractionReport(ReportData data) {
    this.data = requireNonNull(data, "data is null");
  }

  /**
   * Writes the page whole or not at all.
   *
   * @throws UserException when the file cannot be written
   */
  public void write(Path file) {
    try {
      AtomicFile.writeString(file, html());
    } catch (IOException e) {
      throw new UserException(file + ": cannot be written: " + e, e);
    }
  }

  /** The page. */
  public String html() {
    PageParts parts = PageParts.load(ExtractionReport.class);
    DomainColors colors = new DomainColors(data.findings());
    Map<String, Object> model = new HashMap<>();
    model.putAll(new SummaryView(data).model());
    model.putAll(new CoverageView(data.findings()).model());
    model.putAll(new AnswersView(data.findings(), colors).model());
    model.putAll(new MapView(data.findings(), colors).model());
    data.changes().ifPresent(changes -> model.put("changes", new ChangesView(changes).model()));
    model.putAll(new RestView(data).model());
    model.putAll(parts.model());
    return Mustache.compiler()
        .escapeHTML(true)
        .emptyStringIsFalse(true)
        .compile(parts.template())
        .execute(model);
  }
}
