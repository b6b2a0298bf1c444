package dev.repartee.clustering.review;

import dev.repartee.text.UserException;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * Reads {@code review.csv} as spreadsheets leave it: comma, semicolon or tab between cells, with or
 * without a byte order mark, columns in any order and more of them, rows missing. Whether the
 * decisions fit each other is for {@link DecisionChecks}.
 */
final class ReviewReader {

  private static final String WORDS = "approve, edit, reject, merge or nothing";

  private final Path file;
  private final List<EditedRow> rows = new ArrayList<>();
  private Optional<Map<String, Integer>> header = Optional.empty();

  private ReviewReader(Path file) {
    this.file = file;
  }

  /**
   * The rows of {@code file} in order.
   *
   * @throws UserException naming file, line and column of what cannot be read
   */
  static List<EditedRow> read(Path file) {
    return new ReviewReader(file).rows();
  }

  private List<EditedRow> rows() {
    String text = content();
    CSVFormat format =
        CSVFormat.DEFAULT
            .builder()
            .setDelimiter(delimiter(text))
            .setIgnoreEmptyLines(false) // else lines are counted wrongly after one
            .get();
    try (CSVParser parser = CSVParser.parse(new StringReader(text), format)) {
      Iterator<CSVRecord> records = parser.iterator();
      long line = 1;
      while (records.hasNext()) {
        CSVRecord row = records.next();
        if (row.stream().anyMatch(cell -> !cell.isBlank())) {
          add(row, file + ":" + line);
        }
        line = parser.getCurrentLineNumber() + 1;
      }
    } catch (UncheckedIOException | IOException e) {
      String what = (e.getCause() == null ? e : e.getCause()).getMessage();
      throw new UserException(
          file + ": not CSV: " + what + "; look for a quote without its end", e);
    }
    if (header.isEmpty()) {
      throw new UserException(file + ": is empty; remove it to start without decisions");
    }
    return rows;
  }

  private String content() {
    try {
      String text = Files.readString(file);
      return !text.isEmpty() && text.charAt(0) == ReviewFile.BYTE_ORDER_MARK
          ? text.substring(1)
          : text;
    } catch (CharacterCodingException e) {
      throw new UserException(file + ": not UTF-8; save it as 'CSV UTF-8'", e);
    } catch (IOException e) {
      throw new UserException(file + ": cannot be read: " + e, e);
    }
  }

  /** The separator that the first line has most of. */
  private static char delimiter(String text) {
    String first = text.lines().filter(line -> !line.isBlank()).findFirst().orElse("");
    char best = ',';
    for (char separator : new char[] {';', '\t'}) {
      if (count(first, separator) > count(first, best)) {
        best = separator;
      }
    }
    return best;
  }

  private static long count(String text, char wanted) {
    return text.chars().filter(c -> c == wanted).count();
  }

  private void add(CSVRecord row, String place) {
    if (header.isEmpty()) {
      header = Optional.of(header(row, place));
      return;
    }
    String id = cell(row, ReviewFile.ID).strip();
    if (id.isEmpty()) {
      throw new UserException(place + ": id is empty; restore the row's id or remove the row");
    }
    rows.add(
        new EditedRow(
            place,
            id,
            cell(row, ReviewFile.TEXT),
            decision(row, place),
            Arrays.stream(
                    cell(row, ReviewFile.PHRASINGS).split(Pattern.quote(ReviewFile.SEPARATOR), -1))
                .filter(text -> !text.isBlank())
                .toList()));
  }

  private static Map<String, Integer> header(CSVRecord row, String place) {
    Map<String, Integer> columns = new HashMap<>();
    for (int i = 0; i < row.size(); i++) {
      String name = row.get(i).strip().toLowerCase(Locale.ROOT);
      if (!name.isEmpty() && columns.putIfAbsent(name, i) != null) {
        throw new UserException(place + ": column '" + name + "' is there twice; remove one");
      }
    }
    for (String needed :
        List.of(ReviewFile.DECISION, ReviewFile.NEW_TEXT, ReviewFile.MERGE_INTO, ReviewFile.ID)) {
      if (!columns.containsKey(needed)) {
        throw new UserException(
            place + ": column '" + needed + "' is missing; restore it in the first line");
      }
    }
    return columns;
  }

  private String cell(CSVRecord row, String name) {
    int at = header.orElseThrow().getOrDefault(name, Integer.MAX_VALUE);
    return at < row.size() ? SpreadsheetCell.unguard(row.get(at).replace("\r\n", "\n")) : "";
  }

  private Decision decision(CSVRecord row, String place) {
    String word = cell(row, ReviewFile.DECISION);
    Decision.Kind kind =
        Decision.Kind.of(word)
            .orElseThrow(
                () ->
                    new UserException(
                        "%s: decision '%s' is unknown; write %s"
                            .formatted(place, word.strip(), WORDS)));
    String newText = cell(row, ReviewFile.NEW_TEXT).strip();
    String mergeInto = cell(row, ReviewFile.MERGE_INTO).strip();
    if (kind == Decision.Kind.EDIT && newText.isEmpty()) {
      throw new UserException(
          place + ": new_text is empty though decision is edit; write what is to be said instead");
    }
    if (kind == Decision.Kind.MERGE && mergeInto.isEmpty()) {
      throw new UserException(
          place + ": merge_into is empty though decision is merge; write the id to merge into");
    }
    boolean undecided = kind == Decision.Kind.NONE;
    if (!newText.isEmpty() && (undecided || kind == Decision.Kind.APPROVE)) {
      throw new UserException(
          place + ": new_text is filled though decision is not edit; write edit or empty new_text");
    }
    if (!mergeInto.isEmpty() && undecided) {
      throw new UserException(
          place + ": merge_into is filled but decision is empty; write merge or empty merge_into");
    }
    return new Decision(kind, newText, mergeInto, cell(row, ReviewFile.NOTE).strip());
  }
}
