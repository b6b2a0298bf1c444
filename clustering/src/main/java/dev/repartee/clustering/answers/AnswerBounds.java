package dev.repartee.clustering.answers;

import dev.repartee.text.StopWords;
import dev.repartee.text.WordRule;
import dev.repartee.text.privacy.Sharing;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The bounds for becoming an answer.
 *
 * @param minAgents the least number of different agents (conversations, where agents are unknown)
 * @param maxAnswers the largest number of answers; the most used are taken
 */
public record AnswerBounds(int minAgents, int maxAnswers) {

  /** Words of a sentence that says something, of which some are not in every sentence. */
  private static final int LEAST_WORDS = 5;

  private static final int LEAST_CONTENT = 2;

  /** A sign and a name, as agents sign. */
  private static final Pattern SIGN_OFF = Pattern.compile("[\\p{P}\\p{S}\\s]+\\p{L}{0,20}");

  private static final Pattern PLACEHOLDER = Pattern.compile("\\{[a-z_]+\\}");

  /** No conversation says what to put there. */
  private static final Pattern NEVER_KNOWN = Pattern.compile("\\{(?:number|url|name)\\}");

  /** The end of what is no sentence, or the number of a step that is not there. */
  private static final Pattern CODE_OR_PART =
      Pattern.compile("(?:[{};,]|[:.]\\s\\(?\\p{Nd}{1,2}[.)])\\s*$");

  private static final Pattern PLACEHOLDER_IN_WORD =
      Pattern.compile("[\\p{L}\\p{N}]\\{|\\}[\\p{L}\\p{N}]|://\\S*\\{");

  public AnswerBounds {
    requireAtLeastOne("min-agents", minAgents);
    requireAtLeastOne("max-answers", maxAnswers);
  }

  /**
   * Why a cluster does not become an answer: a few words that follow "is"; empty if it does.
   *
   * @param repeats whether any of its phrasings does
   * @param says whether one that repeats says something
   */
  public Optional<String> whyNot(boolean repeats, boolean says) {
    if (!repeats) {
      return Optional.of(
          "worded alike in fewer than %d conversations or by fewer than %d agents"
              .formatted(Sharing.CONVERSATIONS, minAgents));
    }
    return says
        ? Optional.empty()
        : Optional.of("a greeting, a signature, code or a part of a sentence");
  }

  /**
   * Whether a text says something to a customer.
   *
   * @param alone whether agents send it alone, as they may a greeting
   */
  static boolean saysSomething(String text, boolean alone) {
    String own = PLACEHOLDER.matcher(text).replaceAll(" ");
    if (SIGN_OFF.matcher(own).matches()
        || CODE_OR_PART.matcher(own).find()
        || PLACEHOLDER_IN_WORD.matcher(text).find()) {
      return false;
    }
    if (alone && !NEVER_KNOWN.matcher(text).find()) {
      return own.codePoints().anyMatch(Character::isLetter);
    }
    List<String> words = WordRule.words(own);
    return (alone || !text.contains("{url}"))
        && words.size() >= LEAST_WORDS
        && words.stream().filter(word -> !StopWords.isCommon(word)).count() >= LEAST_CONTENT;
  }

  private static void requireAtLeastOne(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1 but is " + value);
    }
  }
}
