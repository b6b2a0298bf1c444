package dev.repartee.clustering.answers;

import java.util.Optional;

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

  /** If {@code candidate} is used too little, why: a few words that follow "is". */
  public Optional<String> whyNot(Candidate candidate) {
    if (candidate.uses() < minCount) {
      return Optional.of("used in fewer than " + minCount + " messages");
    }
    if (candidate.answer().agents() < minAgents || !candidate.shown()) {
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
