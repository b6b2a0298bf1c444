package dev.repartee.text;

/** The inner product of float vectors, summed in a fixed order so that results repeat exactly. */
public final class DotProduct {

  private DotProduct() {}

  /** The product of {@code vector} and the values from position {@code from} on. */
  public static double of(float[] vector, float[] values, int from) {
    // With one sum every addition would wait for the one before it.
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    int i = 0;
    for (; i + 3 < vector.length; i += 4) {
      a += vector[i] * values[from + i];
      b += vector[i + 1] * values[from + i + 1];
      c += vector[i + 2] * values[from + i + 2];
      d += vector[i + 3] * values[from + i + 3];
    }
    for (; i < vector.length; i++) {
      a += vector[i] * values[from + i];
    }
    return (double) (a + b) + (c + d);
  }
}
