package dev.repartee.clustering.review;

import dev.repartee.text.UserException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Whether the decisions of a review fit each other and the answers that there are. */
final class DecisionChecks {

  private final Map<String, EditedRow> byId = new LinkedHashMap<>();
  private final Set<String> known;

  private DecisionChecks(Set<String> known) {
    this.known = known;
  }

  /**
   * The decisions and notes of {@code rows}, by id.
   *
   * @param known ids that answers have or had
   * @throws UserException naming file, line and column of a decision that cannot be carried out
   */
  static Map<String, Decision> check(List<EditedRow> rows, Set<String> known) {
    DecisionChecks checks = new DecisionChecks(known);
    rows.forEach(checks::add);
    checks.byId.values().forEach(checks::checkMerge);
    Map<String, Decision> decisions = new LinkedHashMap<>();
    checks.byId.forEach(
        (id, row) -> {
          if (!row.decision().equals(Decision.NONE)) {
            decisions.put(id, row.decision());
          }
        });
    return decisions;
  }

  private void add(EditedRow row) {
    if (!known.contains(row.id())) {
      throw new UserException(
          "%s: id '%s' is unknown; restore the row's id or remove the row"
              .formatted(row.place(), row.id()));
    }
    EditedRow earlier = byId.putIfAbsent(row.id(), row);
    if (earlier != null) {
      throw new UserException(
          "%s: id '%s' is already in %s; remove one of the rows"
              .formatted(row.place(), row.id(), earlier.place()));
    }
  }

  private void checkMerge(EditedRow row) {
    Map<String, String> way = new HashMap<>();
    EditedRow at = row;
    while (at != null && at.decision().kind() == Decision.Kind.MERGE) {
      String into = at.decision().mergeInto();
      if (way.put(at.id(), into) != null) {
        throw mergeError(row, "leads back to itself; choose one answer that stays");
      }
      if (into.equals(at.id())) {
        throw mergeError(at, "is the row's own id; choose another answer");
      }
      if (!known.contains(into)) {
        throw mergeError(at, "is unknown; copy an id from the column id");
      }
      at = byId.get(into);
    }
    if (at != null && at.decision().kind() == Decision.Kind.REJECT && !way.isEmpty()) {
      String what =
          row.decision().mergeInto().equals(at.id())
              ? "is rejected"
              : "ends at '" + at.id() + "', which is rejected";
      throw mergeError(row, what + "; reject this one too or merge into an answer that stays");
    }
  }

  private static UserException mergeError(EditedRow row, String what) {
    return new UserException(
        "%s: merge_into '%s' %s".formatted(row.place(), row.decision().mergeInto(), what));
  }
}
