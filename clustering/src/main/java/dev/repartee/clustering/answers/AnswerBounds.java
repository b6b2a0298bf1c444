package dev.repartee.clustering.answers;

import dev.repartee.text.StopWords;
import dev.repartee.text.WordRule;
import dev.repartee.text.answers.Answer;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The bounds for becoming an answer.
 *
 * @param minAgents the least number of different agents (conversations, where agents are unknown)
 * @param minCount the least number of messages
 * @param maxAnswers the largest number of answers; the most used are taken
 */
public record AnswerBounds(int minAgents, long minCount, int maxAnswers) {

  /** Words of a sentence that says something, of which some are not in every sentence. */
  private static final int LEAST_WORDS = 5;

  private static final int LEAST_CONTENT = 2;

  /** A sign and a name, as agents sign. */
  private static final Pattern SIGN_OFF = Pattern.compile("[\\p{P}\\p{S}\\s]+\\p{L}{0,20}");

  private static final Pattern PLACEHOLDER = Pattern.compile("\\{[a-z_]+\\}");

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
    boolean alone = answer.count() >= minCount;
    if (!saysSomething(answer.text(), alone)) {
      return Optional.of("a greeting, a signature or a part of a sentence");
    }
    return Optional.empty();
  }

  /**
   * Whether a text says something to a customer.
   *
   * @param alone whether agents send it alone, as they may a greeting
   */
  static boolean saysSomething(String text, boolean alone) {
    String own = PLACEHOLDER.matcher(text).replaceAll(" ");
    if (SIGN_OFF.matcher(own).matches()) {
      return false;
    }
    if (alone) {
      return own.codePoints().anyMatch(Character::isLetter);
    }
    List<String> words = WordRule.words(own);
    return words.size() >= LEAST_WORDS
        && words.stream().filter(word -> !StopWords.isCommon(word)).count() >= LEAST_CONTENT;
  }

  private static void requireAtLeastOne(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1 but is " + value);
    }
  }
}
