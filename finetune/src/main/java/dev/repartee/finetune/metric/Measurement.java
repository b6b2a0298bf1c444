package dev.repartee.finetune.metric;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one predictor did on a set of conversations, to be reported and compared.
 *
 * @param evaluation the figures
 * @param typing how each reply was typed, key by key, in the order of the conversations; it holds
 *     what people wrote
 * @param data {@link TestSample#digest} of what was typed, whatever file it came in
 * @param counts what the figures were computed from, by conversation
 */
public record Measurement(
    Evaluation evaluation, List<ReplyExample> typing, String data, Counts counts) {

  public Measurement {
    typing = List.copyOf(typing);
  }

  /**
   * How much more this predictor saved than {@code other}, by a paired bootstrap over the
   * conversations.
   *
   * @throws IllegalArgumentException when the two were measured on other conversations or share no
   *     rule
   */
  public Comparison comparedWith(Measurement other) {
    List<String> rules =
        counts.rules().keySet().stream().filter(other.counts.rules()::containsKey).toList();
    if (!data.equals(other.data) || rules.isEmpty()) {
      throw new IllegalArgumentException("only what was measured alike can be compared");
    }
    Map<String, Difference> differences = new LinkedHashMap<>();
    for (String rule : rules) {
      differences.put(rule, counts.difference(rule, other.counts));
    }
    return new Comparison(counts.differenceOfSuggestions(other.counts), differences);
  }

  /**
   * How much more one predictor saved than another on the same conversations.
   *
   * @param suggestions of the whole replies alone
   * @param rules of each rule, by its name, in the order of the settings
   */
  public record Comparison(Difference suggestions, Map<String, Difference> rules) {

    public Comparison {
      rules = Collections.unmodifiableMap(new LinkedHashMap<>(rules));
    }
  }
}
