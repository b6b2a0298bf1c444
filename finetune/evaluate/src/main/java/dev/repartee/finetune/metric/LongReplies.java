package dev.repartee.finetune.metric;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.repartee.finetune.metric.Evaluation.Interval;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * What was saved of the replies of more than 200 characters when an agent's consecutive messages
 * count as one reply to the messages before them.
 *
 * @param count how many replies
 * @param characters of them
 * @param net time saved in percent, as under {@link Rule#NET}
 * @param netCi95 empty, and not written, where it would come of too few conversations, as in {@link
 *     Breakdown.Part}
 * @param steady as under {@link Rule#STEADY}
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record LongReplies(
    int count,
    long characters,
    double net,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Interval> netCi95,
    double steady,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Interval> steadyCi95) {

  static final List<Rule> RULES = List.of(Rule.NET, Rule.STEADY);

  /** Characters of the shortest. */
  static final int LEAST = 201;

  /** What is typed between two messages that are joined. */
  static final String BETWEEN = "\n";

  static boolean isMeasured(EvaluationSettings settings) {
    return settings.rules().containsAll(RULES);
  }

  /**
   * Empty where the settings lack a rule.
   *
   * @param replies with the costs of {@link #RULES}
   */
  static Optional<LongReplies> of(
      List<ReplyOutcome> replies, int conversations, EvaluationSettings settings) {
    if (!isMeasured(settings)) {
      return Optional.empty();
    }
    Counts counts = Counts.of(replies, conversations, settings.withRules(RULES));
    Ratio net = Share.SAVED.of(counts, Rule.NET.name()).ofThoseConcerned();
    Ratio steady = Share.SAVED.of(counts, Rule.STEADY.name()).ofThoseConcerned();
    return Optional.of(
        new LongReplies(
            replies.size(),
            Counts.sum(counts.characters()),
            net.percent(),
            net.percentIntervalOfEnough(settings.seed()),
            steady.percent(),
            steady.percentIntervalOfEnough(settings.seed())));
  }
}
