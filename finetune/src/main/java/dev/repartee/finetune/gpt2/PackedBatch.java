package dev.repartee.finetune.gpt2;

import java.util.Arrays;
import java.util.stream.Stream;

/**
 * Token sequences laid end to end, N tokens in all without padding, and the R tokens whose
 * successors are to be predicted. No sequence attends to another.
 *
 * @param ids the N tokens
 * @param lengths tokens of each sequence, in order
 * @param scoredRows indices into the N tokens after which the next token is predicted
 * @param labels that next token, for each scored row
 */
@SuppressWarnings("ArrayRecordComponent") // read-only, and handed to native code as they are
public record PackedBatch(long[] ids, int[] lengths, long[] scoredRows, long[] labels) {

  public PackedBatch {
    int tokens = Arrays.stream(lengths).sum();
    if (tokens != ids.length || Arrays.stream(lengths).anyMatch(length -> length < 1)) {
      throw new IllegalArgumentException(
          "lengths must be at least 1 and sum up to %d tokens but are %s"
              .formatted(ids.length, Arrays.toString(lengths)));
    }
    if (scoredRows.length != labels.length || scoredRows.length == 0) {
      throw new IllegalArgumentException(
          "each position needs one label, but there are %d for %d"
              .formatted(labels.length, scoredRows.length));
    }
  }

  /** N. */
  public int tokens() {
    return ids.length;
  }

  /** R. */
  public int scored() {
    return scoredRows.length;
  }

  /** For each token its position in its own sequence, counted from 0. */
  long[] positions() {
    long[] positions = new long[ids.length];
    int at = 0;
    for (int length : lengths) {
      for (int t = 0; t < length; t++) {
        positions[at++] = t;
      }
    }
    return positions;
  }

  /**
   * The batch in one array, as {@code parts} of the program takes it apart: ids (N), positions (N),
   * scored rows (R), labels (R), and where each sequence starts, with N at the end.
   */
  long[] numbers() {
    long[] starts = new long[lengths.length + 1];
    for (int i = 0; i < lengths.length; i++) {
      starts[i + 1] = starts[i] + lengths[i];
    }
    return Stream.of(ids, positions(), scoredRows, labels, starts)
        .flatMapToLong(Arrays::stream)
        .toArray();
  }

  /** For each run of equally long neighbours how many they are, and their length. */
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
