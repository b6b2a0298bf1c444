package dev.repartee.clustering.review;

import static java.util.Objects.requireNonNull;

import dev.repartee.text.UserException;
import dev.repartee.text.answers.PhrasingHash;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What there is from before an extraction.
 *
 * @param memory the answers that were listed, by which they are recognised
 * @param decisions what people decided, by id
 */
public record ReviewInput(ReviewMemory memory, Map<String, Decision> decisions) {

  /** Nothing was extracted before. */
  public static final ReviewInput NONE = new ReviewInput(ReviewMemory.EMPTY, Map.of());

  public ReviewInput {
    requireNonNull(memory, "memory is null");
    decisions = Collections.unmodifiableMap(new LinkedHashMap<>(decisions));
    for (String id : decisions.keySet()) {
      if (memory.find(id).isEmpty()) {
        throw new IllegalArgumentException("the memory lacks the decided id '" + id + "'");
      }
    }
  }

  /**
   * Reads what there is of both files. A row that a person removed from the review has no decision.
   * Without a review, the decisions of the memory hold. Without a memory, the review's own texts
   * and phrasings serve to recognise its answers.
   *
   * @throws UserException naming file, line and column of what is wrong
   */
  public static ReviewInput load(Path review, Path memoryFile) {
    ReviewMemory memory =
        Files.exists(memoryFile) ? ReviewMemoryFile.read(memoryFile) : ReviewMemory.EMPTY;
    if (!Files.exists(review)) {
      return new ReviewInput(memory, memory.decisions());
    }
    List<EditedRow> rows = ReviewReader.read(review);
    Set<String> known = new LinkedHashSet<>(memory.ids());
    if (memory.isEmpty()) {
      rows.forEach(row -> known.add(row.id()));
    }
    Map<String, Decision> decisions = DecisionChecks.check(rows, known);
    return new ReviewInput(memory.isEmpty() ? memoryOf(rows) : memory, decisions);
  }

  private static ReviewMemory memoryOf(List<EditedRow> rows) {
    List<Remembered> all = new ArrayList<>();
    for (EditedRow row : rows) {
      Map<String, Long> phrasings = new TreeMap<>();
      row.phrasings().forEach(text -> phrasings.merge(PhrasingHash.of(text), 1L, Long::sum));
      if (row.text().isBlank()) {
        throw new UserException(row.place() + ": text is empty; restore it or remove the row");
      }
      phrasings.putIfAbsent(PhrasingHash.of(row.text()), 1L);
      all.add(new Remembered(row.id(), row.text(), row.decision(), true, phrasings));
    }
    return new ReviewMemory(all);
  }
}
