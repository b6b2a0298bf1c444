package dev.repartee.text.answers;

import dev.repartee.text.UserException;
import dev.repartee.text.io.Sha256;
import dev.repartee.text.io.Spreadsheet;
import dev.repartee.text.privacy.PersonalData;
import dev.repartee.text.privacy.PublicFacts;
import dev.repartee.text.privacy.PublicFacts.Fact;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The file {@code public.csv}, one public value a row: a person writes {@code no} into {@code keep}
 * and the next extraction replaces the value as before. Has the form of a {@link Spreadsheet}.
 */
public final class PublicFile {

  /** The usual name of the file. */
  public static final String NAME = "public.csv";

  private static final String ID = "id";
  private static final String KEEP = "keep";
  private static final String KIND = "kind";
  private static final String VALUE = "value";
  private static final String CONVERSATIONS = "conversations";
  private static final String AGENTS = "agents";

  private static final int ID_DIGITS = 8;

  private PublicFile() {}

  /**
   * Writes all values, those that were struck last.
   *
   * @throws UserException if the file cannot be written
   */
  public static void write(Path file, PublicFacts kept, PublicFacts struck) {
    Spreadsheet.write(
        file,
        new Spreadsheet.Layout(',', List.of(KEEP, KIND, VALUE, CONVERSATIONS, AGENTS, ID)),
        Stream.concat(
            kept.facts().stream().map(fact -> cells("yes", fact)),
            struck.facts().stream().map(fact -> cells("no", fact))));
  }

  private static Stream<String> cells(String keep, Fact fact) {
    return Stream.of(
        keep,
        fact.kind().id(),
        fact.value(),
        String.valueOf(fact.conversations()),
        String.valueOf(fact.agents()),
        id(fact.kind().id(), fact.value()));
  }

  /** A spreadsheet may make "8:00 PM" of "8 pm", or a number of a phone's: then this disagrees. */
  private static String id(String kind, String value) {
    return "p-" + Sha256.of(kind + " " + value).substring(0, ID_DIGITS);
  }

  /**
   * The values that a person struck; none without the file.
   *
   * @throws UserException naming file, line and column of what cannot be read
   */
  public static PublicFacts struck(Path file) {
    if (!Files.exists(file)) {
      return PublicFacts.NONE;
    }
    return PublicFacts.of(
        Spreadsheet.read(file, List.of(KEEP, KIND, VALUE), List.of(), PublicFile::struck).stream()
            .flatMap(Optional::stream)
            .toList());
  }

  private static Optional<Fact> struck(Spreadsheet.Cells cells, String place) {
    String keep = cells.get(KEEP).strip().toLowerCase(Locale.ROOT);
    return switch (keep) {
      case "", "yes" -> Optional.empty();
      case "no" -> Optional.of(fact(cells, place));
      default ->
          throw new UserException(place + ": keep '" + keep + "' is unknown; write yes or no");
    };
  }

  private static Fact fact(Spreadsheet.Cells cells, String place) {
    String kind = cells.get(KIND).strip();
    String value = cells.get(VALUE).strip();
    if (value.isEmpty()) {
      throw new UserException(place + ": value is empty; restore it or remove the row");
    }
    String id = cells.get(ID).strip();
    if (!id.isEmpty() && !id.equals(id(kind, value))) {
      throw new UserException(
          "%s: value '%s' is not what was written there, so it would stay public; restore it (a spreadsheet may have changed it: import the column as text), or empty the cell under id"
              .formatted(place, value));
    }
    try {
      return new Fact(
          PersonalData.ofId(kind)
              .orElseThrow(
                  () -> new UserException(place + ": kind '" + kind + "' is unknown; restore it")),
          value,
          count(cells.get(CONVERSATIONS)),
          count(cells.get(AGENTS)));
    } catch (IllegalArgumentException e) {
      throw new UserException(place + ": " + e.getMessage(), e);
    }
  }

  /** For reading only, so a spreadsheet may have changed it. */
  private static int count(String cell) {
    String digits = cell.strip();
    return digits.matches("\\d{1,9}") ? Integer.parseInt(digits) : 0;
  }
}
