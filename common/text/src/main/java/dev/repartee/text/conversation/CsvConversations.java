package dev.repartee.text.conversation;

import dev.repartee.text.UserException;
import dev.repartee.text.conversation.ConversationCollector.ExportedMessage;
import dev.repartee.text.conversation.CsvLayout.Column;
import dev.repartee.text.conversation.CsvLayout.Speaker;
import dev.repartee.text.io.Spreadsheet;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.commons.csv.CSVRecord;

/**
 * Reads CSV files (RFC 4180) with a message in each row, and hands the messages to a {@link
 * ConversationCollector}.
 */
public final class CsvConversations {

  /** So much of the first line shows what separates cells. */
  private static final int LONGEST_HEADER = 1 << 16;

  /** How many values of a column an error names. */
  private static final int MOST_VALUES = 5;

  private final CsvLayout layout;
  private final ConversationCollector conversations;
  private final BinaryOperator<String> texts;
  private final BadLines bad;

  /** Rows by the values of the columns that {@link CsvLayout#skips} names. */
  private final Map<String, SortedMap<String, Long>> marks = new LinkedHashMap<>();

  /**
   * @param texts changes the text of a message before it is collected, from the text and its place
   * @param bad collects the bad rows of all files
   */
  public CsvConversations(
      CsvLayout layout,
      ConversationCollector conversations,
      BinaryOperator<String> texts,
      BadLines bad) {
    this.layout = layout;
    this.conversations = conversations;
    this.texts = texts;
    this.bad = bad;
  }

  /** Opens the characters of a file. */
  @FunctionalInterface
  public interface Source {
    /** Opens them at the beginning. */
    Reader open() throws IOException;
  }

  /** Takes the rows of a file. */
  @FunctionalInterface
  private interface Rows {
    /** Returns whether the next row is wanted. */
    boolean add(CSVRecord row, String place, Header header);
  }

  void read(LineSource source) {
    try {
      read(source.file().toString(), () -> new Characters(source, bad));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads the rows of a file.
   *
   * @param file its name in messages
   * @param source its content, which is opened again behind a row with a broken quote
   * @throws IOException of {@code source}
   * @throws UserException when it is no table of messages; bad rows are collected
   */
  public void read(String file, Source source) throws IOException {
    conversations.nextFile();
    read(
        file,
        source,
        (row, place, header) -> {
          add(row, place, header);
          return true;
        });
  }

  /**
   * Hands the times of a file to {@code times}, as they are written, until it returns false; reads
   * nothing else.
   *
   * @throws IOException of {@code source}
   */
  public void readTimes(String file, Source source, Predicate<String> times) throws IOException {
    read(
        file,
        source,
        (row, place, header) ->
            row.size() != header.width() || times.test(header.text(row, Column.TIME).strip()));
  }

  private void read(String file, Source source, Rows rows) throws IOException {
    Table table;
    long broken;
    try (BufferedReader characters = new BufferedReader(source.open())) {
      String first = firstLine(characters);
      if (first.startsWith("{") || first.startsWith("[")) {
        bad.throwIfAny();
        throw new UserException(
            file + ": holds JSON, not CSV; 'conversations import' reads the JSON of desks");
      }
      table = new Table(file, Spreadsheet.separator(first), rows);
      broken = table.read(characters, 0);
    }
    while (broken > 0) {
      try (BufferedReader rest = new BufferedReader(source.open())) {
        for (long line = 0; line < broken; line++) {
          rest.readLine();
        }
        broken = table.read(rest, broken);
      }
    }
  }

  /** A file while it is read. */
  private final class Table implements Spreadsheet.Rows {
    private final String file;
    private final char separator;
    private final Rows rows;
    private Optional<Header> header = Optional.empty();

    Table(String file, char separator, Rows rows) {
      this.file = file;
      this.separator = separator;
      this.rows = rows;
    }

    /**
     * Reads rows.
     *
     * @param before lines of the file before them
     * @return the line where a broken row begins; zero if there is none
     */
    long read(Reader characters, long before) throws IOException {
      long broken = Spreadsheet.rows(characters, separator, file, before, this);
      if (broken > 0) {
        bad.add("not CSV", file + ":" + broken, Spreadsheet.BROKEN);
        bad.throwIfAny();
      }
      return broken;
    }

    @Override
    public boolean add(CSVRecord row, String place) {
      if (header.isPresent()) {
        return rows.add(row, place, header.get());
      }
      bad.throwIfAny(); // in another encoding no column is found
      header = Optional.of(Header.of(row, layout, place));
      return true;
    }
  }

  private void add(CSVRecord row, String place, Header header) {
    try {
      header.requireWidth(row);
      boolean isTicket = layout.isJoined() && !header.has(Column.TICKET);
      Optional<String> mark = skipMark(row, header);
      String role =
          header.has(Column.ROLE) ? header.text(row, Column.ROLE) : Role.CUSTOMER.id(); // a ticket
      Speaker speaker = mark.isPresent() ? Speaker.SKIP : layout.speaker(role);
      if (speaker == Speaker.SKIP) {
        conversations.skip(mark.orElse(role.strip()));
        return;
      }
      String id = header.filled(row, header.has(Column.TICKET) ? Column.TICKET : Column.ID);
      String time = header.filled(row, Column.TIME);
      Map<Column, String> values = new EnumMap<>(Column.class);
      for (Column column : Column.OF_CONVERSATION) {
        header
            .optional(row, column)
            .filter(text -> column.isOf(speaker) || !layout.isOfAuthors(column))
            .ifPresent(text -> values.put(column, text));
      }
      header
          .optional(row, Column.REPLY_TO)
          .ifPresent(answered -> values.put(Column.REPLY_TO, answered.strip()));
      if (layout.isByAuthor()) {
        values.put(Column.AGENT, role.strip());
      }
      String text = texts.apply(header.text(row, Column.TEXT), place);
      if (layout.isJoined()) {
        Column own = isTicket ? Column.TICKET : Column.ID;
        header.optional(row, Column.ID).ifPresent(number -> values.put(own, number));
      }
      if (isTicket) {
        Optional<String> title = header.optional(row, Column.TITLE);
        text = (title.map(line -> texts.apply(line, place) + "\n").orElse("") + text).strip();
      }
      conversations.add(
          new ExportedMessage("csv", id, speaker, Optional.of(layout.time(time)), text, values),
          role);
    } catch (IllegalArgumentException e) {
      // A column's values differ; that they are wrong is one report.
      String kind = e.getMessage().replaceFirst("(?s) but is '.*", "");
      bad.add(kind.contains(" must be one of ") ? e.getMessage() : kind, place, e.getMessage());
    }
  }

  /** What makes a row one that is not read, as in an option. */
  private Optional<String> skipMark(CSVRecord row, Header header) {
    Optional<String> mark = Optional.empty();
    for (Map.Entry<String, Integer> column : header.marks().entrySet()) {
      String value = row.get(column.getValue()).strip();
      marks.computeIfAbsent(column.getKey(), unseen -> new TreeMap<>()).merge(value, 1L, Long::sum);
      if (mark.isEmpty() && layout.isSkipped(column.getKey(), value)) {
        mark = Optional.of(column.getKey() + "=" + value);
      }
    }
    return mark;
  }

  /**
   * Refuses a column of {@link CsvLayout#skips} that no file has, or with several values of which
   * none was skipped: the value that was named is most often misspelled.
   *
   * @throws UserException (wrong usage) naming the values
   */
  public void requireSkipped() {
    layout.skips().keySet().forEach(column -> marks.putIfAbsent(column, new TreeMap<>()));
    marks.forEach(
        (column, values) -> {
          boolean any = values.keySet().stream().anyMatch(one -> layout.isSkipped(column, one));
          boolean isNone = layout.skips().get(column).stream().allMatch("none"::equalsIgnoreCase);
          if (!any && values.size() != 1 && !isNone) {
            throw UserException.usage(
                "--skip %s=%s is in no row; the column holds %s; name one of them, or --skip %s=none to read all rows"
                    .formatted(
                        column,
                        String.join(",", layout.skips().get(column)),
                        values.isEmpty() ? "nothing" : shown(values),
                        column));
          }
        });
  }

  private static String shown(SortedMap<String, Long> values) {
    return values.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .limit(MOST_VALUES)
        .map(one -> "'%s' (%,d)".formatted(one.getKey(), one.getValue()))
        .collect(Collectors.joining(", "));
  }

  /** The positions of the columns, which may stand in any order; unknown columns are ignored. */
  private record Header(
      CsvLayout layout, Map<Column, Integer> columns, Map<String, Integer> marks, int width) {

    /**
     * Reads the header row.
     *
     * @param place file and line, for the error
     * @throws UserException when a needed column is missing, a column stands there twice, or one
     *     may mark private messages
     */
    static Header of(CSVRecord row, CsvLayout layout, String place) {
      Map<String, Integer> byName = Spreadsheet.places(row, UnaryOperator.identity(), place);
      Map<Column, Integer> columns = new EnumMap<>(Column.class);
      layout
          .names()
          .forEach(
              (column, name) ->
                  CsvLayout.alternatives(name).stream()
                      .filter(byName::containsKey)
                      .findFirst()
                      .ifPresent(found -> columns.put(column, byName.get(found))));
      if (columns.containsKey(Column.TITLE)) { // both tables may call a ticket's id the same
        columns.remove(Column.TICKET, columns.get(Column.ID));
      } else {
        columns.remove(Column.ID, columns.get(Column.TICKET));
      }
      boolean ofComments = columns.containsKey(Column.TICKET);
      List<String> missing =
          layout.names().keySet().stream()
              .filter(column -> !columns.containsKey(column))
              .filter(column -> layout.isNeeded(column, ofComments))
              .map(layout::name)
              .toList();
      if (!missing.isEmpty()) {
        throw new UserException(
            "%s: column %s is missing; found %s; cells are separated by comma, semicolon or tab, and 'conversations import' reads columns of other names (--columns id=Ticket,role=From); a table of comments has that of ticket="
                .formatted(place, String.join(", ", missing), names(row)));
      }
      Map<String, Integer> marks = new LinkedHashMap<>();
      for (String name : layout.skips().keySet()) {
        if (byName.containsKey(name)) {
          marks.put(name, byName.get(name));
        } else if (!layout.isJoined() || (ofComments && layout.mayBePrivate(name))) {
          throw new UserException(
              "%s: column %s of --skip is missing; found %s".formatted(place, name, names(row)));
        }
      }
      for (String name : byName.keySet()) {
        if (layout.mayBePrivate(name) && !marks.containsKey(name)) {
          boolean isPublic = name.toLowerCase(Locale.ROOT).contains("pub");
          throw new UserException(
              "%s: column '%s' may mark notes that no customer saw, which must not be learned; add --skip '%s=%s' to 'conversations import' with the value that such notes have, or --skip '%s=none' if there are none"
                  .formatted(place, name, name, isPublic ? "false" : "true", name));
        }
      }
      return new Header(layout, columns, marks, row.size());
    }

    boolean has(Column column) {
      return columns.containsKey(column);
    }

    /** What may be names of columns: a file without a header begins with a message. */
    private static String names(CSVRecord row) {
      return row.stream()
          .map(name -> name.matches("[^\\p{Nd}@]{0,30}") ? name : "...")
          .collect(Collectors.joining(", "));
    }

    /** Refuses a row of another width: most often a quote is missing. */
    void requireWidth(CSVRecord row) {
      if (row.size() != width) {
        throw new IllegalArgumentException(
            "row has %d columns but the header has %d; quote texts that hold the separator or line ends"
                .formatted(row.size(), width));
      }
    }

    String text(CSVRecord row, Column column) {
      return row.get(columns.get(column));
    }

    String filled(CSVRecord row, Column column) {
      String value = text(row, column);
      if (value.isBlank()) {
        throw new IllegalArgumentException(layout.name(column) + " is blank");
      }
      return value;
    }

    Optional<String> optional(CSVRecord row, Column column) {
      return has(column)
          ? Optional.of(text(row, column)).filter(value -> !value.isBlank())
          : Optional.empty();
    }
  }

  /** The first line with text, or its beginning; the next to read is still the first character. */
  private static String firstLine(BufferedReader characters) throws IOException {
    characters.mark(LONGEST_HEADER);
    StringBuilder start = new StringBuilder();
    int c = characters.read();
    while (c >= 0
        && start.length() < LONGEST_HEADER - 1
        && !(c == '\n' && !start.toString().isBlank())) {
      start.append((char) c);
      c = characters.read();
    }
    characters.reset();
    return start.toString().strip();
  }

  /** The characters of a {@link LineSource}; invalid bytes are reported and replaced. */
  private static final class Characters extends Reader {

    private final LineSource source;
    private final BadLines bad;
    private String line = "";
    private int position;

    Characters(LineSource source, BadLines bad) {
      this.source = source;
      this.bad = bad;
    }

    @Override
    public int read(char[] target, int offset, int length) {
      if (position == line.length() && !nextLine()) {
        return -1;
      }
      int count = Math.min(length, line.length() - position);
      line.getChars(position, position + count, target, offset);
      position += count;
      return count;
    }

    private boolean nextLine() {
      Optional<LineSource.Line> next = source.next();
      if (next.isEmpty()) {
        return false;
      }
      if (!next.get().valid()) {
        bad.add(next.get().number(), ConversationLine.NOT_UTF8);
      }
      line = next.get().text() + "\n";
      position = 0;
      return true;
    }

    @Override
    public void close() {
      source.close();
    }
  }
}
