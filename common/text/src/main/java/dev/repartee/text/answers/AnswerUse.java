package dev.repartee.text.answers;

import dev.repartee.text.TextNorm;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who used an answer, and where. What is not known is empty. The maps are kept most used first, of
 * equal use by name.
 *
 * @param sentences messages that hold the answer as one sentence among others
 * @param byAgent uses by pseudonym
 * @param byDomain uses by domain
 * @param language its code, such as {@code en}
 */
public record AnswerUse(
    long sentences,
    Map<String, Long> byAgent,
    Map<String, Long> byDomain,
    Optional<String> language) {

  private static final Comparator<Map.Entry<String, Long>> MOST_USED_FIRST =
      Map.Entry.<String, Long>comparingByValue()
          .reversed()
          .thenComparing(Map.Entry::getKey, TextNorm.BY_CODE_POINT);

  /** Nothing is known. Stands below what its own construction needs. */
  public static final AnswerUse UNKNOWN = new AnswerUse(0, Map.of(), Map.of(), Optional.empty());

  public AnswerUse {
    if (sentences < 0) {
      throw new IllegalArgumentException("sentences must be at least 0 but is " + sentences);
    }
    byAgent = sorted("by_agent", byAgent);
    byDomain = sorted("by_domain", byDomain);
  }

  private static Map<String, Long> sorted(String name, Map<String, Long> counts) {
    Map<String, Long> sorted = new LinkedHashMap<>();
    counts.entrySet().stream()
        .sorted(MOST_USED_FIRST)
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
