package dev.repartee.finetune.gpt2;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Token sequences laid end to end, N tokens in all without padding, and the R tokens whose
 * successors are to be predicted. No sequence attends to another.
 *
 * @param ids the N tokens
 * @param lengths tokens of each sequence, in order
 * @param scoredRows indices into the N tokens after which the next token is predicted, rising
 * @param labels that next token, for each scored row
 */
@SuppressWarnings("ArrayRecordComponent") // read-only, and handed to native code as they are
public record PackedBatch(long[] ids, int[] lengths, long[] scoredRows, long[] labels) {

  /** N. */
  public int tokens() {
    return ids.length;
  }

  /** R. */
  public int scored() {
    return scoredRows.length;
  }

  /**
   * The same sequences in {@code count} batches of about as many tokens, or in fewer. A part
   * without a scored token is left out: it adds nothing to loss and gradients.
   */
  List<PackedBatch> split(int count) {
    if (count == 1) {
      return List.of(this);
    }
    List<PackedBatch> parts = new ArrayList<>();
    int sequence = 0;
    int token = 0;
    int row = 0;
    for (int part = 1; part <= count; part++) {
      int firstSequence = sequence;
      int firstToken = token;
      long end = (long) ids.length * part / count;
      // A sequence belongs to the part in which its middle lies.
      while (sequence < lengths.length && (part == count || token + lengths[sequence] / 2 < end)) {
        token += lengths[sequence++];
      }
      int firstRow = row;
      while (row < scoredRows.length && scoredRows[row] < token) {
        row++;
      }
      if (row > firstRow) {
        long[] rows = Arrays.copyOfRange(scoredRows, firstRow, row);
        for (int i = 0; i < rows.length; i++) {
          rows[i] -= firstToken;
        }
        parts.add(
            new PackedBatch(
                Arrays.copyOfRange(ids, firstToken, token),
                Arrays.copyOfRange(lengths, firstSequence, sequence),
                rows,
                Arrays.copyOfRange(labels, firstRow, row)));
      }
    }
    return parts;
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
