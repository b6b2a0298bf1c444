package dev.repartee.clustering.vector;

import java.util.List;

/**
 * Places texts in a space where the ones with much the same wording lie close together: TF-IDF over
 * word and character n-grams, reduced to a few dimensions, brought to length 1.
 */
public final class TextVectors {

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
    double[][] coordinates = Subspace.project(TfIdf.matrix(texts), dimensions, seed);
    float[][] vectors = new float[coordinates.length][];
    for (int i = 0; i < vectors.length; i++) {
      vectors[i] = Vectors.unit(coordinates[i]);
    }
    return vectors;
  }
}
