package dev.repartee.clustering.review;

import dev.repartee.text.answers.Answer;
import dev.repartee.text.answers.Phrasing;
import dev.repartee.text.answers.ReviewRow;
import dev.repartee.text.io.Spreadsheet;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The file {@code review.csv}, one answer a row, which people edit in a spreadsheet; {@link
 * ReviewRow} reads it.
 */
public final class ReviewFile {

  /** The usual name of the file. */
  public static final String NAME = "review.csv";

  private static final List<String> COLUMNS =
      List.of(
          ReviewRow.DECISION,
          ReviewRow.NEW_TEXT,
          ReviewRow.MERGE_INTO,
          ReviewRow.NOTE,
          ReviewRow.ID,
          ReviewRow.TEXT,
          "messages",
          "sentences",
          "agents",
          "share_of_messages",
          "domains",
          "language",
          "status",
          ReviewRow.PHRASINGS,
          "customer_message");

  private static final int MOST_PHRASINGS = 10;
  private static final int MOST_DOMAINS = 5;

  private ReviewFile() {}

  /**
   * Writes {@code rows} in their order, whole or not at all. The same rows give the same bytes.
   *
   * @param before by id the customer's message that an answer follows
   * @param allMessages the number of agent messages, of which shares are computed
   * @throws dev.repartee.text.UserException if the file cannot be written
   */
  public static void write(
      Path file, List<ReviewResult.Row> rows, Map<String, String> before, long allMessages) {
    Spreadsheet.write(
        file,
        new Spreadsheet.Layout(',', COLUMNS),
        rows.stream().map(row -> cells(row, before, allMessages)));
  }

  private static Stream<String> cells(
      ReviewResult.Row row, Map<String, String> before, long allMessages) {
    Answer answer = row.answer();
    double share = allMessages == 0 ? 0 : (double) answer.count() / allMessages;
    return Stream.of(
        row.decision().kind().word(),
        row.decision().newText(),
        row.decision().mergeInto(),
        row.decision().note(),
        answer.id(),
        answer.text(),
        String.valueOf(answer.count()),
        String.valueOf(answer.use().sentences()),
        String.valueOf(answer.agents()),
        String.format(Locale.ROOT, "%.5f", share),
        domains(answer.use().byDomain()),
        answer.use().language().orElse(""),
        row.status().word(),
        answer.phrasings().stream()
            .limit(MOST_PHRASINGS)
            .map(Phrasing::text)
            .collect(Collectors.joining(ReviewRow.SEPARATOR)),
        before.getOrDefault(answer.id(), ""));
  }

  private static String domains(Map<String, Long> domains) {
    return domains.entrySet().stream()
        .limit(MOST_DOMAINS)
        .map(entry -> entry.getKey() + " " + entry.getValue())
        .collect(Collectors.joining(ReviewRow.SEPARATOR));
  }
}
