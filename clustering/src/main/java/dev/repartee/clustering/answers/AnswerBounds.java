package dev.repartee.clustering.answers;

/**
 * What it takes to become an answer.
 *
 * @param minAgents different agents (conversations, where agents are unknown)
 * @param minCount messages
 * @param maxAnswers how many there may be; the most used are taken
 */
public record AnswerBounds(int minAgents, long minCount, int maxAnswers) {

  public AnswerBounds {
    requireAtLeastOne("min-agents", minAgents);
    requireAtLeastOne("min-count", minCount);
    requireAtLeastOne("max-answers", maxAnswers);
  }

  private static void requireAtLeastOne(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1 but is " + value);
    }
  }
}
