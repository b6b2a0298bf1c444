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
  private int[] textsWith = new int[1 << 12];

  private TfIdf(List<String> texts) {
    this.texts = texts;
  }

  /** One row for each of the normalised {@code texts}, in order. */
  static SparseMatrix matrix(List<String> texts) {
    return new TfIdf(texts).matrix();
  }

  private SparseMatrix matrix() {
    countTexts(NGrams::words);
    countTexts(NGrams::characters);
    renumberShared();
    SparseRows rows = new SparseRows(texts.size());
    for (String text : texts) {
      addWeighted(rows, text, NGrams::words);
      addWeighted(rows, text, NGrams::characters);
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

  private void addWeighted(SparseRows rows, String text, BiConsumer<String, LongConsumer> family) {
    SortedParts parts = sorted(text, family);
    int from = rows.size();
    double squares = 0;
    for (int i = 0; i < parts.size(); ) {
      int end = parts.endOfRun(i);
      Integer column = columnOf.get(parts.get(i));
      if (column != null) {
        double frequency = 1 + Math.log(end - i);
        double rarity = 1 + Math.log((1.0 + texts.size()) / (1.0 + textsWith[column]));
        rows.add(column, (float) (frequency * rarity));
        squares += frequency * rarity * frequency * rarity;
      }
      i = end;
    }
    rows.scaleFrom(from, squares == 0 ? 0 : (float) (1 / Math.sqrt(squares)));
  }

  private static SortedParts sorted(String text, BiConsumer<String, LongConsumer> family) {
    SortedParts parts = new SortedParts();
    family.accept(text, parts::add);
    return parts.sort();
  }
}
