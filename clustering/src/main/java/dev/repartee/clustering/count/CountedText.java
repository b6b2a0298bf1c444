package dev.repartee.clustering.count;

import dev.repartee.text.TextNorm;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * All that is known of the texts that say the same but for punctuation, letter case and numbers. A
 * use is a whole agent message that is this text, or an agent message that holds it as one sentence
 * among others. Maps are built when asked for, since a corpus may hold millions of these.
 */
public final class CountedText {

  private final TextTally tally;

  CountedText(TextTally tally) {
    this.tally = tally;
  }

  /** The masked form ({@link TextNorm#mask}) that the texts share. */
  public String key() {
    return tally.key;
  }

  /** How many agent messages are this text and nothing else. */
  public long messages() {
    return tally.messages;
  }

  /** How many agent messages hold it as one sentence among others. */
  public long sentences() {
    return tally.sentences;
  }

  /** The length of the messages that are this text, in UTF-16 units. */
  public long characters() {
    return tally.characters;
  }

  /** Uses by the pseudonym of the agent, where known. */
  public SortedMap<String, Long> byAgent() {
    return tally.agents.toMap();
  }

  /** Different agents, and conversations whose agent is unknown. */
  public long speakers() {
    return tally.agents.size() + tally.unknownSpeakers;
  }

  /** Uses by the domain of the conversation, where known. */
  public SortedMap<String, Long> byDomain() {
    return tally.domains.toMap();
  }

  /** Where in conversations the messages stand that are this text. */
  public Positions positions() {
    return new Positions(
        tally.opening, tally.messages - tally.opening - tally.closing, tally.closing);
  }

  /** Conversations that hold a use, by their language; see {@link Languages}. */
  public SortedMap<String, Long> languages() {
    return tally.languages.toMap();
  }

  /** Uses by spelling. */
  public SortedMap<String, Long> spellings() {
    return tally.spellings.toMap();
  }

  /**
   * The contexts of up to {@value TextTally#MOST_CONTEXTS} uses, drawn by a hash, so that the same
   * conversations give the same ones.
   */
  public List<Context> samples() {
    return List.of(tally.contexts());
  }

  /** The spelling that most agents chose, with a preference for one that is a tidy sentence. */
  public String bestSpelling() {
    return spellings().entrySet().stream()
        .max(
            Comparator.comparingDouble(
                    (Map.Entry<String, Long> entry) ->
                        entry.getValue() * (1 + tidiness(entry.getKey())))
                .thenComparing(Map.Entry::getKey, TextNorm.BY_CODE_POINT.reversed()))
        .orElseThrow()
        .getKey();
  }

  /** One half each for a capital in front and for an end mark. */
  private static double tidiness(String text) {
    boolean capital = Character.isUpperCase(text.codePointAt(0));
    boolean ended = ".!?\u2026\u3002\uff1f\uff01".indexOf(text.charAt(text.length() - 1)) >= 0;
    return (capital ? 0.5 : 0) + (ended ? 0.5 : 0);
  }

  /** Equal when the key and everything counted are. */
  @Override
  public boolean equals(Object other) {
    return other instanceof CountedText text
        && key().equals(text.key())
        && Arrays.equals(tally.toBytes(), text.tally.toBytes());
  }

  @Override
  public int hashCode() {
    return key().hashCode();
  }

  @Override
  public String toString() {
    return "%s (%d messages, %d sentences, %s, %s, %s)"
        .formatted(key(), messages(), sentences(), byAgent(), spellings(), positions());
  }
}
