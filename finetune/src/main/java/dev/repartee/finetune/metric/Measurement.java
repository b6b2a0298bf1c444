package dev.repartee.finetune.metric;

import dev.repartee.finetune.metric.Comparison.Difference;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What one predictor did on a set of conversations, to be reported and compared. */
public final class Measurement {

  private final Evaluation evaluation;
  private final Examples examples;
  private final String data;
  private final Counts counts;

  /**
   * @param data {@link TestSample#digest} of the conversations
   */
  Measurement(Evaluation evaluation, Examples examples, String data, Counts counts) {
    this.evaluation = evaluation;
    this.examples = examples;
    this.data = data;
    this.counts = counts;
  }

  /** This measurement with the rules of {@code charged}, of the same predictor, before its own. */
  Measurement after(Measurement charged) {
    return new Measurement(
        evaluation.after(charged.evaluation), examples, data, counts.after(charged.counts));
  }

  /** The figures. */
  public Evaluation evaluation() {
    return evaluation;
  }

  /** The replies that saved most and least; they hold what people wrote. */
  public Examples examples() {
    return examples;
  }

  /** SHA-256 of the ids and messages of the conversations measured, whatever file they came in. */
  public String data() {
    return data;
  }

  /** What the figures were computed from, by conversation. */
  public Counts counts() {
    return counts;
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
      differences.put(rule, counts.difference(Share.SAVED, rule, other.counts));
    }
    String any = rules.getFirst();
    return new Comparison(
        counts.difference(Share.SUGGESTIONS_SAVED, any, other.counts), differences);
  }
}
