package dev.repartee.text.conversation;

import dev.repartee.text.Timestamps;
import dev.repartee.text.UserException;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * The conversations of a CSV export with a message in each row. The rows of a conversation may lie
 * apart and out of order: they are sorted by timestamp, rows with equal timestamps in file order.
 * Conversations come in the order of their first rows. A conversation takes its agent, domain and
 * names from the first of its rows that has them.
 */
final class CsvConversations implements Iterator<Conversation> {

  private static final String CONVERSATION_ID = "conversation_id";
  private static final String TIMESTAMP = "timestamp";
  private static final String ROLE = "role";
  private static final String TEXT = "text";
  private static final String AGENT_ID = "agent_id";
  private static final String DOMAIN = "domain";
  private static final String CUSTOMER_NAME = "customer_name";
  private static final String AGENT_NAME = "agent_name";
  private static final List<String> REQUIRED = List.of(CONVERSATION_ID, TIMESTAMP, ROLE, TEXT);
  private static final List<String> OF_CONVERSATION =
      List.of(AGENT_ID, DOMAIN, CUSTOMER_NAME, AGENT_NAME);

  /** The parser must not skip blank lines: it counts lines wrongly after one that it skips. */
  private static final CSVFormat FORMAT =
      CSVFormat.DEFAULT.builder().setIgnoreEmptyLines(false).get();

  /** A row; {@code values} are those of {@link #OF_CONVERSATION}. */
  private record Row(Instant time, Message message, Map<String, String> values) {}

  private final LineSource source;
  private final BadLines bad;
  private final Path file;
  private Iterator<Map.Entry<String, List<Row>>> conversations;

  CsvConversations(LineSource source, BadLines bad, Path file) {
    this.source = source;
    this.bad = bad;
    this.file = file;
  }

  @Override
  public boolean hasNext() {
    if (conversations == null) {
      conversations = read().entrySet().iterator();
    }
    return conversations.hasNext();
  }

  @Override
  public Conversation next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    Map.Entry<String, List<Row>> entry = conversations.next();
    List<Row> rows = entry.getValue();
    rows.sort(Comparator.comparing(Row::time));
    return new Conversation(
        entry.getKey(),
        first(rows, AGENT_ID),
        first(rows, DOMAIN),
        first(rows, CUSTOMER_NAME),
        first(rows, AGENT_NAME),
        rows.stream().map(Row::message).toList());
  }

  private static Optional<String> first(List<Row> rows, String column) {
    return rows.stream()
        .flatMap(row -> Optional.ofNullable(row.values().get(column)).stream())
        .findFirst();
  }

  private Map<String, List<Row>> read() {
    Map<String, List<Row>> rowsOfId = new LinkedHashMap<>();
    try (CSVParser parser = CSVParser.parse(new Characters(source, bad), FORMAT)) {
      Iterator<CSVRecord> records = parser.iterator();
      Optional<Header> header = Optional.empty();
      long line = 1;
      while (!bad.isFull() && records.hasNext()) {
        CSVRecord row = records.next();
        if (!isBlank(row)) {
          if (header.isEmpty()) {
            header = Optional.of(Header.of(row, file + ":" + line));
          } else {
            addRow(row, line, header.get(), rowsOfId);
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
      throw new UserException(file + ": not CSV: " + message, e);
    }
    bad.throwIfAny();
    return rowsOfId;
  }

  private static boolean isBlank(CSVRecord row) {
    return row.size() == 1 && row.get(0).isBlank();
  }

  private void addRow(CSVRecord row, long line, Header header, Map<String, List<Row>> rowsOfId) {
    try {
      header.requireWidth(row);
      String id = header.filled(row, CONVERSATION_ID);
      Instant time = Timestamps.instant(TIMESTAMP, header.filled(row, TIMESTAMP));
      Role role = Role.of(header.filled(row, ROLE));
      Message message = new Message(role, header.text(row, TEXT));
      Map<String, String> values = new HashMap<>();
      for (String column : OF_CONVERSATION) {
        header.optional(row, column).ifPresent(value -> values.put(column, value));
      }
      rowsOfId.computeIfAbsent(id, unseen -> new ArrayList<>()).add(new Row(time, message, values));
    } catch (IllegalArgumentException e) {
      bad.add(line, e.getMessage());
    }
  }

  /** The positions of the columns, which may stand in any order; unknown columns are ignored. */
  private record Header(Map<String, Integer> columns, int width) {

    /**
     * Reads the header row.
     *
     * @param place file and line, for the error
     * @throws UserException when a required column is missing or a column stands there twice
     */
    static Header of(CSVRecord row, String place) {
      Map<String, Integer> columns = new HashMap<>();
      for (int i = 0; i < row.size(); i++) {
        String name = row.get(i).strip();
        if (columns.putIfAbsent(name, i) != null && !name.isEmpty()) {
          throw new UserException(place + ": column '" + name + "' occurs twice");
        }
      }
      List<String> missing = REQUIRED.stream().filter(name -> !columns.containsKey(name)).toList();
      if (!missing.isEmpty()) {
        throw new UserException(
            "%s: column %s is missing; found %s; the first line must name %s, separated by commas"
                .formatted(
                    place,
                    String.join(", ", missing),
                    String.join(", ", row.toList()),
                    String.join(", ", REQUIRED)));
      }
      return new Header(columns, row.size());
    }

    /** Refuses a row of another width: most often a quote is missing. */
    void requireWidth(CSVRecord row) {
      if (row.size() != width) {
        throw new IllegalArgumentException(
            "row has %d columns but the header has %d; quote texts that hold commas"
                .formatted(row.size(), width));
      }
    }

    String text(CSVRecord row, String column) {
      return row.get(columns.get(column));
    }

    String filled(CSVRecord row, String column) {
      String value = text(row, column);
      if (value.isBlank()) {
        throw new IllegalArgumentException(column + " is blank");
      }
      return value;
    }

    Optional<String> optional(CSVRecord row, String column) {
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
