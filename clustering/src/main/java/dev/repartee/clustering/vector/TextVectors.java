package dev.repartee.clustering.vector;

import java.util.List;

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
    TfIdf weights = TfIdf.of(texts);
    double[][] coordinates = Subspace.project(weights.matrix(), dimensions, seed);
    float[][] vectors = new float[coordinates.length][];
    for (int i = 0; i < vectors.length; i++) {
      vectors[i] = Vectors.scaled(coordinates[i], Math.min(1, weights.shared(i) / SHARED_ENOUGH));
    }
    return vectors;
  }
}
