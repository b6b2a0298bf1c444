package dev.repartee.clustering.cluster;

import dev.repartee.text.DotProduct;

/** Arithmetic on dense vectors. Sums run in a fixed order, so results are reproducible. */
public final class Vectors {

  private static final double SHORTEST = 1e-6;

  private Vectors() {}

  /** {@code vector} scaled to length 1, or zero if it is almost zero. */
  public static float[] unit(float[] vector) {
    return scaled(vector, 1);
  }

  /** {@code vector} scaled to the length {@code wanted}, or zero if it is almost zero. */
  static float[] scaled(float[] vector, double wanted) {
    double length = Math.sqrt(dot(vector, vector));
    return times(vector, length > SHORTEST ? wanted / length : 0);
  }

  public static float[] times(float[] vector, double factor) {
    float[] product = new float[vector.length];
    for (int i = 0; i < product.length; i++) {
      product[i] = (float) (vector[i] * factor);
    }
    return product;
  }

  /** The inner product, which is the cosine for vectors of length 1. */
  public static double dot(float[] left, float[] right) {
    return DotProduct.of(left, right, 0);
  }

  public static void addTo(float[] sum, float[] vector, float weight) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += weight * vector[i];
    }
  }
}
