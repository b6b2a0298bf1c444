package dev.repartee.clustering.review;

import static java.util.Objects.requireNonNull;

import dev.repartee.clustering.review.ReviewMemory.PastAnswer;
import dev.repartee.text.UserException;
import dev.repartee.text.answers.Decision;
import dev.repartee.text.answers.Phrasing;
import dev.repartee.text.answers.ReviewRow;
import dev.repartee.text.privacy.PublicFacts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What an extraction takes over from earlier ones.
 *
 * @param memory the answers that were listed, by which clusters are recognised
 * @param decisions people's decisions, by id
 * @param seen by hash of each wording that the review showed, the id of the decided answer
 */
public record ReviewInput(
    ReviewMemory memory, Map<String, Decision> decisions, Map<String, String> seen) {

  /** Nothing was extracted before. */
  public static final ReviewInput NONE = new ReviewInput(ReviewMemory.EMPTY, Map.of());

  /** Of a review that shows no wordings. */
  public ReviewInput(ReviewMemory memory, Map<String, Decision> decisions) {
    this(memory, decisions, Map.of());
  }

  public ReviewInput {
    requireNonNull(memory, "memory is null");
    seen = Map.copyOf(seen);
    decisions = Collections.unmodifiableMap(new LinkedHashMap<>(decisions));
    for (String id : decisions.keySet()) {
      if (memory.find(id).isEmpty()) {
        throw new IllegalArgumentException("the memory lacks the decided id '" + id + "'");
      }
    }
  }

  /** This input with placeholders for {@code struck} values in the texts of answers and edits. */
  public ReviewInput without(PublicFacts struck) {
    List<PastAnswer> answers = new ArrayList<>();
    for (PastAnswer past : memory.all()) {
      answers.add(
          new PastAnswer(
              past.id(),
              struck.replacedIn(past.text()),
              without(past.decision(), struck),
              past.listed(),
              past.phrasings(),
              past.closed()));
    }
    Map<String, Decision> left = new LinkedHashMap<>();
    decisions.forEach((id, decision) -> left.put(id, without(decision, struck)));
    return new ReviewInput(new ReviewMemory(answers), left, seen);
  }

  private static Decision without(Decision decision, PublicFacts struck) {
    return new Decision(
        decision.kind(),
        struck.replacedIn(decision.newText()),
        decision.mergeInto(),
        decision.note());
  }

  /**
   * Reads both files, if they exist. A row that a person removed from the review has no decision.
   * Without a review, the memory's decisions apply. Without a memory, the texts and phrasings in
   * the review serve to recognise its answers.
   *
   * @throws UserException naming file, line and column of what is wrong
   */
  public static ReviewInput load(Path review, Path memoryFile) {
    ReviewMemory memory =
        Files.exists(memoryFile) ? ReviewMemory.read(memoryFile) : ReviewMemory.EMPTY;
    if (!Files.exists(review)) {
      return new ReviewInput(memory, memory.decisions());
    }
    List<ReviewRow> rows = ReviewRow.read(review);
    Set<String> known = new LinkedHashSet<>(memory.ids());
    if (memory.isEmpty()) {
      rows.forEach(row -> known.add(row.id()));
    }
    Map<String, Decision> decisions = decisions(rows, known);
    Map<String, String> seen = new HashMap<>();
    for (ReviewRow row : rows) {
      if (row.decision().isMade()) {
        row.phrasings().forEach(text -> seen.putIfAbsent(Phrasing.hash(text), row.id()));
      }
    }
    return new ReviewInput(memory.isEmpty() ? memoryOf(rows) : memory, decisions, seen);
  }

  private static Map<String, Decision> decisions(List<ReviewRow> rows, Set<String> known) {
    Map<String, Decision> decisions = new LinkedHashMap<>();
    for (ReviewRow row : ReviewRow.checked(rows, known)) {
      if (!row.decision().equals(Decision.NONE)) {
        decisions.put(row.id(), row.decision());
      }
    }
    return decisions;
  }

  private static ReviewMemory memoryOf(List<ReviewRow> rows) {
    List<PastAnswer> all = new ArrayList<>();
    for (ReviewRow row : rows) {
      Map<String, Long> phrasings = new TreeMap<>();
      row.phrasings().forEach(text -> phrasings.merge(Phrasing.hash(text), 1L, Long::sum));
      if (row.text().isBlank()) {
        throw new UserException(row.place() + ": text is empty; restore it or remove the row");
      }
      phrasings.putIfAbsent(Phrasing.hash(row.text()), 1L);
      all.add(new PastAnswer(row.id(), row.text(), row.decision(), true, phrasings, phrasings));
    }
    return new ReviewMemory(all);
  }
}
