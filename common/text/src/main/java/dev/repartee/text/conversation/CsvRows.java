package dev.repartee.text.conversation;

import dev.repartee.text.UserException;
import java.io.IOException;
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
 * Conversations of a CSV export, one message a row. Rows of one conversation may lie apart and out
 * of order: they are ordered by timestamp, rows with the same timestamp as they stand in the file.
 * Conversations come in the order of their first rows. The agent, the domain and the names of a
 * conversation are the first ones given in it.
 */
final class CsvRows implements Iterator<Conversation> {

  /** Blank lines are kept by the parser, which otherwise counts lines wrongly after one. */
  private static final CSVFormat FORMAT =
      CSVFormat.DEFAULT.builder().setIgnoreEmptyLines(false).get();

  private static final List<String> OF_CONVERSATION =
      List.of(CsvHeader.AGENT_ID, CsvHeader.DOMAIN, CsvHeader.CUSTOMER_NAME, CsvHeader.AGENT_NAME);

  /** A row; {@code values} are those of the columns that tell about the whole conversation. */
  private record Row(Instant time, Message message, Map<String, String> values) {}

  private final LineSource source;
  private final BadLines bad;
  private final Path file;
  private Iterator<Map.Entry<String, List<Row>>> conversations;

  CsvRows(LineSource source, BadLines bad, Path file) {
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
        first(rows, CsvHeader.AGENT_ID),
        first(rows, CsvHeader.DOMAIN),
        first(rows, CsvHeader.CUSTOMER_NAME),
        first(rows, CsvHeader.AGENT_NAME),
        rows.stream().map(Row::message).toList());
  }

  private static Optional<String> first(List<Row> rows, String column) {
    return rows.stream()
        .flatMap(row -> Optional.ofNullable(row.values().get(column)).stream())
        .findFirst();
  }

  private Map<String, List<Row>> read() {
    Map<String, List<Row>> rowsOfId = new LinkedHashMap<>();
    try (CSVParser parser = CSVParser.parse(new LineReader(source, bad), FORMAT)) {
      Iterator<CSVRecord> records = parser.iterator();
      Optional<CsvHeader> header = Optional.empty();
      long line = 1;
      while (!bad.isFull() && records.hasNext()) {
        CSVRecord row = records.next();
        if (!isBlank(row)) {
          if (header.isEmpty()) {
            header = Optional.of(CsvHeader.of(row, file + ":" + line));
          } else {
            addRow(row, line, header.get(), rowsOfId);
          }
        }
        line = parser.getCurrentLineNumber() + 1;
      }
    } catch (UncheckedIOException | IOException e) {
      // The end of a broken quoted field cannot be known, so nothing after it can be read.
      bad.throwIfAny();
      throw new UserException(file + ": not CSV: " + rootMessage(e), e);
    }
    bad.throwIfAny();
    return rowsOfId;
  }

  private static String rootMessage(Exception e) {
    return e instanceof UncheckedIOException unchecked
        ? unchecked.getCause().getMessage()
        : e.getMessage();
  }

  private static boolean isBlank(CSVRecord row) {
    return row.size() == 1 && row.get(0).isBlank();
  }

  private void addRow(CSVRecord row, long line, CsvHeader header, Map<String, List<Row>> rowsOfId) {
    try {
      header.requireWidth(row);
      String id = header.filled(row, CsvHeader.CONVERSATION_ID);
      Instant time = Timestamps.parse(header.filled(row, CsvHeader.TIMESTAMP));
      Role role = Role.of(header.filled(row, CsvHeader.ROLE));
      Message message = new Message(role, header.text(row, CsvHeader.TEXT));
      rowsOfId
          .computeIfAbsent(id, unseen -> new ArrayList<>())
          .add(new Row(time, message, valuesOfConversation(row, header)));
    } catch (IllegalArgumentException e) {
      bad.add(line, e.getMessage());
    }
  }

  private static Map<String, String> valuesOfConversation(CSVRecord row, CsvHeader header) {
    Map<String, String> values = new HashMap<>();
    for (String column : OF_CONVERSATION) {
      header.optional(row, column).ifPresent(value -> values.put(column, value));
    }
    return values;
  }
}
