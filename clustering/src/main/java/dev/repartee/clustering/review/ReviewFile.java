package dev.repartee.clustering.review;

import dev.repartee.text.UserException;
import dev.repartee.text.answers.Answer;
import dev.repartee.text.answers.Phrasing;
import dev.repartee.text.io.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/**
 * The file {@code review.csv}, one answer a row, which people edit in a spreadsheet: UTF-8 with a
 * byte order mark, without which spreadsheets take it for something else. {@link ReviewReader}
 * reads it back.
 */
public final class ReviewFile {

  /** Its usual name. */
  public static final String NAME = "review.csv";

  static final String DECISION = "decision";
  static final String NEW_TEXT = "new_text";
  static final String MERGE_INTO = "merge_into";
  static final String NOTE = "note";
  static final String ID = "id";
  static final String TEXT = "text";
  static final String PHRASINGS = "phrasings";

  static final char BYTE_ORDER_MARK = '\ufeff';
  static final String SEPARATOR = " | ";

  private static final List<String> COLUMNS =
      List.of(
          DECISION,
          NEW_TEXT,
          MERGE_INTO,
          NOTE,
          ID,
          TEXT,
          "messages",
          "sentences",
          "agents",
          "share_of_messages",
          "domains",
          "language",
          "status",
          PHRASINGS);
  private static final int MOST_PHRASINGS = 10;
  private static final int MOST_DOMAINS = 5;

  private ReviewFile() {}

  /**
   * Writes {@code rows} in their order, whole or not at all; the same rows give the same bytes.
   *
   * @param allMessages agent messages of the data, of which shares are taken
   * @throws UserException when the file cannot be written
   */
  public static void write(Path file, List<ReviewRow> rows, long allMessages) {
    try {
      AtomicFile.writeString(file, text(rows, allMessages));
    } catch (IOException e) {
      throw new UserException(
          file + ": cannot be written: " + e + "; close it where it is open", e);
    }
  }

  static String text(List<ReviewRow> rows, long allMessages) {
    StringBuilder text = new StringBuilder().append(BYTE_ORDER_MARK);
    CSVFormat format = CSVFormat.DEFAULT.builder().setRecordSeparator("\r\n").get();
    try (CSVPrinter printer = new CSVPrinter(text, format)) {
      printer.printRecord(COLUMNS);
      for (ReviewRow row : rows) {
        printer.printRecord(cells(row, allMessages).map(SpreadsheetCell::guard));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static Stream<String> cells(ReviewRow row, long allMessages) {
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
            .collect(Collectors.joining(SEPARATOR)));
  }

  private static String domains(Map<String, Long> domains) {
    return domains.entrySet().stream()
        .limit(MOST_DOMAINS)
        .map(entry -> entry.getKey() + " " + entry.getValue())
        .collect(Collectors.joining(SEPARATOR));
  }
}
