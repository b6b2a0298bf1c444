package dev.repartee.text;

/** The inner product of vectors of floats, summed in a fixed order so that it can be repeated. */
public final class DotProduct {

  private DotProduct() {}

  /** Of {@code vector} and as many of {@code values} from {@code from} on. */
  public static double of(float[] vector, float[] values, int from) {
    // Four sums, since one would make every addition wait for the one before.
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
