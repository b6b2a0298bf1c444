package dev.repartee.engine.suggest;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Something that might be offered.
 *
 * @param text that would follow the draft, as the agent would see it
 * @param typed characters of the draft
 * @param byModel the probability, by the model, that the reply goes on with exactly it and that its
 *     last word ends there
 * @param byMemory the same by the {@link Memory}
 * @param matched words before it that the memory knows, 0 where it knows nothing
 */
public record Candidate(String text, int typed, double byModel, double byMemory, int matched) {

  /**
   * Joins what the model and what the memory found. Spellings that differ only in case count
   * together, under the most probable one. The order is fixed, so that ties end alike.
   */
  static List<Candidate> merged(
      int typed, Map<String, Double> byModel, Map<String, Double> byMemory, int matched) {
    Map<String, List<Map.Entry<String, Double>>> spellings = new LinkedHashMap<>();
    Map<String, Double> model = new LinkedHashMap<>();
    Map<String, Double> memory = new LinkedHashMap<>();
    collect(byModel, spellings, model);
    collect(byMemory, spellings, memory);
    List<Candidate> merged = new ArrayList<>();
    spellings.forEach(
        (lower, ways) ->
            merged.add(
                new Candidate(
                    ways.stream()
                        .max(
                            Map.Entry.<String, Double>comparingByValue()
                                .thenComparing(Map.Entry.comparingByKey()))
                        .orElseThrow()
                        .getKey(),
                    typed,
                    Math.min(1, model.getOrDefault(lower, 0.0)),
                    Math.min(1, memory.getOrDefault(lower, 0.0)),
                    matched)));
    merged.sort(Comparator.comparing(Candidate::text));
    return List.copyOf(merged);
  }

  private static void collect(
      Map<String, Double> from,
      Map<String, List<Map.Entry<String, Double>>> spellings,
      Map<String, Double> sums) {
    from.forEach(
        (text, probability) -> {
          String lower = Words.lower(text);
          spellings
              .computeIfAbsent(lower, unseen -> new ArrayList<>())
              .add(Map.entry(text, probability));
          sums.merge(lower, probability, Double::sum);
        });
  }
}
