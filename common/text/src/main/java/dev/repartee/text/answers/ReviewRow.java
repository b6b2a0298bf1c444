package dev.repartee.text.answers;

import dev.repartee.text.UserException;
import dev.repartee.text.io.Spreadsheet;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A row of {@code review.csv} as a person left it: what was decided about an answer.
 *
 * @param place file and line, for messages
 * @param phrasings the phrasings that were shown
 */
public record ReviewRow(
    String place, String id, String text, Decision decision, List<String> phrasings) {

  // The columns that are read. Extraction writes others too.
  public static final String DECISION = "decision";
  public static final String NEW_TEXT = "new_text";
  public static final String MERGE_INTO = "merge_into";
  public static final String NOTE = "note";
  public static final String ID = "id";
  public static final String TEXT = "text";
  public static final String PHRASINGS = "phrasings";

  /** Those that the file must have. */
  public static final List<String> COLUMNS = List.of(DECISION, NEW_TEXT, MERGE_INTO, ID);

  /** Between the phrasings in their cell. */
  public static final String SEPARATOR = " | ";

  private static final String WORDS = "approve, edit, reject, merge or nothing";

  public ReviewRow {
    phrasings = List.copyOf(phrasings);
  }

  /**
   * The rows of {@code file} in order. Whether their decisions fit each other is not checked.
   *
   * @throws UserException naming file, line and column of what cannot be read
   */
  public static List<ReviewRow> read(Path file) {
    return Spreadsheet.read(file, COLUMNS, List.of(), ReviewRow::of);
  }

  /** The row that these cells are. */
  public static ReviewRow of(Spreadsheet.Cells cells, String place) {
    String id = cells.get(ID).strip();
    if (id.isEmpty()) {
      throw new UserException(place + ": id is empty; restore the row's id or remove the row");
    }
    return new ReviewRow(
        place,
        id,
        cells.get(TEXT),
        decision(cells, place),
        Arrays.stream(cells.get(PHRASINGS).split(Pattern.quote(SEPARATOR), -1))
            .filter(text -> !text.isBlank())
            .toList());
  }

  /** The same answer with another decision. */
  public ReviewRow with(Decision other) {
    return new ReviewRow(place, id, text, other, phrasings);
  }

  private static Decision decision(Spreadsheet.Cells cells, String place) {
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
          place + ": new_text is empty though decision is edit; write the text to suggest instead");
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

  /**
   * Returns {@code rows}, once it is clear that they fit each other: each id is known and once in
   * the file, and each merge ends at an answer that stays.
   *
   * @param known ids that answers have or had
   * @throws UserException naming the row that does not fit
   */
  public static List<ReviewRow> checked(List<ReviewRow> rows, Set<String> known) {
    Map<String, ReviewRow> byId = new HashMap<>();
    for (ReviewRow row : rows) {
      if (!known.contains(row.id())) {
        throw new UserException(
            "%s: id '%s' is unknown; restore the row's id or remove the row"
                .formatted(row.place(), row.id()));
      }
      ReviewRow earlier = byId.putIfAbsent(row.id(), row);
      if (earlier != null) {
        throw new UserException(
            "%s: id '%s' is already in %s; remove one of the rows"
                .formatted(row.place(), row.id(), earlier.place()));
      }
    }
    rows.forEach(row -> row.checkMerge(byId, known));
    return rows;
  }

  /** Follows the merges to their end, which must be an answer that stays. */
  private void checkMerge(Map<String, ReviewRow> byId, Set<String> known) {
    Set<String> visited = new HashSet<>();
    ReviewRow at = this;
    while (at != null && at.decision.kind() == Decision.Kind.MERGE) {
      String into = at.decision.mergeInto();
      if (!visited.add(at.id)) {
        throw mergeError("leads back to itself; choose one answer that stays");
      }
      if (into.equals(at.id)) {
        throw at.mergeError("is the row's own id; choose another answer");
      }
      if (!known.contains(into)) {
        throw at.mergeError("is unknown; copy an id from the column id");
      }
      at = byId.get(into);
    }
    if (at != null && at.decision.kind() == Decision.Kind.REJECT && !visited.isEmpty()) {
      String what =
          decision.mergeInto().equals(at.id)
              ? "is rejected"
              : "ends at '" + at.id + "', which is rejected";
      throw mergeError(what + "; reject this one too or merge into an answer that stays");
    }
  }

  private UserException mergeError(String what) {
    return new UserException("%s: merge_into '%s' %s".formatted(place, decision.mergeInto(), what));
  }
}
