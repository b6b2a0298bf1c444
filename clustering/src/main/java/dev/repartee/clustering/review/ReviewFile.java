package dev.repartee.clustering.review;

import dev.repartee.text.UserException;
import dev.repartee.text.answers.Answer;
import dev.repartee.text.answers.Phrasing;
import dev.repartee.text.io.AtomicFile;
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
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;

/**
 * The file {@code review.csv}, one answer a row, which people edit in a spreadsheet. Written in
 * UTF-8 with a byte order mark, without which spreadsheets guess another encoding. Read as
 * spreadsheets save it: comma, semicolon or tab between cells, with or without a byte order mark,
 * columns in any order, further columns, missing rows.
 */
public final class ReviewFile {

  /** The usual name of the file. */
  public static final String NAME = "review.csv";

  private static final String DECISION = "decision";
  private static final String NEW_TEXT = "new_text";
  private static final String MERGE_INTO = "merge_into";
  private static final String NOTE = "note";
  private static final String ID = "id";
  private static final String TEXT = "text";
  private static final String PHRASINGS = "phrasings";

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

  private static final char BYTE_ORDER_MARK = '\ufeff';
  private static final String SEPARATOR = " | "; // within a cell
  private static final int MOST_PHRASINGS = 10;
  private static final int MOST_DOMAINS = 5;
  private static final String WORDS = "approve, edit, reject, merge or nothing";

  /**
   * Where a cell begins: a spreadsheet that separates cells by semicolons or tabs, or reads lines
   * without regard to quotes, begins one within a text, too.
   */
  private static final String BEGINS = "(?<![^;\\t\\r\\n])";

  /** What a spreadsheet would run as a formula, also behind apostrophes and quotes. */
  private static final String RUNS = "(?=['\"]*+[=+\\-@\\t\\r])";

  private static final Pattern FORMULA = Pattern.compile(BEGINS + RUNS);
  private static final Pattern GUARDED = Pattern.compile(BEGINS + "'" + RUNS);

  private ReviewFile() {}

  /**
   * Writes {@code rows} in their order, whole or not at all. The same rows give the same bytes.
   *
   * @param allMessages the number of agent messages, of which shares are computed
   * @throws UserException if the file cannot be written
   */
  public static void write(Path file, List<ReviewResult.Row> rows, long allMessages) {
    write(file, COLUMNS, rows.stream().map(row -> cells(row, allMessages)));
  }

  /** Writes a table as spreadsheets read it. */
  static void write(Path file, List<String> columns, Stream<Stream<String>> rows) {
    StringBuilder text = new StringBuilder().append(BYTE_ORDER_MARK);
    CSVFormat format = CSVFormat.DEFAULT.builder().setRecordSeparator("\r\n").get();
    try (CSVPrinter printer = new CSVPrinter(text, format)) {
      printer.printRecord(columns);
      for (Stream<String> row : (Iterable<Stream<String>>) rows::iterator) {
        printer.printRecord(row.map(ReviewFile::guard));
      }
      AtomicFile.writeString(file, text.toString());
    } catch (IOException e) {
      throw new UserException(
          file + ": cannot be written: " + e + "; close it where it is open", e);
    }
  }

  private static Stream<String> cells(ReviewResult.Row row, long allMessages) {
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

  /**
   * Puts an apostrophe in front of each formula, so that spreadsheets do not run what customers or
   * agents wrote. Where one stands already another is put, so that {@link #unguard} restores it.
   */
  static String guard(String text) {
    return FORMULA.matcher(text).replaceAll("'");
  }

  static String unguard(String cell) {
    return GUARDED.matcher(cell).replaceAll("");
  }

  /**
   * A row as a person left it.
   *
   * @param place file and line, for messages
   * @param phrasings the phrasings that were shown
   */
  record EditedRow(
      String place, String id, String text, Decision decision, List<String> phrasings) {

    EditedRow {
      phrasings = List.copyOf(phrasings);
    }
  }

  /**
   * The rows of {@code file} in order. Whether their decisions fit each other is not checked.
   *
   * @throws UserException naming file, line and column of what cannot be read
   */
  static List<EditedRow> read(Path file) {
    return read(file, List.of(DECISION, NEW_TEXT, MERGE_INTO, ID), ReviewFile::editedRow);
  }

  /**
   * The rows of a table as a spreadsheet saved it.
   *
   * @param needed columns that must be there
   * @param reader makes something of the cells of a row and its place, for messages
   */
  static <T> List<T> read(Path file, List<String> needed, BiFunction<Cells, String, T> reader) {
    String text = content(file);
    CSVFormat format =
        CSVFormat.DEFAULT
            .builder()
            .setDelimiter(delimiter(text))
            .setIgnoreEmptyLines(false) // ignored lines would not be counted
            .get();
    List<T> rows = new ArrayList<>();
    Optional<Map<String, Integer>> columns = Optional.empty();
    try (CSVParser parser = CSVParser.parse(new StringReader(text), format)) {
      Iterator<CSVRecord> records = parser.iterator();
      long line = 1;
      while (records.hasNext()) {
        CSVRecord row = records.next();
        if (row.stream().anyMatch(cell -> !cell.isBlank())) {
          String place = file + ":" + line;
          if (columns.isEmpty()) {
            columns = Optional.of(columns(row, needed, place));
          } else {
            rows.add(reader.apply(new Cells(row, columns.get()), place));
          }
        }
        line = parser.getCurrentLineNumber() + 1;
      }
    } catch (UncheckedIOException | IOException e) {
      String what = (e.getCause() == null ? e : e.getCause()).getMessage();
      throw new UserException(
          file + ": not CSV: " + what + "; look for a quote without its end", e);
    }
    if (columns.isEmpty()) {
      throw new UserException(file + ": is empty; remove it to start without decisions");
    }
    return rows;
  }

  private static String content(Path file) {
    try {
      String text = Files.readString(file);
      return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new UserException(file + ": not UTF-8; save it as 'CSV UTF-8'", e);
    } catch (IOException e) {
      throw new UserException(file + ": cannot be read: " + e, e);
    }
  }

  /** The separator that occurs most often in the first line. */
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

  private static Map<String, Integer> columns(CSVRecord header, List<String> needed, String place) {
    Map<String, Integer> columns = new HashMap<>();
    for (int i = 0; i < header.size(); i++) {
      String name = header.get(i).strip().toLowerCase(Locale.ROOT);
      if (!name.isEmpty() && columns.putIfAbsent(name, i) != null) {
        throw new UserException(place + ": column '" + name + "' is there twice; remove one");
      }
    }
    for (String name : needed) {
      if (!columns.containsKey(name)) {
        throw new UserException(
            place + ": column '" + name + "' is missing; restore it in the first line");
      }
    }
    return columns;
  }

  /** The cells of a row by the name of their column. */
  record Cells(CSVRecord row, Map<String, Integer> columns) {

    /** Empty if the column or the cell is missing. */
    String get(String name) {
      int at = columns.getOrDefault(name, Integer.MAX_VALUE);
      return at < row.size() ? unguard(row.get(at).replace("\r\n", "\n")) : "";
    }
  }

  private static EditedRow editedRow(Cells cells, String place) {
    String id = cells.get(ID).strip();
    if (id.isEmpty()) {
      throw new UserException(place + ": id is empty; restore the row's id or remove the row");
    }
    return new EditedRow(
        place,
        id,
        cells.get(TEXT),
        decision(cells, place),
        Arrays.stream(cells.get(PHRASINGS).split(Pattern.quote(SEPARATOR), -1))
            .filter(text -> !text.isBlank())
            .toList());
  }

  private static Decision decision(Cells cells, String place) {
    String word = cells.get(DECISION);
    Decision.Kind kind =
        Decision.Kind.of(word)
            .orElseThrow(
                () ->
                    new UserException(
                        "%s: decision '%s' is unknown; write %s"
                            .formatted(place, word.strip(), WORDS)));
    String newText = cells.get(NEW_TEXT).strip();
    String mergeInto = cells.get(MERGE_INTO).strip();
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
    return new Decision(kind, newText, mergeInto, cells.get(NOTE).strip());
  }
}
