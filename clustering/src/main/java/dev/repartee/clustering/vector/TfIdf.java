package dev.repartee.clustering.vector;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;

/**
 * Weighs the parts of texts: often in this text counts for, often in all texts counts against
 * (Salton and Buckley, 1988), with the logarithm of the count within a text. Word parts and
 * character parts are brought to length 1 each, so that both have the same say.
 */
final class TfIdf {

  /** A part that stands in one text only links it to no other. */
  private static final int FEWEST_TEXTS = 2;

  private final List<String> texts;
  private final Map<Long, Integer> columnOf = new HashMap<>();
  private final double[] shared;
  private int[] textsWith = new int[1 << 12];

  private TfIdf(List<String> texts) {
    this.texts = texts;
    this.shared = new double[texts.size()];
    countTexts(NGrams::words);
    countTexts(NGrams::characters);
    renumberShared();
  }

  /** Looks at the normalised {@code texts}. */
  static TfIdf of(List<String> texts) {
    return new TfIdf(texts);
  }

  /** How much of a text's weight, 0 to 1, is on parts that other texts have too. */
  double shared(int text) {
    return shared[text];
  }

  /** One row for each text, in order. */
  SparseMatrix matrix() {
    SparseRows rows = new SparseRows(texts.size());
    for (int text = 0; text < texts.size(); text++) {
      double words = addWeighted(rows, texts.get(text), NGrams::words);
      double characters = addWeighted(rows, texts.get(text), NGrams::characters);
      shared[text] = (words + characters) / 2;
      rows.endRow();
    }
    return rows.toMatrix(columnOf.size());
  }

  private void countTexts(BiConsumer<String, LongConsumer> parts) {
    for (String text : texts) {
      for (long part : sorted(text, parts).distinct()) {
        int column = columnOf.computeIfAbsent(part, unseen -> columnOf.size());
        if (column == textsWith.length) {
          textsWith = Arrays.copyOf(textsWith, 2 * column);
        }
        textsWith[column]++;
      }
    }
  }

  /** Forgets the parts of single texts; the others keep the order in which they were met. */
  private void renumberShared() {
    int[] renumbered = new int[columnOf.size()];
    int[] kept = new int[columnOf.size()];
    int next = 0;
    for (int column = 0; column < renumbered.length; column++) {
      boolean shared = textsWith[column] >= FEWEST_TEXTS;
      renumbered[column] = shared ? next : -1;
      if (shared) {
        kept[next++] = textsWith[column];
      }
    }
    columnOf.values().removeIf(column -> renumbered[column] < 0);
    columnOf.replaceAll((part, column) -> renumbered[column]);
    textsWith = kept;
  }

  /** Returns how much of the weight is on shared parts; the others are left out of the row. */
  private double addWeighted(
      SparseRows rows, String text, BiConsumer<String, LongConsumer> family) {
    SortedParts parts = sorted(text, family);
    int from = rows.size();
    double sharedSquares = 0;
    double allSquares = 0;
    for (int i = 0; i < parts.size(); ) {
      int end = parts.endOfRun(i);
      Integer column = columnOf.get(parts.get(i));
      double weight =
          (1 + Math.log((double) (end - i))) * rarity(column == null ? 1 : textsWith[column]);
      allSquares += weight * weight;
      if (column != null) {
        rows.add(column, (float) weight);
        sharedSquares += weight * weight;
      }
      i = end;
    }
    rows.scaleFrom(from, sharedSquares == 0 ? 0 : (float) (1 / Math.sqrt(sharedSquares)));
    return allSquares == 0 ? 0 : sharedSquares / allSquares;
  }

  private double rarity(int textsWithPart) {
    return 1 + Math.log((1.0 + texts.size()) / (1.0 + textsWithPart));
  }

  private static SortedParts sorted(String text, BiConsumer<String, LongConsumer> family) {
    SortedParts parts = new SortedParts();
    family.accept(text, parts::add);
    return parts.sort();
  }
}
