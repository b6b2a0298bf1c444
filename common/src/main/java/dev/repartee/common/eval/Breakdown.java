package dev.repartee.common.eval;

import dev.repartee.common.eval.Evaluation.Interval;
import java.util.List;

/**
 * What parts of the replies saved under the headline rule.
 *
 * @param rule its name
 * @param agents with {@value Scores#LEAST_AGENT_MESSAGES} replies or more, by id
 * @param domains by name; empty when conversations have none
 * @param lengths by characters of the reply
 * @param positions by how manieth reply of the agent it is
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
   * @param characters of them
   * @param saved in percent
   * @param ci95 of {@code saved}, by bootstrap over the conversations that have such replies
   */
  public record Part(String name, int replies, long characters, double saved, Interval ci95) {}
}
