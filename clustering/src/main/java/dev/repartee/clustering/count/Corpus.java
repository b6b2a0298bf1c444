package dev.repartee.clustering.count;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the agents wrote, each text once. The same conversations give the same corpus, in whatever
 * order they come and wherever they are counted.
 *
 * @param conversations how many conversations there are
 * @param agentMessages how many messages the agents wrote, blank ones included
 * @param blankMessages how many of those say nothing
 * @param speakers agents who wrote something, and conversations whose agent is unknown
 * @param characters the length of all agent messages, in UTF-16 units
 * @param redactions how often each placeholder took the place of personal data
 * @param texts what the messages and their sentences say, by key in the order of code points
 */
public record Corpus(
    long conversations,
    long agentMessages,
    long blankMessages,
    long speakers,
    long characters,
    SortedMap<String, Long> redactions,
    List<CountedText> texts) {

  public Corpus {
    if (blankMessages < 0 || blankMessages > agentMessages) {
      throw new IllegalArgumentException(
          "blankMessages must be 0 to %d but is %d".formatted(agentMessages, blankMessages));
    }
    redactions = Collections.unmodifiableSortedMap(new TreeMap<>(redactions));
    texts = List.copyOf(texts);
  }
}
