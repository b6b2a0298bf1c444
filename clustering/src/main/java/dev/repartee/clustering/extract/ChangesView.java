package dev.repartee.clustering.extract;

import dev.repartee.clustering.review.Decision.Kind;
import dev.repartee.clustering.review.ReviewChanges;
import dev.repartee.clustering.review.ReviewChanges.Item;
import dev.repartee.text.page.Quantities;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is different from the last extraction, and what became of people's decisions. */
final class ChangesView {

  private static final int MOST_LISTED = 100;

  private final ReviewChanges changes;

  ChangesView(ReviewChanges changes) {
    this.changes = changes;
  }

  Map<String, Object> model() {
    Map<String, Object> model = new HashMap<>();
    model.put("first", changes.first());
    model.put("facts", facts());
    model.put("waiting", waiting());
    model.put("hasWaiting", !changes.unapplied().isEmpty());
    model.put("lists", lists());
    return model;
  }

  private List<Map<String, String>> facts() {
    List<Map<String, String>> facts = new ArrayList<>();
    if (!changes.first()) {
      facts.add(fact("New answers", changes.added().size()));
      facts.add(fact("Unchanged", changes.kept()));
      facts.add(fact("Text changed", changes.changed().size()));
      facts.add(fact("Gone", changes.gone().size()));
    }
    addDecisions(facts, Kind.APPROVE, "Approved");
    addDecisions(facts, Kind.EDIT, "Edited");
    addDecisions(facts, Kind.REJECT, "Rejected");
    addDecisions(facts, Kind.MERGE, "Merged");
    return facts;
  }

  private void addDecisions(List<Map<String, String>> facts, Kind kind, String name) {
    int number = changes.decisions().getOrDefault(kind, 0);
    if (number > 0) {
      facts.add(fact(name + " by people", number));
    }
  }

  private static Map<String, String> fact(String name, long value) {
    return Map.of("name", name, "value", Quantities.count(value));
  }

  private List<Map<String, String>> waiting() {
    return changes.unapplied().stream()
        .map(
            one ->
                Map.of(
                    "text", one.text(),
                    "id", one.id(),
                    "decision", one.decision().kind().word(),
                    "reason", one.reason()))
        .toList();
  }

  private List<Map<String, Object>> lists() {
    if (changes.first()) {
      return List.of();
    }
    List<Map<String, Object>> lists = new ArrayList<>();
    addList(lists, "New answers", changes.added().stream().map(ChangesView::line).toList());
    addList(
        lists,
        "Answers whose most typical text changed",
        changes.changed().stream().map(c -> Map.of("text", c.after(), "was", c.before())).toList());
    addList(lists, "Gone", changes.gone().stream().map(ChangesView::line).toList());
    return lists;
  }

  private static Map<String, String> line(Item item) {
    return Map.of("text", item.text(), "why", item.why());
  }

  private static void addList(
      List<Map<String, Object>> lists, String title, List<Map<String, String>> lines) {
    if (!lines.isEmpty()) {
      int more = lines.size() - MOST_LISTED;
      lists.add(
          Map.of(
              "title",
              title + " (" + Quantities.count(lines.size()) + ")",
              "lines",
              lines.stream().limit(MOST_LISTED).toList(),
              "rest",
              more > 0 ? "and " + Quantities.count(more) + " more" : ""));
    }
  }
}
