package dev.repartee.engine.gpt2;

import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * The tokens that are likely to come next, with the natural logarithms of their probabilities: at
 * most {@value #MOST}, none below 1e-8. All fifty thousand would take 200 KB.
 */
public final class NextTokens {

  /** Models that expect everything would fill the memory. */
  static final int MOST = 2048;

  private static final float LEAST = (float) Math.log(1e-8);

  /** Steps of equal size from probability 1 down to the least. */
  private static final int STEPS = 1024;

  private static final float STEPS_A_NAT = STEPS / LEAST;

  private static final int PART = 1024;

  private final int[] ids; // ascending
  private final float[] logs;

  private NextTokens(int[] ids, float[] logs) {
    this.ids = ids;
    this.logs = logs;
  }

  /**
   * Those of a whole row of log-probabilities, of which the least step goes where there are too
   * many. Reads it in small parts: a copy of it would be the most that a keystroke leaves to the
   * garbage collector.
   *
   * @param rows read from its position on, {@code size} values
   * @param tokens whose values these are, ascending; empty for all in the vocabulary
   */
  static NextTokens read(FloatBuffer rows, int size, int[] tokens) {
    int begin = rows.position();
    float[] part = new float[PART];
    int[] counts = new int[STEPS];
    for (int from = 0; from < size; from += PART) {
      int length = Math.min(PART, size - from);
      rows.get(part, 0, length);
      for (int i = 0; i < length; i++) {
        float step = part[i] * STEPS_A_NAT;
        if (step < STEPS) {
          counts[(int) step]++;
        }
      }
    }
    int sum = 0;
    int end = 0;
    while (end < STEPS && sum + counts[end] <= MOST) {
      sum += counts[end++];
    }
    int[] ids = new int[sum];
    float[] logs = new float[sum];
    int count = 0;
    rows.position(begin);
    for (int from = 0; from < size; from += PART) {
      int length = Math.min(PART, size - from);
      rows.get(part, 0, length);
      for (int i = 0; i < length; i++) {
        if (part[i] * STEPS_A_NAT < end) {
          ids[count] = tokens.length == 0 ? from + i : tokens[from + i];
          logs[count++] = part[i];
        }
      }
    }
    return new NextTokens(ids, logs);
  }

  /**
   * Those among the highest of a row, as a GPU gives them.
   *
   * @param highest begins with {@code count} log-probabilities, then as many token ids
   */
  static NextTokens of(float[] highest, int count) {
    long[] sorted = new long[count];
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (highest[i] > LEAST) {
        sorted[kept++] = (long) highest[count + i] << Integer.SIZE | i;
      }
    }
    Arrays.sort(sorted, 0, kept);
    int[] ids = new int[kept];
    float[] logs = new float[kept];
    for (int k = 0; k < kept; k++) {
      ids[k] = (int) (sorted[k] >> Integer.SIZE);
      logs[k] = highest[(int) sorted[k]];
    }
    return new NextTokens(ids, logs);
  }

  public int size() {
    return ids.length;
  }

  /** The token at a place below {@link #size}; they are in ascending order. */
  public int id(int at) {
    return ids[at];
  }

  /** The natural logarithm of the probability of {@link #id}. */
  public float logAt(int at) {
    return logs[at];
  }

  /** The natural logarithm of the probability that {@code token} comes next. */
  public double log(int token) {
    int at = Arrays.binarySearch(ids, token);
    return at < 0 ? Double.NEGATIVE_INFINITY : logs[at];
  }

  /** What a token that is not held counts as, where a whole text's likelihood is added up. */
  public double logOrLeast(int token) {
    return Math.max(LEAST, log(token));
  }

  /** The most probable, best first, at most {@code count}. */
  public int[] best(int count) {
    int[] places = new int[Math.min(count, ids.length)];
    int found = 0;
    for (int i = 0; i < ids.length; i++) {
      if (found == places.length && (found == 0 || logs[i] <= logs[places[found - 1]])) {
        continue;
      }
      int at = found < places.length ? found++ : found - 1;
      while (at > 0 && logs[places[at - 1]] < logs[i]) {
        places[at] = places[at - 1];
        at--;
      }
      places[at] = i;
    }
    for (int i = 0; i < places.length; i++) {
      places[i] = ids[places[i]];
    }
    return places;
  }
}
