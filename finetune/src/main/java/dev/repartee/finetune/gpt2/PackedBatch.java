package dev.repartee.finetune.gpt2;

import java.util.Arrays;

/**
 * Token sequences laid end to end, N tokens in all without padding, and which of the tokens are
 * scored. No sequence attends to another.
 *
 * @param ids the N tokens
 * @param lengths tokens of each sequence, in order
 * @param positions indices into the N tokens whose next token is to be predicted
 * @param labels that next token, for each position
 */
@SuppressWarnings("ArrayRecordComponent") // read-only, and handed to native code as they are
public record PackedBatch(long[] ids, int[] lengths, long[] positions, long[] labels) {

  public PackedBatch {
    int tokens = Arrays.stream(lengths).sum();
    if (tokens != ids.length || Arrays.stream(lengths).anyMatch(length -> length < 1)) {
      throw new IllegalArgumentException(
          "lengths must be at least 1 and sum up to %d tokens but are %s"
              .formatted(ids.length, Arrays.toString(lengths)));
    }
    if (positions.length != labels.length || positions.length == 0) {
      throw new IllegalArgumentException(
          "one label a position is wanted, at least one, but there are %d for %d"
              .formatted(labels.length, positions.length));
    }
  }

  public int tokens() {
    return ids.length;
  }

  public int scored() {
    return positions.length;
  }

  /** For each token its place in its own sequence. */
  long[] places() {
    long[] places = new long[ids.length];
    int at = 0;
    for (int length : lengths) {
      for (int t = 0; t < length; t++) {
        places[at++] = t;
      }
    }
    return places;
  }

  /** The lengths run by run: how many equally long neighbours, and their length. */
  long[] runs() {
    long[] runs = new long[2 * lengths.length];
    int count = 0;
    for (int length : lengths) {
      if (count > 0 && runs[count - 1] == length) {
        runs[count - 2]++;
      } else {
        runs[count++] = 1;
        runs[count++] = length;
      }
    }
    return Arrays.copyOf(runs, count);
  }
}
