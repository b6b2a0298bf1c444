package dev.repartee.engine.suggest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Something that might be offered.
 *
 * @param text that would follow the draft, as the agent would see it
 * @param probability that the reply goes on with exactly it and that its last word ends there
 */
public record Candidate(String text, double probability) {

  /** Those of one {@code key} count together, under the most probable text, in their order. */
  static List<Candidate> merged(List<Candidate> candidates, UnaryOperator<String> key) {
    Map<String, Candidate> best = new LinkedHashMap<>();
    Map<String, Double> sums = new LinkedHashMap<>();
    for (Candidate candidate : candidates) {
      String same = key.apply(candidate.text());
      sums.merge(same, candidate.probability(), Double::sum);
      best.merge(
          same, candidate, (one, other) -> one.probability() >= other.probability() ? one : other);
    }
    List<Candidate> merged = new ArrayList<>();
    best.forEach(
        (same, candidate) ->
            merged.add(new Candidate(candidate.text(), Math.min(1, sums.get(same)))));
    return merged;
  }
}
