package dev.repartee.engine.suggest;

import dev.repartee.engine.suggest.Completer.LikelyReplies;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.BinaryOperator;

/**
 * Something that might be offered.
 *
 * @param filled what would follow the draft, as the agent would see it
 * @param byModel the probability, by the model, that the reply goes on with exactly it and that its
 *     last word ends there; 0 where the model did not find it
 * @param byMemory the same by the words before it in replies of the {@link Memory}; empty where it
 *     did not find it
 * @param byReplies the same by the known replies to similar contexts; empty where none agrees with
 *     the draft
 * @param letters of its first word that the draft holds already
 */
public record Candidate(
    FilledText filled,
    double byModel,
    OptionalDouble byMemory,
    OptionalDouble byReplies,
    int letters) {

  /** Shorter ones are not worth looking up for. */
  public static final int SHORTEST = 4;

  /** Less probable ones are not looked at. */
  private static final double LEAST = 0.05;

  /** A candidate without placeholders. */
  public Candidate(
      String text,
      double byModel,
      OptionalDouble byMemory,
      OptionalDouble byReplies,
      String draft) {
    this(FilledText.of(text), byModel, byMemory, byReplies, Words.lettersOfLastWord(draft));
  }

  /** Whether it may be offered. The scale of offers is learned from these alone. */
  public boolean isEligible() {
    return text().length() >= SHORTEST
        && byModel + byMemory.orElse(0) + byReplies.orElse(0) >= LEAST;
  }

  /** Whether counted words or known replies go on so. */
  boolean isCounted() {
    return byMemory.orElse(0) + byReplies.orElse(0) >= LEAST;
  }

  /** What would follow the draft, as the agent would see it. */
  public String text() {
    return filled.text();
  }

  /**
   * Joins what the model and what the memory found. Spellings that differ only in case count
   * together, under the most probable one. The order is fixed, so that ties end alike.
   *
   * @param filled of the texts, those that had placeholders
   * @param draft that they follow
   */
  static List<Candidate> merged(
      Map<String, Double> byModel,
      Map<String, Double> byMemory,
      Map<String, FilledText> filled,
      LikelyReplies.After replies,
      String draft) {
    int letters = Words.lettersOfLastWord(draft);
    Map<String, Map.Entry<String, Double>> spellings = new LinkedHashMap<>(); // most probable
    Map<String, Double> model = sums(byModel, spellings);
    Map<String, Double> memory = sums(byMemory, spellings);
    List<Candidate> merged = new ArrayList<>();
    spellings.forEach(
        (lower, spelling) -> {
          String text = spelling.getKey();
          merged.add(
              new Candidate(
                  filled.getOrDefault(text, FilledText.of(text)),
                  Math.min(1, model.getOrDefault(lower, 0.0)),
                  memory.containsKey(lower)
                      ? OptionalDouble.of(Math.min(1, memory.get(lower)))
                      : OptionalDouble.empty(),
                  replies.share(text),
                  letters));
        });
    merged.sort(Comparator.comparing(Candidate::text));
    return List.copyOf(merged);
  }

  /** The probability of each text in lower case, by all its spellings. */
  private static Map<String, Double> sums(
      Map<String, Double> from, Map<String, Map.Entry<String, Double>> spellings) {
    Map<String, Double> sums = new HashMap<>();
    from.forEach(
        (text, probability) -> {
          String lower = Words.lower(text);
          sums.merge(lower, probability, Double::sum);
          spellings.merge(
              lower,
              Map.entry(text, probability),
              BinaryOperator.maxBy(
                  Map.Entry.<String, Double>comparingByValue()
                      .thenComparing(Map.Entry.comparingByKey())));
        });
    return sums;
  }
}
