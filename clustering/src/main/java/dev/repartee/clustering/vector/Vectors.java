package dev.repartee.clustering.vector;

/** Arithmetic on dense vectors. Sums run in a fixed order, so that results can be repeated. */
public final class Vectors {

  private static final double SHORTEST = 1e-6;

  private Vectors() {}

  /** {@code vector} at length 1; all zero when it is (almost) zero. */
  public static float[] unit(float[] vector) {
    return scaled(vector, 1);
  }

  /** {@code vector} at the given length; all zero when it is (almost) zero. */
  static float[] scaled(float[] vector, double wanted) {
    double length = Math.sqrt(dot(vector, vector));
    return times(vector, length > SHORTEST ? wanted / length : 0);
  }

  /** {@code vector} times {@code factor}. */
  public static float[] times(float[] vector, double factor) {
    float[] product = new float[vector.length];
    for (int i = 0; i < product.length; i++) {
      product[i] = (float) (vector[i] * factor);
    }
    return product;
  }

  /** The inner product; for vectors of length 1 it is the cosine of their angle. */
  public static double dot(float[] left, float[] right) {
    // Four sums, since one would make every addition wait for the one before.
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    int i = 0;
    for (; i + 3 < left.length; i += 4) {
      a += left[i] * right[i];
      b += left[i + 1] * right[i + 1];
      c += left[i + 2] * right[i + 2];
      d += left[i + 3] * right[i + 3];
    }
    for (; i < left.length; i++) {
      a += left[i] * right[i];
    }
    return (double) (a + b) + (c + d);
  }

  /** Adds {@code vector} times {@code weight} to {@code sum}. */
  public static void addTo(float[] sum, float[] vector, float weight) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += weight * vector[i];
    }
  }
}
