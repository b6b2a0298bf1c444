package dev.repartee.finetune.metric;

import dev.repartee.text.UserException;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What an evaluation measures.
 *
 * @param rules at least one, of different names
 * @param limit how many conversations at most, a fixed sample by their ids; all when empty
 * @param seed of the bootstrap; the same seed gives the same intervals
 */
public record EvaluationSettings(List<Rule> rules, OptionalInt limit, long seed) {

  /** Every rule over every conversation. */
  public static final EvaluationSettings DEFAULT =
      new EvaluationSettings(Rule.ALL, OptionalInt.empty(), 0);

  public EvaluationSettings {
    rules = List.copyOf(rules);
    Set<String> names = rules.stream().map(Rule::name).collect(Collectors.toSet());
    if (rules.isEmpty() || names.size() < rules.size()) {
      throw new IllegalArgumentException("rules must be one or more of different names: " + rules);
    }
    if (limit.isPresent() && limit.getAsInt() < 1) {
      throw UserException.usage("limit must be at least 1 but is " + limit.getAsInt());
    }
  }

  /** The same with other rules. */
  EvaluationSettings withRules(List<Rule> others) {
    return new EvaluationSettings(others, limit, seed);
  }

  /** The same with at most {@code conversations} conversations. */
  public EvaluationSettings withLimit(int conversations) {
    return new EvaluationSettings(rules, OptionalInt.of(conversations), seed);
  }
}
