package dev.repartee.finetune.metric;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.repartee.finetune.metric.Evaluation.Interval;
import java.util.List;
import java.util.Optional;

/**
 * What parts of the replies saved under the headline rule.
 *
 * @param rule its name
 * @param agents with {@value Scores#LEAST_AGENT_MESSAGES} replies or more, numbered by their
 *     replies, most first
 * @param domains by name; empty when conversations have none
 * @param lengths by characters of the reply
 * @param positions by which of the agent's replies it is, from 1
 */
public record Breakdown(
    String rule, List<Part> agents, List<Part> domains, List<Part> lengths, List<Part> positions) {

  public Breakdown {
    agents = List.copyOf(agents);
    domains = List.copyOf(domains);
    lengths = List.copyOf(lengths);
    positions = List.copyOf(positions);
  }

  /**
   * Some of the replies.
   *
   * @param conversations that have such replies
   * @param characters of the replies
   * @param saved in percent
   * @param ci95 of {@code saved}, by bootstrap over these conversations; empty, and not written,
   *     where they are fewer than {@value Parts#LEAST_CONVERSATIONS}: resamples of so few are too
   *     alike and would make it look certain
   */
  public record Part(
      String name,
      int conversations,
      int replies,
      long characters,
      double saved,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Interval> ci95) {

    Part renamed(String other) {
      return new Part(other, conversations, replies, characters, saved, ci95);
    }
  }
}
