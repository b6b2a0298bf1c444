package dev.repartee.text.io;

import dev.repartee.text.TextNorm;
import dev.repartee.text.UserException;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;

/**
 * A table that people edit in a spreadsheet. Written in UTF-8 with a byte order mark, without which
 * spreadsheets guess another encoding. Read as spreadsheets save it: comma, semicolon or tab
 * between cells, with or without a byte order mark, columns in any order, further columns.
 */
public final class Spreadsheet {

  private static final char BYTE_ORDER_MARK = '\ufeff';

  /** What is wrong with a row that cannot be read, nor any after it. */
  public static final String BROKEN =
      "not CSV: look for a quote without its end, or text behind one";

  /** How many bad rows are reported. */
  private static final int MOST_PROBLEMS = 100;

  /**
   * Where a cell begins: a spreadsheet that separates cells by semicolons or tabs, or reads lines
   * without regard to quotes, begins one within a text, too.
   */
  private static final String BEGINS = "(?<![^;\\t\\r\\n])";

  /**
   * What a spreadsheet would run as a formula, also behind apostrophes and quotes. Spreadsheets of
   * East Asia take full-width signs, too.
   */
  private static final String RUNS = "(?=['\"]*+[=+\\-@\\t\\r\uff1d\uff0b\uff0d\uff20])";

  private static final Pattern FORMULA = Pattern.compile(BEGINS + RUNS);
  private static final Pattern GUARDED = Pattern.compile(BEGINS + "'" + RUNS);

  private Spreadsheet() {}

  /**
   * What a table keeps when it is read, changed and written again.
   *
   * @param header the first line as it is in the file
   */
  public record Layout(char separator, List<String> header) {

    public Layout {
      header = List.copyOf(header);
    }
  }

  /**
   * Writes a table whole or not at all. The same rows give the same bytes.
   *
   * @throws UserException if the file cannot be written
   */
  public static void write(Path file, Layout layout, Stream<Stream<String>> rows) {
    StringBuilder text = new StringBuilder().append(BYTE_ORDER_MARK);
    CSVFormat format =
        CSVFormat.DEFAULT
            .builder()
            .setDelimiter(layout.separator())
            .setRecordSeparator("\r\n")
            .get();
    try (CSVPrinter printer = new CSVPrinter(text, format)) {
      printer.printRecord(layout.header());
      for (Stream<String> row : (Iterable<Stream<String>>) rows::iterator) {
        printer.printRecord(row.map(Spreadsheet::guard));
      }
      AtomicFile.writeString(file, text.toString());
    } catch (IOException e) {
      throw new UserException(
          file + ": cannot be written: " + e + "; close it where it is open", e);
    }
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
   * The rows of a table as a spreadsheet saved it, without those that are blank.
   *
   * @param needed columns that must be there, in lower case with {@code _} for blanks
   * @param known all columns that are read; a column of another name is refused, since it may be
   *     misspelled; none to ignore such columns
   * @param reader makes something of the cells of a row and its place, for messages. An {@link
   *     IllegalArgumentException} of it is reported with the place, together with those of other
   *     rows
   * @throws UserException naming file, line and column of what cannot be read
   */
  public static <T> List<T> read(
      Path file, List<String> needed, List<String> known, BiFunction<Cells, String, T> reader) {
    return read(text(file), file, needed, known, reader);
  }

  /**
   * The rows of a table whose file was read already.
   *
   * @param file where the text comes from, for messages
   */
  public static <T> List<T> read(
      String text,
      Path file,
      List<String> needed,
      List<String> known,
      BiFunction<Cells, String, T> reader) {
    char separator = separator(header(text));
    List<T> rows = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    List<Columns> columns = new ArrayList<>(1); // none before the header
    try {
      long broken =
          rows(
              new StringReader(text),
              separator,
              file.toString(),
              0,
              (row, place) -> {
                if (columns.isEmpty()) {
                  Map<String, Integer> places = columns(row, needed, known, place);
                  columns.add(new Columns(new Layout(separator, row.toList()), places));
                  return true;
                }
                try {
                  rows.add(reader.apply(new Cells(row, columns.getFirst()), place));
                } catch (IllegalArgumentException e) {
                  problems.add(place + ": " + e.getMessage());
                }
                return problems.size() < MOST_PROBLEMS;
              });
      if (broken > 0) {
        problems.add(file + ":" + broken + ": " + BROKEN);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("a text is read", e);
    }
    if (problems.size() == MOST_PROBLEMS) {
      problems.add(file + ": stopped after " + MOST_PROBLEMS + " bad rows");
    }
    if (!problems.isEmpty()) {
      throw new UserException(String.join("\n", problems));
    }
    if (columns.isEmpty()) {
      throw new UserException(
          "%s: is empty; remove it, or name the columns %s in the first line"
              .formatted(file, String.join(", ", needed)));
    }
    return rows;
  }

  /** Takes the rows of a table, the header first, and says whether the next one is wanted. */
  @FunctionalInterface
  public interface Rows {
    boolean add(CSVRecord row, String place);
  }

  /**
   * Reads the rows of a table one by one, without those that are blank, as spreadsheets leave them
   * at the end.
   *
   * @param file its name in places
   * @param before lines of the file before {@code characters}
   * @return the line where a row begins that is {@link #BROKEN}, so that nothing after it was read;
   *     zero if there is none
   */
  public static long rows(Reader characters, char separator, String file, long before, Rows rows)
      throws IOException {
    CSVFormat format =
        CSVFormat.DEFAULT
            .builder()
            .setDelimiter(separator)
            .setIgnoreEmptyLines(false) // ignored lines would not be counted
            .get();
    long line = before + 1;
    BoundedReader bounded = new BoundedReader(characters, file);
    bounded.begin(line);
    try (CSVParser parser = CSVParser.parse(bounded, format)) {
      for (CSVRecord row : parser) {
        boolean blank = row.stream().allMatch(String::isBlank);
        if (!blank && !rows.add(row, file + ":" + line)) {
          return 0;
        }
        line = before + parser.getCurrentLineNumber() + 1;
        bounded.begin(line);
      }
      return 0;
    } catch (UncheckedIOException e) {
      if (!(e.getCause() instanceof CSVException)) {
        throw e.getCause();
      }
      return line;
    }
  }

  /**
   * The text of a table's file.
   *
   * @throws UserException naming the file if it is missing or not UTF-8
   */
  public static String text(Path file) {
    try {
      return TextNorm.withoutByteOrderMark(Files.readString(file));
    } catch (NoSuchFileException e) {
      throw new UserException(file + ": no such file", e);
    } catch (CharacterCodingException e) {
      throw new UserException(file + ": not UTF-8; save it as 'CSV UTF-8'", e);
    } catch (IOException e) {
      throw new UserException(file + ": cannot be read: " + e, e);
    }
  }

  private static String header(String text) {
    return text.lines().filter(line -> !line.isBlank()).findFirst().orElse("");
  }

  /** The separator of a table: the one that its header has most of outside of quotes. */
  public static char separator(String header) {
    char best = ',';
    for (char other : new char[] {';', '\t'}) {
      best = count(header, other) > count(header, best) ? other : best;
    }
    return best;
  }

  private static int count(String header, char separator) {
    int count = 0;
    boolean quoted = false;
    for (int i = 0; i < header.length(); i++) {
      quoted ^= header.charAt(i) == '"';
      count += !quoted && header.charAt(i) == separator ? 1 : 0;
    }
    return count;
  }

  private static Map<String, Integer> columns(
      CSVRecord header, List<String> needed, List<String> known, String place) {
    Map<String, Integer> columns =
        places(header, name -> name.toLowerCase(Locale.ROOT).replace(' ', '_'), place);
    for (String name : columns.keySet()) {
      if (!known.isEmpty() && !known.contains(name)) {
        throw new UserException(
            "%s: column '%s' is unknown; name it one of %s, or remove it"
                .formatted(place, name, String.join(", ", known)));
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

  /**
   * The places of the columns that have a name, in their order.
   *
   * @param called makes of a name in the file what it is called here
   * @param place of the header, for messages
   * @throws UserException when two have one name
   */
  public static Map<String, Integer> places(
      CSVRecord header, UnaryOperator<String> called, String place) {
    Map<String, Integer> places = new LinkedHashMap<>();
    for (int i = 0; i < header.size(); i++) {
      String name = called.apply(header.get(i).strip());
      if (!name.isEmpty() && places.putIfAbsent(name, i) != null) {
        throw new UserException(place + ": column '" + name + "' occurs twice; rename one");
      }
    }
    return places;
  }

  /** The columns of a table, and the place of each by its name. */
  private record Columns(Layout layout, Map<String, Integer> places) {}

  /** The cells of a row by the name of their column. */
  public static final class Cells {

    private final CSVRecord row;
    private final Columns columns;

    private Cells(CSVRecord row, Columns columns) {
      this.row = row;
      this.columns = columns;
    }

    /** Empty if the column or the cell is missing. */
    public String get(String name) {
      int at = place(name).orElse(Integer.MAX_VALUE);
      return at < row.size() ? text(at) : "";
    }

    private String text(int at) {
      return unguard(row.get(at).replace("\r\n", "\n"));
    }

    /** All cells in their order. */
    public List<String> all() {
      return IntStream.range(0, row.size()).mapToObj(this::text).toList();
    }

    /** The place of a column among all cells. */
    public Optional<Integer> place(String name) {
      return Optional.ofNullable(columns.places().get(name));
    }

    /** That of the table. */
    public Layout layout() {
      return columns.layout();
    }

    /**
     * Refuses a row that is wider than the header: most often quotes are missing, and cells stand
     * one column too far to the right.
     */
    public void requireWidth() {
      int width = columns.layout().header().size();
      if (row.size() > width) {
        throw new IllegalArgumentException(
            "row has %d columns but the header has %d; quote texts that hold commas"
                .formatted(row.size(), width));
      }
    }
  }
}
