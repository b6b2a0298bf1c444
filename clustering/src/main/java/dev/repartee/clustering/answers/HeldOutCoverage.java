package dev.repartee.clustering.answers;

import dev.repartee.clustering.count.Corpus;
import dev.repartee.clustering.count.CountedText;
import dev.repartee.text.answers.Answer;
import java.util.Arrays;
import java.util.List;

/**
 * The share of agent messages that the first answers of a set nearly say, on conversations that the
 * answers were not extracted from: what perfect suggestions of whole answers could save there.
 */
public final class HeldOutCoverage {

  private final long[] messages; // (answers + 1), covered by the first so many answers
  private final long[] characters;
  private final long allMessages;
  private final long allCharacters;

  private HeldOutCoverage(
      long[] messages, long[] characters, long allMessages, long allCharacters) {
    this.messages = messages;
    this.characters = characters;
    this.allMessages = allMessages;
    this.allCharacters = allCharacters;
  }

  /** Looks for each of {@code held} among {@code answers}, most used first. */
  public static HeldOutCoverage of(List<Answer> answers, Corpus held) {
    NearDuplicates near = new NearDuplicates(answers);
    long[] messages = new long[answers.size() + 1];
    long[] characters = new long[answers.size() + 1];
    for (CountedText text : held.texts()) {
      if (text.messages() > 0) {
        near.first(text.key())
            .ifPresent(
                answer -> {
                  messages[answer + 1] += text.messages();
                  characters[answer + 1] += text.characters();
                });
      }
    }
    Arrays.parallelPrefix(messages, Long::sum);
    Arrays.parallelPrefix(characters, Long::sum);
    return new HeldOutCoverage(messages, characters, held.agentMessages(), held.characters());
  }

  /** The agent messages looked at. */
  public long messages() {
    return allMessages;
  }

  /** The share of messages, 0 to 1, that the first {@code top} answers nearly say. */
  public double ofMessages(int top) {
    return share(messages, top, allMessages);
  }

  /** The share of characters, 0 to 1, that the first {@code top} answers nearly say. */
  public double ofCharacters(int top) {
    return share(characters, top, allCharacters);
  }

  private static double share(long[] covered, int top, long all) {
    return all == 0 ? 0 : (double) covered[Math.min(top, covered.length - 1)] / all;
  }
}
