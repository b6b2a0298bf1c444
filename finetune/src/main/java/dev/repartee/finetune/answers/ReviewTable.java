package dev.repartee.finetune.answers;

import dev.repartee.finetune.answers.LibraryCheck.SimilarTexts;
import dev.repartee.text.UserException;
import dev.repartee.text.answers.Decision;
import dev.repartee.text.answers.ReviewRow;
import dev.repartee.text.io.Spreadsheet;
import dev.repartee.text.io.Spreadsheet.Cells;
import dev.repartee.text.io.Spreadsheet.Layout;
import dev.repartee.text.json.Json;
import dev.repartee.text.json.JsonFields;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code review.csv} of an extraction. A save changes the cells of decisions and leaves all others,
 * the order of rows and columns and the separator as they are.
 */
final class ReviewTable extends EditedFile {

  static final String FILE = "review.csv";

  /** Holds the ids of earlier answers, too, into which rows may be merged. */
  private static final String STATE = "review-state.json";

  /** From this share of common words on, answers are shown together. */
  private static final double SIMILAR = 0.5;

  /** The columns that a page shows as they are. */
  private static final List<String> SHOWN =
      List.of("messages", "agents", "share_of_messages", "domains", "language", "status");

  private record Row(ReviewRow review, Cells cells) {}

  private final Optional<JsonNode> evaluated; // by id, how many of the replies

  /**
   * @param evaluation {@code evaluation.json} of a model that was trained with these answers
   */
  ReviewTable(Path file, Optional<Path> evaluation) {
    super(file);
    this.evaluated = evaluation.map(ReviewTable::evaluated);
  }

  private static JsonNode evaluated(Path evaluation) {
    JsonNode report = Json.readFile(evaluation);
    if (!report.has("operating_point")) {
      throw new UserException(
          evaluation + ": no evaluation of a model; give the evaluation.json of 'evaluate'");
    }
    return report.path("answers");
  }

  @Override
  String text() {
    return Spreadsheet.text(file());
  }

  private List<Row> rows(String text) {
    List<Row> rows =
        Spreadsheet.read(
            text,
            file(),
            ReviewRow.COLUMNS,
            List.of(),
            (cells, place) -> new Row(ReviewRow.of(cells, place), cells));
    check(rows.stream().map(Row::review).toList());
    return rows;
  }

  private void check(List<ReviewRow> rows) {
    Set<String> known = new HashSet<>();
    rows.forEach(row -> known.add(row.id()));
    Path state = file().resolveSibling(STATE);
    if (Files.exists(state)) {
      Json.readFile(state).path("answers").forEach(past -> known.add(past.path("id").asString()));
    }
    ReviewRow.checked(rows, known);
  }

  @Override
  ObjectNode content(String text) {
    List<Row> rows = rows(text);
    ObjectNode json = Json.COMPACT.createObjectNode();
    for (Row row : rows) {
      json.withArray("rows").add(json(row));
    }
    List<String> texts = rows.stream().map(row -> row.review().text()).toList();
    json.set("groups", Json.COMPACT.valueToTree(SimilarTexts.groups(texts, SIMILAR)));
    return json;
  }

  private ObjectNode json(Row row) {
    ReviewRow review = row.review();
    ObjectNode json = Json.COMPACT.createObjectNode();
    json.put(ReviewRow.ID, review.id()).put(ReviewRow.TEXT, review.text());
    json.put(ReviewRow.DECISION, review.decision().kind().word());
    json.put(ReviewRow.NEW_TEXT, review.decision().newText());
    json.put(ReviewRow.MERGE_INTO, review.decision().mergeInto());
    json.put(ReviewRow.NOTE, review.decision().note());
    SHOWN.forEach(column -> json.put(column, row.cells().get(column)));
    json.put("customer_message", row.cells().get("customer_message"));
    evaluated.ifPresent(counts -> json.put("evaluated", counts.path(review.id()).asInt(0)));
    json.set(ReviewRow.PHRASINGS, Json.COMPACT.valueToTree(review.phrasings()));
    return json;
  }

  @Override
  void write(String text, JsonNode changes) {
    Map<String, Decision> decisions = decisions(changes);
    List<Row> rows = rows(text);
    Set<String> unknown = new TreeSet<>(decisions.keySet());
    rows.forEach(row -> unknown.remove(row.review().id()));
    if (!unknown.isEmpty()) {
      throw new UserException(file() + ": has no answer " + String.join(", ", unknown));
    }
    if (rows.isEmpty()) {
      return;
    }
    check(
        rows.stream()
            .map(Row::review)
            .map(row -> row.with(decisions.getOrDefault(row.id(), row.decision())))
            .toList());
    Cells first = rows.getFirst().cells();
    List<String> header = new ArrayList<>(first.layout().header());
    int note =
        first
            .place(ReviewRow.NOTE)
            .orElseGet(
                () -> {
                  header.add(ReviewRow.NOTE);
                  return header.size() - 1;
                });
    Stream<Stream<String>> written =
        rows.stream()
            .map(
                row -> {
                  List<String> cells = new ArrayList<>(row.cells().all());
                  Decision decision = decisions.get(row.review().id());
                  if (decision != null) {
                    set(cells, place(first, ReviewRow.DECISION), decision.kind().word());
                    set(cells, place(first, ReviewRow.NEW_TEXT), decision.newText());
                    set(cells, place(first, ReviewRow.MERGE_INTO), decision.mergeInto());
                    set(cells, note, decision.note());
                  }
                  return cells.stream();
                });
    Spreadsheet.write(file(), new Layout(first.layout().separator(), header), written);
  }

  private static int place(Cells cells, String column) {
    return cells.place(column).orElseThrow();
  }

  private static void set(List<String> cells, int place, String text) {
    while (cells.size() <= place) {
      cells.add("");
    }
    cells.set(place, text);
  }

  private static Map<String, Decision> decisions(JsonNode changes) {
    Map<String, Decision> decisions = new HashMap<>();
    for (JsonNode change : changes.path("rows")) {
      String id = JsonFields.filledText(change, ReviewRow.ID);
      try {
        decisions.put(id, decision(change));
      } catch (IllegalArgumentException e) {
        throw new UserException("answer " + id + ": " + e.getMessage(), e);
      }
    }
    return decisions;
  }

  /** With the text and the target that belong to the kind only. */
  private static Decision decision(JsonNode change) {
    String word = JsonFields.text(change, ReviewRow.DECISION);
    Decision.Kind kind =
        Decision.Kind.of(word)
            .orElseThrow(() -> new IllegalArgumentException("decision '" + word + "' is unknown"));
    String newText = JsonFields.text(change, ReviewRow.NEW_TEXT).strip();
    String mergeInto = JsonFields.text(change, ReviewRow.MERGE_INTO).strip();
    return new Decision(
        kind,
        kind == Decision.Kind.EDIT ? newText : "",
        kind == Decision.Kind.MERGE ? mergeInto : "",
        JsonFields.text(change, ReviewRow.NOTE).strip());
  }
}
