package dev.repartee.clustering.cluster;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Places items by what stands around them: the words of the messages beside an item, weighted by
 * TF-IDF a message, each message brought to length 1, added up, reduced to a few dimensions. What
 * customers answer tells what agents asked, in whatever words (the distributional hypothesis of
 * Harris, 1954, with messages for words).
 */
public final class ContextVectors {

  /** The space is learned from so many items. */
  private static final int LEARNED_FROM = 30_000;

  /** Stands in for a message that is not there: beginning, end, or the agent speaking again. */
  private static final String NO_MESSAGE = "\u0000";

  private ContextVectors() {}

  /**
   * A sum of message vectors for each item; sums of items may be added.
   *
   * @param items for each item the messages beside it, normalised; an empty text for none
   * @return (items, dimensions or fewer)
   */
  public static float[][] of(List<List<String>> items, int dimensions, long seed) {
    requireNonNull(items, "items is null");
    Vocabulary.Counter counter = new Vocabulary.Counter();
    items.forEach(
        messages ->
            messages.forEach(
                message -> {
                  counter.newDocument();
                  counter.add(words(message));
                }));
    Vocabulary vocabulary = counter.finish();
    SparseRows learned = new SparseRows();
    for (List<String> item : items.subList(0, Math.min(items.size(), LEARNED_FROM))) {
      int from = learned.size();
      addRow(learned, item, vocabulary);
      // Items of many messages would otherwise be all that the space is about.
      learned.scaleFrom(from, 1f / Math.max(1, item.size()));
    }
    Subspace space = Subspace.of(learned.toMatrix(vocabulary.size()), dimensions, seed);
    float[][] vectors = new float[items.size()][];
    IntStream.range(0, vectors.length)
        .parallel()
        .forEach(
            item -> {
              SparseRows row = new SparseRows();
              addRow(row, items.get(item), vocabulary);
              vectors[item] = space.project(row.toMatrix(vocabulary.size()))[0];
            });
    return vectors;
  }

  /** Columns may repeat within a row, which adds them up. */
  private static void addRow(SparseRows rows, List<String> messages, Vocabulary vocabulary) {
    messages.forEach(message -> vocabulary.addWeighted(rows, words(message)));
    rows.endRow();
  }

  private static SortedParts words(String message) {
    return SortedParts.of(message.isEmpty() ? NO_MESSAGE : message, NGrams::singleWords);
  }
}
