package dev.repartee.text.answers;

import dev.repartee.text.UserException;
import dev.repartee.text.io.Spreadsheet;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
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
    return Spreadsheet.read(file, List.of(DECISION, NEW_TEXT, MERGE_INTO, ID), ReviewRow::of);
  }

  private static ReviewRow of(Spreadsheet.Cells cells, String place) {
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
}
