package dev.repartee.text.answers;

import static java.util.Objects.requireNonNull;

import dev.repartee.text.TextNorm;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who used an answer, and where. What is not known is empty. The maps are kept most used first, of
 * equal use by name; positions in the order of a conversation.
 *
 * @param sentences messages that hold the answer as one sentence among others
 * @param byAgent uses by pseudonym
 * @param byDomain uses by domain
 * @param byPosition uses by position in the conversation, of {@link #POSITIONS}
 * @param contexts examples of what customers wrote before it, redacted and widely used themselves
 * @param language its code, such as {@code en}
 */
public record AnswerUse(
    long sentences,
    Map<String, Long> byAgent,
    Map<String, Long> byDomain,
    Map<String, Long> byPosition,
    List<String> contexts,
    Optional<String> language) {

  /** The parts of a conversation, in order. */
  public static final List<String> POSITIONS = List.of("opening", "middle", "closing");

  private static final Comparator<Map.Entry<String, Long>> MOST_USED_FIRST =
      Map.Entry.<String, Long>comparingByValue()
          .reversed()
          .thenComparing(Map.Entry::getKey, TextNorm.BY_CODE_POINT);

  private static final Comparator<Map.Entry<String, Long>> IN_ORDER =
      Comparator.comparingInt(entry -> POSITIONS.indexOf(entry.getKey()));

  /** Nothing is known. Stands below what its own construction needs. */
  public static final AnswerUse UNKNOWN =
      new AnswerUse(0, Map.of(), Map.of(), Map.of(), List.of(), Optional.empty());

  public AnswerUse {
    if (sentences < 0) {
      throw new IllegalArgumentException("sentences must be at least 0 but is " + sentences);
    }
    byAgent = sorted("by_agent", byAgent, MOST_USED_FIRST);
    byDomain = sorted("by_domain", byDomain, MOST_USED_FIRST);
    for (String position : byPosition.keySet()) {
      if (!POSITIONS.contains(position)) {
        throw new IllegalArgumentException(
            "by_position has '" + position + "' but must have only " + POSITIONS);
      }
    }
    byPosition = sorted("by_position", byPosition, IN_ORDER);
    contexts = List.copyOf(contexts);
    requireNonNull(language, "language is null");
  }

  private static Map<String, Long> sorted(
      String name, Map<String, Long> counts, Comparator<Map.Entry<String, Long>> order) {
    Map<String, Long> sorted = new LinkedHashMap<>();
    counts.entrySet().stream()
        .sorted(order)
        .forEach(
            entry -> {
              if (entry.getValue() < 1) {
                throw new IllegalArgumentException(
                    "%s.%s must be at least 1 but is %d"
                        .formatted(name, entry.getKey(), entry.getValue()));
              }
              sorted.put(entry.getKey(), entry.getValue());
            });
    return Collections.unmodifiableMap(sorted);
  }
}
