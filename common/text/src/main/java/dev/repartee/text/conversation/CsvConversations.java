package dev.repartee.text.conversation;

import dev.repartee.text.UserException;
import dev.repartee.text.conversation.CsvLayout.Column;
import dev.repartee.text.conversation.CsvLayout.Speaker;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * The conversations of CSV files (RFC 4180) with a message in each row. The rows of a conversation
 * may lie apart, out of order and in several files: they are sorted by time, rows with equal times
 * in file order. Conversations come in the order of their first rows. All messages stay in memory.
 *
 * <p>Of a conversation's agent, domain and names the first in time counts that stands in a row of
 * the person in question; where none does, that of any row, unless the column holds the author of
 * each message.
 */
public final class CsvConversations {

  /** The parser must not skip blank lines: it counts lines wrongly after one that it skips. */
  private static final CSVFormat FORMAT =
      CSVFormat.DEFAULT.builder().setIgnoreEmptyLines(false).get();

  private record Row(Instant time, Message message) {}

  /**
   * A value that counts for the whole conversation.
   *
   * @param own whether it stands in a row of the person whom it names
   */
  private record Value(String text, Instant time, boolean own) {

    boolean isBetterThan(Value other) {
      return own == other.own ? time.isBefore(other.time) : own;
    }
  }

  /** What was read of a conversation. */
  private static final class Draft {
    private final List<Row> rows = new ArrayList<>();
    private final Map<Column, Value> values = new EnumMap<>(Column.class);
    private boolean severalAgents;
    private long file; // of the row that was read last
    private int before; // rows of the files before that

    /** Whether a file before this one has the row: exports overlap. */
    boolean isRepeated(Row row, long current) {
      if (current != file) {
        file = current;
        before = rows.size();
      }
      return rows.subList(0, before).contains(row);
    }
  }

  private final CsvLayout layout;
  private final Map<String, Draft> drafts = new LinkedHashMap<>();
  private final SortedMap<String, Long> skipped = new TreeMap<>();
  private long files;
  private long rows;
  private long repeated;

  public CsvConversations(CsvLayout layout) {
    this.layout = layout;
  }

  /**
   * Reads a file, plain or gzip.
   *
   * @throws UserException listing up to {@value ConversationReader#MOST_BAD_LINES} bad rows as
   *     {@code file:line: what is wrong}
   */
  public void read(Path file) {
    read(LineSource.open(file));
  }

  void read(LineSource source) {
    files++;
    BadLines bad = new BadLines(source.file().toString(), ConversationReader.MOST_BAD_LINES);
    Characters characters = new Characters(source, bad);
    CSVFormat format =
        FORMAT.builder().setDelimiter(layout.separator(characters.firstLine())).get();
    try (CSVParser parser = CSVParser.parse(characters, format)) {
      Iterator<CSVRecord> records = parser.iterator();
      Optional<Header> header = Optional.empty();
      long line = 1;
      while (!bad.isFull() && records.hasNext()) {
        CSVRecord row = records.next();
        if (!isBlank(row)) {
          if (header.isEmpty()) {
            bad.throwIfAny(); // in another encoding no column is found
            header = Optional.of(Header.of(row, layout, source.file() + ":" + line));
          } else {
            add(row, line, header.get(), bad);
          }
        }
        line = parser.getCurrentLineNumber() + 1;
      }
    } catch (UncheckedIOException | IOException e) {
      // The end of a broken quoted field is unknown, so nothing after it can be read.
      bad.throwIfAny();
      String message =
          e instanceof UncheckedIOException unchecked
              ? unchecked.getCause().getMessage()
              : e.getMessage();
      throw new UserException(
          source.file() + ": not CSV: " + message + "; look for a quote without its end", e);
    }
    bad.throwIfAny();
  }

  /** Blank, or cells without text, as spreadsheets leave them at the end. */
  private static boolean isBlank(CSVRecord row) {
    return row.stream().allMatch(String::isBlank);
  }

  private void add(CSVRecord row, long line, Header header, BadLines bad) {
    try {
      header.requireWidth(row);
      String role = header.text(row, Column.ROLE);
      Speaker speaker = layout.speaker(role);
      Optional<Message> message = speaker.message(header.text(row, Column.TEXT));
      rows++;
      if (message.isEmpty()) {
        skipped.merge(role.strip(), 1L, Long::sum);
        return;
      }
      String id = header.filled(row, Column.ID);
      Instant time = layout.time(header.filled(row, Column.TIME));
      Draft draft = drafts.computeIfAbsent(id, unseen -> new Draft());
      Row one = new Row(time, message.get());
      if (draft.isRepeated(one, files)) {
        repeated++;
        return;
      }
      draft.rows.add(one);
      Column.OF_CONVERSATION.forEach(
          column ->
              header
                  .optional(row, column)
                  .filter(text -> isOf(speaker, column) || !layout.isOfAuthors(column))
                  .ifPresent(text -> add(draft, column, text, time, isOf(speaker, column))));
    } catch (IllegalArgumentException e) {
      bad.add(line, e.getMessage());
    }
  }

  /** Whether a column says something about who wrote the row. */
  private static boolean isOf(Speaker speaker, Column column) {
    return switch (column) {
      case AGENT, AGENT_NAME -> speaker == Speaker.AGENT;
      case CUSTOMER_NAME -> speaker == Speaker.CUSTOMER;
      default -> true;
    };
  }

  private static void add(Draft draft, Column column, String text, Instant time, boolean own) {
    Value value = new Value(text, time, own);
    Value known = draft.values.get(column);
    if (known == null || value.isBetterThan(known)) {
      draft.values.put(column, value);
    }
    boolean other = known != null && known.own() && own && !known.text().equals(text);
    draft.severalAgents |= column == Column.AGENT && other;
  }

  /** The conversations of all files that were read. */
  public Stream<Conversation> conversations() {
    return drafts.entrySet().stream().map(entry -> conversation(entry.getKey(), entry.getValue()));
  }

  private static Conversation conversation(String id, Draft draft) {
    draft.rows.sort(Comparator.comparing(Row::time));
    return new Conversation(
        id,
        value(draft, Column.AGENT),
        value(draft, Column.DOMAIN),
        value(draft, Column.CUSTOMER_NAME),
        value(draft, Column.AGENT_NAME),
        Optional.of(draft.rows.getFirst().time()),
        draft.rows.stream().map(Row::message).toList());
  }

  private static Optional<String> value(Draft draft, Column column) {
    return Optional.ofNullable(draft.values.get(column)).map(Value::text);
  }

  /** Rows with a message, those that were skipped included. */
  public long rows() {
    return rows;
  }

  /** Rows that a file before theirs had already, which count once. */
  public long repeated() {
    return repeated;
  }

  /** The number of skipped rows by the value of their role column. */
  public SortedMap<String, Long> skipped() {
    return Collections.unmodifiableSortedMap(skipped);
  }

  /** Conversations in which more than one agent wrote; the first counts as their agent. */
  public long withSeveralAgents() {
    return drafts.values().stream().filter(draft -> draft.severalAgents).count();
  }

  /** The positions of the columns, which may stand in any order; unknown columns are ignored. */
  private record Header(CsvLayout layout, Map<Column, Integer> columns, int width) {

    /**
     * Reads the header row.
     *
     * @param place file and line, for the error
     * @throws UserException when a needed column is missing or a column stands there twice
     */
    static Header of(CSVRecord row, CsvLayout layout, String place) {
      Map<String, Integer> byName = new HashMap<>();
      for (int i = 0; i < row.size(); i++) {
        String name = row.get(i).strip();
        if (byName.putIfAbsent(name, i) != null && !name.isEmpty()) {
          throw new UserException(place + ": column '" + name + "' occurs twice; rename one");
        }
      }
      Map<Column, Integer> columns = new EnumMap<>(Column.class);
      List<String> missing = new ArrayList<>();
      layout
          .names()
          .forEach(
              (column, name) -> {
                if (byName.containsKey(name)) {
                  columns.put(column, byName.get(name));
                } else if (layout.isNeeded(column)) {
                  missing.add(name);
                }
              });
      if (!missing.isEmpty()) {
        throw new UserException(
            "%s: column %s is missing; found %s; 'conversations import' reads columns of other names (--columns id=Ticket,role=From) and another separator (--separator ';')"
                .formatted(place, String.join(", ", missing), String.join(", ", row.toList())));
      }
      return new Header(layout, columns, row.size());
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
      return columns.containsKey(column)
          ? Optional.of(text(row, column)).filter(value -> !value.isBlank())
          : Optional.empty();
    }
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

    /** The first line with text, which stays to be read. */
    String firstLine() {
      StringBuilder start = new StringBuilder();
      while (start.toString().isBlank() && nextLine()) {
        start.append(line);
      }
      line = start.toString();
      position = 0;
      return line;
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
