package dev.repartee.clustering.count;

import dev.repartee.text.Fnv;
import dev.repartee.text.Passages.Passage;
import dev.repartee.text.TextNorm;
import dev.repartee.text.privacy.Sharing;
import java.io.Serializable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * In how many conversations each passage stands, and of how many speakers: agents, or conversations
 * of unknown agents. Passages are kept as hashes, since most stand in one conversation. Merges as
 * {@link TextTally} does. For one thread while it changes.
 */
public final class Repeats implements Serializable {

  private static final long serialVersionUID = 1;

  /** Nothing is said again. */
  public static final Repeats NONE = new Repeats(1);

  /** What a key has for each number. */
  private static final char MASKED = '0';

  /** Tells a passage with its numbers from its masked form. */
  private static final long WITH_NUMBERS = 1;

  // The places in the array of a passage. Behind them are its speakers, until they are enough.
  private static final int ALL = 0;
  private static final int SPEAKERS = 1;

  private final int minSpeakers;
  private final HashMap<Long, long[]> passages = new HashMap<>();

  /**
   * @param minSpeakers the least number of different speakers of what may be shown
   */
  public Repeats(int minSpeakers) {
    this.minSpeakers = minSpeakers;
  }

  /**
   * Adds a passage of a conversation.
   *
   * @param counted those of the conversation so far, each of which counts once
   */
  void add(Passage passage, long speaker, Set<Long> counted) {
    add(hash(passage.key()), speaker, counted);
    if (passage.key().indexOf(MASKED) >= 0) { // much faster than a search for numbers
      add(hashWithNumbers(passage.text()), speaker, counted);
    }
  }

  private void add(long hash, long speaker, Set<Long> counted) {
    add(hash, new long[] {counted.add(hash) ? 1 : 0, speaker});
  }

  /** Adds the counts of {@code other}, which must not be used afterwards. */
  public void merge(Repeats other) {
    other.passages.forEach(this::add);
  }

  private void add(long hash, long[] counts) {
    passages.merge(hash, counts, this::sum);
  }

  private long[] sum(long[] known, long[] more) {
    known[ALL] += more[ALL];
    if (known.length - SPEAKERS >= minSpeakers) {
      return known;
    }
    LongStream speakers =
        LongStream.concat(
                Arrays.stream(known, SPEAKERS, known.length),
                Arrays.stream(more, SPEAKERS, more.length))
            .distinct()
            .limit(minSpeakers);
    return LongStream.concat(Arrays.stream(known, 0, SPEAKERS), speakers).toArray();
  }

  /** These without what too few conversations or speakers have. */
  public Repeats withoutRare() {
    passages.values().removeIf(counts -> !isEnough(counts));
    return this;
  }

  private boolean isEnough(long[] counts) {
    return counts[ALL] >= Sharing.CONVERSATIONS && counts.length - SPEAKERS >= minSpeakers;
  }

  /** Whether enough conversations and speakers have a passage with this key. */
  public boolean holds(String key) {
    return conversations(key) > 0;
  }

  /** Whether they have it with the numbers of {@code text}. */
  public boolean holdsNumbers(String text) {
    return conversations(hashWithNumbers(text)) > 0;
  }

  /** How many conversations have a passage that repeats; 0 of any other. */
  int conversations(String key) {
    return conversations(hash(key));
  }

  private int conversations(long hash) {
    long[] counts = passages.get(hash);
    return counts != null && isEnough(counts) ? Math.toIntExact(counts[ALL]) : 0;
  }

  /** Whether enough conversations have it beside one that has it. */
  boolean holdsElsewhere(String key) {
    return conversations(key) > Sharing.CONVERSATIONS;
  }

  private static long hash(String key) {
    return Fnv.hash(key);
  }

  private static long hashWithNumbers(String text) {
    String wording = TextNorm.wording(text);
    return Fnv.hash(wording, 0, wording.length(), WITH_NUMBERS);
  }
}
