package dev.repartee.finetune.metric;

import dev.repartee.text.UserException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What an evaluation measures.
 *
 * @param rules at least one, of different names
 * @param limit how many conversations at most, a fixed sample by their ids; all when empty
 * @param timed replies that are typed one at a time and timed, before the others; as many as their
 *     conversations hold, or more
 * @param typos the share of the keys that the agent types wrong and corrects, from 0 to {@value
 *     #MOST_TYPOS}
 * @param seed of the bootstrap; the same seed gives the same intervals
 */
public record EvaluationSettings(
    List<Rule> rules, Optional<Integer> limit, int timed, double typos, long seed) {

  /** Whole replies that are shown before typing. */
  public static final int SHOWN = 3;

  private static final double MOST_TYPOS = 0.2;

  /** Every rule over every conversation. */
  public static final EvaluationSettings DEFAULT =
      new EvaluationSettings(Rule.ALL, Optional.empty(), 30, 0, 0);

  public EvaluationSettings {
    rules = List.copyOf(rules);
    Set<String> names = rules.stream().map(Rule::name).collect(Collectors.toSet());
    if (rules.isEmpty() || names.size() < rules.size()) {
      throw new IllegalArgumentException("rules must be one or more of different names: " + rules);
    }
    if (limit.isPresent() && limit.get() < 1) {
      throw UserException.usage("limit must be at least 1 but is " + limit.get());
    }
    if (timed < 0) {
      throw UserException.usage("timed must be at least 0 but is " + timed);
    }
    if (!(typos >= 0 && typos <= MOST_TYPOS)) {
      throw UserException.usage(
          "typos must be from 0 to %s but are %s; people mistype about 0.02 of their keys"
              .formatted(MOST_TYPOS, typos));
    }
  }

  /** These settings with other rules. */
  public EvaluationSettings withRules(List<Rule> others) {
    return new EvaluationSettings(others, limit, timed, typos, seed);
  }

  /** These settings for at most so many conversations. */
  public EvaluationSettings withLimit(int conversations) {
    return new EvaluationSettings(rules, Optional.of(conversations), timed, typos, seed);
  }

  /** These settings with a share of wrong keys. */
  public EvaluationSettings withTypos(double rate) {
    return new EvaluationSettings(rules, limit, timed, rate, seed);
  }

  /** These settings with so many replies timed; none takes less time. */
  public EvaluationSettings withTimed(int replies) {
    return new EvaluationSettings(rules, limit, replies, typos, seed);
  }

  /** Receives how far an evaluation is. */
  @FunctionalInterface
  public interface EvaluationProgress {

    /** Ignores it. */
    EvaluationProgress NONE = (done, total) -> {};

    /** Is called after every agent message: {@code done} of {@code total} are evaluated. */
    void replies(int done, int total);
  }
}
