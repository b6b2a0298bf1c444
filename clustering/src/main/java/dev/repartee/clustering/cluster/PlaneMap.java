package dev.repartee.clustering.cluster;

import smile.manifold.TSNE;
import smile.math.MathEx;

/**
 * Maps vectors to the plane so that neighbours stay neighbours: t-SNE (van der Maaten and Hinton,
 * 2008) by Smile. Time grows with the square of the number of vectors.
 */
public final class PlaneMap {

  private static final int ITERATIONS = 500;
  private static final double MOST_NEIGHBOURS = 20;

  /**
   * Fewer points have no neighbourhoods (Smile refuses a perplexity below 2) and are put in a row.
   */
  private static final int FEWEST = 7;

  private PlaneMap() {}

  /**
   * The coordinates of {@code vectors}, whose lengths are about 1.
   *
   * @param seed the same vectors and seed give the same coordinates
   * @return (vectors, 2)
   */
  public static double[][] of(float[][] vectors, long seed) {
    int points = vectors.length;
    double[][] places = new double[points][2];
    if (points < FEWEST) {
      for (int i = 0; i < points; i++) {
        places[i][0] = i;
      }
      return places;
    }
    double[][] distances = new double[points][points]; // squared
    for (int i = 0; i < points; i++) {
      for (int j = 0; j < points; j++) {
        distances[i][j] = i == j ? 0 : Math.max(1e-6, 2 - 2 * Vectors.dot(vectors[i], vectors[j]));
      }
    }
    double perplexity = Math.min(MOST_NEIGHBOURS, (points - 1) / 3.0);
    // Smile uses a generator of the thread.
    MathEx.setSeed(seed);
    return TSNE.fit(distances, new TSNE.Options(2, perplexity, 200, 12, ITERATIONS)).coordinates();
  }
}
