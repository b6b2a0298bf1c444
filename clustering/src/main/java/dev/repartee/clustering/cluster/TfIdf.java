package dev.repartee.clustering.cluster;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;

/**
 * Weighs the parts of texts: often in this text counts for, often in all texts counts against
 * (Salton and Buckley, 1988), with the logarithm of the count within a text. Word parts and
 * character parts are brought to length 1 each, so that both have the same say.
 */
final class TfIdf {

  private static final List<BiConsumer<String, LongConsumer>> FAMILIES =
      List.of(NGrams::words, NGrams::characters);

  private final Vocabulary vocabulary;

  private TfIdf(Vocabulary vocabulary) {
    this.vocabulary = vocabulary;
  }

  /** Learns from normalised {@code texts} which parts are shared, and how rare they are. */
  static TfIdf of(List<String> texts) {
    Vocabulary.Counter counter = new Vocabulary.Counter();
    for (String text : texts) {
      counter.newDocument();
      FAMILIES.forEach(family -> counter.add(SortedParts.of(text, family)));
    }
    return new TfIdf(counter.finish());
  }

  /** How many columns a row has. */
  int columns() {
    return vocabulary.size();
  }

  /**
   * Adds the row of a text, one of those learned from or another.
   *
   * @return how much of the text's weight, 0 to 1, is on parts that other texts have too; the
   *     others are left out of the row
   */
  double addRow(SparseRows rows, String text) {
    double shared = 0;
    for (BiConsumer<String, LongConsumer> family : FAMILIES) {
      shared += vocabulary.addWeighted(rows, SortedParts.of(text, family));
    }
    rows.endRow();
    return shared / FAMILIES.size();
  }
}
