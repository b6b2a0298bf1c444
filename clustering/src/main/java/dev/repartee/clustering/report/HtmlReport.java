package dev.repartee.clustering.report;

import dev.repartee.clustering.answers.AnswerBounds;
import dev.repartee.clustering.answers.Candidate;
import dev.repartee.clustering.answers.Selection;
import dev.repartee.clustering.cluster.TextClusters;
import dev.repartee.clustering.corpus.Corpus;
import dev.repartee.common.answers.Answer;
import dev.repartee.common.answers.Phrasing;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The extraction as one HTML page that needs no network: totals, coverage, the most used answers,
 * and what was left out and why. Holds no time stamp: the same input gives the same bytes.
 */
public final class HtmlReport {

  private static final int LARGEST_ANSWERS = 200;
  private static final int PHRASINGS_SHOWN = 6;
  private static final int EXAMPLES_SHOWN = 10;

  private static final String STYLE =
      """
      body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1c2430; }
      h1, h2 { line-height: 1.2; }
      table { border-collapse: collapse; width: 100%; }
      th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid #dde3ea; }
      td.number, th.number { text-align: right; white-space: nowrap; }
      .phrasings { color: #5a6675; font-size: 13px; }
      svg { width: 100%; } svg line { stroke: #dde3ea; } svg text { font-size: 11px; fill: #5a6675; }
      polyline { fill: none; stroke-width: 2; } .messages { stroke: #1f6feb; } .characters { stroke: #d9822b; }
      .key { font-weight: 600; } .key.messages { color: #1f6feb; } .key.characters { color: #d9822b; }
      """;

  private final Corpus corpus;
  private final TextClusters clusters;
  private final Selection selection;
  private final AnswerBounds bounds;
  private final Coverage coverage;

  public HtmlReport(
      Corpus corpus,
      TextClusters clusters,
      Selection selection,
      AnswerBounds bounds,
      Coverage coverage) {
    this.corpus = corpus;
    this.clusters = clusters;
    this.selection = selection;
    this.bounds = bounds;
    this.coverage = coverage;
  }

  /** The whole page. */
  public String html() {
    return """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Extracted answers</title>
    <style>
    %s</style>
    </head>
    <body>
    <h1>Extracted answers</h1>
    %s<h2>Coverage</h2>
    <p>Share of the agents' <span class="key messages">messages</span> and <span class="key characters">characters</span> that the most used answers stand for, all phrasings counted.</p>
    %s%s<h2>What was left out</h2>
    %s<h2>%s</h2>
    %s</body>
    </html>
    """
        .formatted(
            STYLE,
            totals(),
            new CoverageChart(coverage).svg(),
            coverageTable(),
            leftOut(),
            "The %d most used answers".formatted(shown().size()),
            answers());
  }

  private String totals() {
    return table(
        row("Conversations", corpus.conversations()),
        row("Agents (conversations, where agents are unknown)", corpus.speakers()),
        row("Agent messages", corpus.agentMessages()),
        row(
            "Different texts (numbers and punctuation aside)",
            corpus.texts().stream().filter(text -> text.messages() > 0).count()),
        row("Clusters", clusters.size()),
        row("Answers", selection.answers().size()));
  }

  private String coverageTable() {
    StringBuilder rows = new StringBuilder("<tr><th>Answers<th class=\"number\">Messages");
    rows.append("<th class=\"number\">Characters</tr>\n");
    for (int top : new int[] {10, 50, 200, coverage.answers()}) {
      if (top <= coverage.answers()) {
        rows.append("<tr><td>top %d".formatted(top))
            .append(numberCell(percent(coverage.ofMessages(top))))
            .append(numberCell(percent(coverage.ofCharacters(top))))
            .append("</tr>\n");
      }
    }
    return "<table>\n" + rows + "</table>\n";
  }

  private String leftOut() {
    long clustered =
        Selection.messages(selection.answers())
            + Selection.messages(selection.fewMessages())
            + Selection.messages(selection.fewAgents())
            + Selection.messages(selection.beyondLimit());
    long noise = corpus.agentMessages() - corpus.blankMessages() - clustered;
    return "<table>\n<tr><th>Why<th class=\"number\">Clusters<th class=\"number\">Messages<th>Most used</tr>\n"
        + leftOut("fewer than " + bounds.minCount() + " messages", selection.fewMessages())
        + leftOut("fewer than " + bounds.minAgents() + " agents", selection.fewAgents())
        + leftOut("beyond the " + bounds.maxAnswers() + " most used", selection.beyondLimit())
        + reason("like no other text (noise)", "", noise, "")
        + reason("blank", "", corpus.blankMessages(), "")
        + "</table>\n";
  }

  private static String leftOut(String why, List<Candidate> candidates) {
    // Texts of few agents may name a person, so the report does not show them either.
    String examples =
        why.endsWith("agents")
            ? "not shown: texts of few agents may hold personal data"
            : why.startsWith("beyond")
                ? candidates.stream()
                    .limit(EXAMPLES_SHOWN)
                    .map(candidate -> escape(candidate.answer().text()))
                    .collect(Collectors.joining("<br>"))
                : "";
    return reason(why, String.valueOf(candidates.size()), Selection.messages(candidates), examples);
  }

  private static String reason(String why, String clusters, long messages, String examples) {
    return "<tr><td>%s%s%s<td class=\"phrasings\">%s</tr>\n"
        .formatted(
            escape(why), numberCell(clusters), numberCell(String.valueOf(messages)), examples);
  }

  private List<Candidate> shown() {
    return selection.answers().stream().limit(LARGEST_ANSWERS).toList();
  }

  private String answers() {
    return shown().stream()
        .map(candidate -> answerRow(candidate.answer()))
        .collect(
            Collectors.joining(
                "",
                "<table>\n<tr><th>Answer<th class=\"number\">Messages<th class=\"number\">Agents</tr>\n",
                "</table>\n"));
  }

  private static String answerRow(Answer answer) {
    String phrasings =
        answer.phrasings().stream()
            .filter(phrasing -> !phrasing.text().equals(answer.text()))
            .limit(PHRASINGS_SHOWN)
            .map(HtmlReport::phrasing)
            .collect(Collectors.joining("<br>"));
    int more = answer.phrasings().size() - 1 - PHRASINGS_SHOWN;
    return "<tr id=\"%s\"><td>%s<div class=\"phrasings\">%s%s</div>%s%s</tr>\n"
        .formatted(
            answer.id(),
            escape(answer.text()),
            phrasings,
            more > 0 ? "<br>and " + more + " more" : "",
            numberCell(String.valueOf(answer.count())),
            numberCell(String.valueOf(answer.agents())));
  }

  private static String phrasing(Phrasing phrasing) {
    return escape(phrasing.text()) + " (" + phrasing.count() + ")";
  }

  private static String table(String... rows) {
    return "<table>\n" + String.join("", rows) + "</table>\n";
  }

  private static String row(String name, long value) {
    return "<tr><td>" + escape(name) + numberCell(String.valueOf(value)) + "</tr>\n";
  }

  private static String numberCell(String value) {
    return "<td class=\"number\">" + value;
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f%%", 100 * share);
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
