package dev.repartee.knowledge;

import dev.repartee.registry.feedback.FeedbackRecord;
import dev.repartee.registry.feedback.FeedbackRecord.Typed;
import dev.repartee.text.Fnv;
import dev.repartee.text.TextNorm;
import dev.repartee.text.privacy.Sharing;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Who typed which text, in how many conversations, over all records. A text is counted as it
 * stands, to the letter and the sign, or one agent could decide how all word it; however often a
 * conversation holds it, it counts once. Texts, agents and conversations are kept as hashes. Counts
 * merge in any order. Not for several threads.
 */
final class TypedCounts {

  /** Texts that are shown, those of most conversations. */
  private static final int MOST_TEXTS = 2000;

  private static final class Count {
    private final Set<Long> conversations = new HashSet<>();
    private final Map<String, Set<Long>> ofAgents = new HashMap<>();
    private final Set<String> callers = new HashSet<>();
    private final Set<Long> ofUnknown = new HashSet<>();

    void add(Count other) {
      conversations.addAll(other.conversations);
      other.ofAgents.forEach(
          (agent, own) -> ofAgents.computeIfAbsent(agent, _ -> new HashSet<>()).addAll(own));
      callers.addAll(other.callers);
      ofUnknown.addAll(other.ofUnknown);
    }

    Optional<Readers> readers() {
      boolean all =
          Sharing.isTypedForAll(
              conversations.size(), ofAgents.size() + callers.size(), ofUnknown.size());
      Set<String> owners =
          ofAgents.entrySet().stream()
              .filter(one -> Sharing.isOwn(one.getValue().size()))
              .map(Map.Entry::getKey)
              .collect(Collectors.toCollection(TreeSet::new));
      return all || !owners.isEmpty()
          ? Optional.of(new Readers(all, owners, conversations.size()))
          : Optional.empty();
    }
  }

  /**
   * Who may see a text.
   *
   * @param all whether everybody may
   * @param owners agents who may where not everybody may, as hashes
   * @param conversations that hold it
   */
  record Readers(boolean all, Set<String> owners, int conversations) {

    /** Whether a reply is one that makes them readers. */
    boolean isFrom(Optional<String> agent) {
      return all || agent.filter(owners::contains).isPresent();
    }
  }

  private final Map<Long, Count> counts = new HashMap<>(); // by the hash of the text

  /** The text as it would be shown; others that differ in what cannot be seen are the same. */
  static String shown(String text) {
    return TextNorm.strip(TextNorm.visible(text));
  }

  static long hash(String text) {
    return Fnv.hash(shown(text));
  }

  void add(FeedbackRecord record, Typed typed) {
    Count count = counts.computeIfAbsent(hash(typed.text()), _ -> new Count());
    String caller = record.caller().orElse("");
    long conversation = Fnv.hash(caller + "\n" + record.conversationId());
    count.conversations.add(conversation);
    if (typed.agent().isPresent()) {
      count.ofAgents.computeIfAbsent(typed.agent().get(), _ -> new HashSet<>()).add(conversation);
    } else if (!caller.isEmpty()) {
      count.callers.add(caller);
    } else {
      count.ofUnknown.add(conversation);
    }
  }

  void add(TypedCounts other) {
    other.counts.forEach(
        (text, count) -> counts.computeIfAbsent(text, _ -> new Count()).add(count));
  }

  /** The texts that somebody may see, by their hashes, those of most conversations first. */
  Map<Long, Readers> shown() {
    Map<Long, Readers> shown = new LinkedHashMap<>();
    counts.entrySet().stream()
        .flatMap(
            one ->
                one.getValue().readers().map(readers -> Map.entry(one.getKey(), readers)).stream())
        .sorted(
            Comparator.comparingInt(
                    (Map.Entry<Long, Readers> one) -> -one.getValue().conversations())
                .thenComparing(Map.Entry::getKey))
        .limit(MOST_TEXTS)
        .forEach(one -> shown.put(one.getKey(), one.getValue()));
    return shown;
  }
}
