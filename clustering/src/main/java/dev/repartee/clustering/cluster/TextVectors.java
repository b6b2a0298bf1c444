package dev.repartee.clustering.cluster;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Places texts in a space where the ones with much the same wording lie close together: TF-IDF over
 * word and character n-grams, reduced to a few dimensions, brought to length 1, or less where a
 * text has little in common with others.
 */
public final class TextVectors {

  /**
   * Below this share of its weight on parts that other texts have too, a text's vector is shorter
   * than 1. Otherwise a text of words of its own would be placed by the one chance syllable that it
   * has in common with others, and be as near to them as their own kind. Slips stay above it.
   */
  private static final double SHARED_ENOUGH = 0.4;

  /** The space is learned from so many texts: more change it little and take memory and time. */
  private static final int LEARNED_FROM = 30_000;

  private TextVectors() {}

  /**
   * The vectors of {@code texts}, in order; a text that shares nothing with any other is all zero.
   *
   * @param texts normalised, distinct
   * @param dimensions at most so many numbers in a vector
   * @param seed the same seed gives the same vectors
   * @return (texts, dimensions or fewer)
   */
  public static float[][] of(List<String> texts, int dimensions, long seed) {
    List<String> sample = sample(texts, seed);
    TfIdf weights = TfIdf.of(sample);
    SparseRows rows = new SparseRows();
    sample.forEach(text -> weights.addRow(rows, text));
    Subspace space = Subspace.of(rows.toMatrix(weights.columns()), dimensions, seed);
    float[][] vectors = new float[texts.size()][];
    IntStream.range(0, vectors.length)
        .parallel()
        .forEach(text -> vectors[text] = place(texts.get(text), weights, space));
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

  private static float[] place(String text, TfIdf weights, Subspace space) {
    SparseRows row = new SparseRows();
    double shared = weights.addRow(row, text);
    float[] place = space.project(row.toMatrix(weights.columns()))[0];
    return Vectors.scaled(place, Math.min(1, shared / SHARED_ENOUGH));
  }
}
