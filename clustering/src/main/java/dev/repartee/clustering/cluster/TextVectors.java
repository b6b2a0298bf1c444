package dev.repartee.clustering.cluster;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Vectors of wording: texts of similar wording lie close together. TF-IDF over word and character
 * n-grams, each family scaled to length 1 so that both weigh the same, reduced to a few dimensions.
 * A vector has length 1, or less if the text has little in common with other texts.
 */
public final class TextVectors {

  private static final List<TfIdf.Extractor> FAMILIES =
      List.of(TfIdf::wordsAndPairs, TfIdf::characterNGrams);

  /**
   * If features that occur in other texts have less than this share of a text's weight, its vector
   * is shorter than 1. Otherwise a text of unique words would be placed by one syllable that it
   * shares by chance. Misspelt texts stay above the limit.
   */
  private static final double SHARED_ENOUGH = 0.4;

  /** The number of texts from which the space is learned. More cost memory and change little. */
  private static final int LEARNED_FROM = 30_000;

  private TextVectors() {}

  /**
   * The vectors of {@code texts}, in order. A text that shares nothing with others is all zero.
   *
   * @param texts normalised, distinct
   * @param dimensions the largest number of dimensions
   * @param seed the same seed gives the same vectors
   * @return (texts, dimensions or fewer)
   */
  public static float[][] of(List<String> texts, int dimensions, long seed) {
    List<String> sample = sample(texts, seed);
    TfIdf.Learner learner = new TfIdf.Learner();
    for (String text : sample) {
      learner.newDocument();
      FAMILIES.forEach(family -> learner.add(TfIdf.Features.of(text, family)));
    }
    TfIdf weights = learner.finish();
    SparseMatrix.Builder rows = new SparseMatrix.Builder();
    sample.forEach(text -> addRow(rows, text, weights));
    Subspace space = Subspace.of(rows.build(weights.columns()), dimensions, seed);
    float[][] vectors = new float[texts.size()][];
    IntStream.range(0, vectors.length)
        .parallel()
        .forEach(text -> vectors[text] = vector(texts.get(text), weights, space));
    return vectors;
  }

  private static List<String> sample(List<String> texts, long seed) {
    if (texts.size() <= LEARNED_FROM) {
      return texts;
    }
    return new SplittableRandom(seed)
        .ints(0, texts.size())
        .distinct()
        .limit(LEARNED_FROM)
        .sorted()
        .mapToObj(texts::get)
        .toList();
  }

  private static float[] vector(String text, TfIdf weights, Subspace space) {
    SparseMatrix.Builder row = new SparseMatrix.Builder();
    double shared = addRow(row, text, weights);
    float[] vector = space.project(row.build(weights.columns()))[0];
    return Vectors.scaled(vector, Math.min(1, shared / SHARED_ENOUGH));
  }

  /** Adds a text's row, and returns the share of its weight on features of other texts, 0 to 1. */
  private static double addRow(SparseMatrix.Builder rows, String text, TfIdf weights) {
    double shared = 0;
    for (TfIdf.Extractor family : FAMILIES) {
      shared += weights.addTo(rows, TfIdf.Features.of(text, family));
    }
    rows.endRow();
    return shared / FAMILIES.size();
  }
}
