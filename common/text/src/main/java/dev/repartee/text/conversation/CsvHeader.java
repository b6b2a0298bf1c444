package dev.repartee.text.conversation;

import dev.repartee.text.UserException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.csv.CSVRecord;

/** Where a CSV export keeps what; columns may stand in any order, others are ignored. */
final class CsvHeader {

  static final String CONVERSATION_ID = "conversation_id";
  static final String TIMESTAMP = "timestamp";
  static final String ROLE = "role";
  static final String TEXT = "text";
  static final String AGENT_ID = "agent_id";
  static final String DOMAIN = "domain";
  static final String CUSTOMER_NAME = "customer_name";
  static final String AGENT_NAME = "agent_name";

  private static final List<String> REQUIRED = List.of(CONVERSATION_ID, TIMESTAMP, ROLE, TEXT);

  private final Map<String, Integer> columns;
  private final int width;

  private CsvHeader(Map<String, Integer> columns, int width) {
    this.columns = Map.copyOf(columns);
    this.width = width;
  }

  /**
   * Reads the header row.
   *
   * @param place file and line, for the error
   * @throws UserException when a column is missing or stands there twice
   */
  static CsvHeader of(CSVRecord row, String place) {
    Map<String, Integer> columns = new HashMap<>();
    for (int i = 0; i < row.size(); i++) {
      String name = row.get(i).strip();
      if (columns.putIfAbsent(name, i) != null && !name.isEmpty()) {
        throw new UserException(place + ": column '" + name + "' stands there twice");
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
    return new CsvHeader(columns, row.size());
  }

  /** Refuses a row with another number of columns than the header: most often a missing quote. */
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
