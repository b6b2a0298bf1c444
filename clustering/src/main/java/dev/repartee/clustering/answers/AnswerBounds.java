package dev.repartee.clustering.answers;

import dev.repartee.text.answers.Answer;
import java.util.Optional;

/**
 * The bounds for becoming an answer.
 *
 * @param minAgents the least number of different agents (conversations, where agents are unknown)
 * @param minCount the least number of messages
 * @param maxAnswers the largest number of answers; the most used are taken
 */
public record AnswerBounds(int minAgents, long minCount, int maxAnswers) {

  public AnswerBounds {
    requireAtLeastOne("min-agents", minAgents);
    requireAtLeastOne("min-count", minCount);
    requireAtLeastOne("max-answers", maxAnswers);
  }

  /**
   * Why {@code answer} is used too little: a few words that follow "is"; empty if it is not.
   *
   * @param shown whether any of its phrasings may be shown
   */
  public Optional<String> whyNot(Answer answer, boolean shown) {
    if (answer.count() + answer.use().sentences() < minCount) {
      return Optional.of("used in fewer than " + minCount + " messages");
    }
    if (answer.agents() < minAgents || !shown) {
      return Optional.of("used by fewer than " + minAgents + " agents");
    }
    return Optional.empty();
  }

  private static void requireAtLeastOne(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1 but is " + value);
    }
  }
}
