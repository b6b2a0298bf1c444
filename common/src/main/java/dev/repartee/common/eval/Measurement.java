package dev.repartee.common.eval;

import dev.repartee.common.eval.Comparison.Difference;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What one predictor did on a set of conversations, to be reported and compared. */
public final class Measurement {

  private final Evaluation evaluation;
  private final Examples examples;
  private final List<String> conversations;
  private final List<Rule> rules;
  private final Scores scores;
  private final long seed;

  Measurement(
      Evaluation evaluation,
      Examples examples,
      List<String> conversations,
      EvaluationSettings settings,
      Scores scores) {
    this.evaluation = evaluation;
    this.examples = examples;
    this.conversations = List.copyOf(conversations);
    this.rules = settings.rules();
    this.seed = settings.seed();
    this.scores = scores;
  }

  /** The figures. */
  public Evaluation evaluation() {
    return evaluation;
  }

  /** The replies that saved most and least; they hold what people wrote. */
  public Examples examples() {
    return examples;
  }

  /**
   * How much more this predictor saved than {@code other}, by a paired bootstrap over the
   * conversations.
   *
   * @throws IllegalArgumentException when the two were measured on other conversations or by other
   *     rules
   */
  public Comparison comparedWith(Measurement other) {
    if (!conversations.equals(other.conversations) || !rules.equals(other.rules)) {
      throw new IllegalArgumentException("only what was measured alike can be compared");
    }
    Map<String, Difference> differences = new LinkedHashMap<>();
    for (int i = 0; i < rules.size(); i++) {
      differences.put(
          rules.get(i).name(), Bootstrap.difference(scores.saved(i), other.scores.saved(i), seed));
    }
    return new Comparison(
        Bootstrap.difference(scores.savedBySuggestions(), other.scores.savedBySuggestions(), seed),
        differences);
  }
}
