package dev.repartee.clustering.corpus;

import dev.repartee.common.data.TextNorm;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** All messages that say the same but for spelling signs, letter case and numbers. */
public final class DistinctText {

  private final String key;
  private final Map<String, Long> spellings = new HashMap<>();
  private final Set<String> speakers = new HashSet<>();
  private long count;
  private long characters;

  DistinctText(String key) {
    this.key = key;
  }

  void add(String spelling, String speaker) {
    spellings.merge(spelling, 1L, Long::sum);
    speakers.add(speaker);
    count++;
    characters += spelling.length();
  }

  /** The masked form ({@link TextNorm#mask}) that the messages share. */
  public String key() {
    return key;
  }

  /** How many messages there are. */
  public long count() {
    return count;
  }

  /** Their length in all, in UTF-16 units. */
  public long characters() {
    return characters;
  }

  /** The agents who sent them; the conversations, where the agent is unknown. */
  public Set<String> speakers() {
    return Set.copyOf(speakers);
  }

  /** How many speakers there are. */
  public int speakerCount() {
    return speakers.size();
  }

  /** The spelling that most agents chose, with a preference for one that is a tidy sentence. */
  public String bestSpelling() {
    return spellings.entrySet().stream()
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
}
