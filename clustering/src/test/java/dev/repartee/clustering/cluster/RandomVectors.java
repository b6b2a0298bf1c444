package dev.repartee.clustering.cluster;

import java.util.SplittableRandom;

/** Seeded directions. */
final class RandomVectors {

  private RandomVectors() {}

  /** Vectors (items, dimensions) of length 1. */
  static float[][] of(int items, int dimensions, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[][] vectors = new float[items][dimensions];
    for (int i = 0; i < items; i++) {
      for (int k = 0; k < dimensions; k++) {
        vectors[i][k] = (float) random.nextDouble(-1, 1);
      }
      vectors[i] = Vectors.unit(vectors[i]);
    }
    return vectors;
  }
}
