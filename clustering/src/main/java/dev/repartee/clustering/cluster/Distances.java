package dev.repartee.clustering.cluster;

/**
 * Distances between all pairs of some items, one minus their similarity, as the lower triangle with
 * its diagonal, column by column, which is the layout that Smile takes.
 */
final class Distances {

  /** Between items that must not come together: no average with it is ever near. */
  static final float APART = 1e6f;

  private final int items;
  private final float[] packed;

  private Distances(int items) {
    this.items = items;
    this.packed = new float[Math.toIntExact((long) items * (items + 1) / 2)];
  }

  /** One minus the inner products of {@code vectors} (items, dimensions). */
  static Distances of(float[][] vectors) {
    Distances distances = new Distances(vectors.length);
    float[][] transposed = transpose(vectors);
    float[] similarity = new float[vectors.length];
    for (int column = 0; column < vectors.length; column++) {
      products(vectors[column], transposed, column, similarity);
      int start = distances.start(column);
      for (int row = column; row < vectors.length; row++) {
        distances.packed[start + row] = Math.max(0, 1 - similarity[row]);
      }
    }
    return distances;
  }

  /** Puts items whose {@code kinds} may not come together out of reach. */
  Distances keepApart(Kinds kinds) {
    for (int column = 0; column < items; column++) {
      int start = start(column);
      for (int row = column + 1; row < items; row++) {
        if (!kinds.mayJoin(row, column)) {
          packed[start + row] = APART;
        }
      }
    }
    return this;
  }

  /**
   * Mixes {@code other} distances of the same items in.
   *
   * @param weight of each item, 0 to 1; a pair takes so much of the other distance as the lesser of
   *     its two weights
   */
  Distances mix(Distances other, float[] weight) {
    for (int column = 0; column < items; column++) {
      int start = start(column);
      for (int row = column; row < items; row++) {
        float share = Math.min(weight[row], weight[column]);
        packed[start + row] += share * (other.packed[start + row] - packed[start + row]);
      }
    }
    return this;
  }

  int items() {
    return items;
  }

  float[] packed() {
    return packed;
  }

  /** Where row 0 of a column would stand; the column begins at the diagonal. */
  private int start(int column) {
    return (int) ((long) column * items - (long) column * (column + 1) / 2);
  }

  private static float[][] transpose(float[][] vectors) {
    int width = vectors.length == 0 ? 0 : vectors[0].length;
    float[][] transposed = new float[width][vectors.length];
    for (int i = 0; i < vectors.length; i++) {
      for (int k = 0; k < width; k++) {
        transposed[k][i] = vectors[i][k];
      }
    }
    return transposed;
  }

  /** Runs along the items, four dimensions at a time, since that loop uses the vector unit. */
  private static void products(float[] vector, float[][] transposed, int from, float[] out) {
    for (int i = from; i < out.length; i++) {
      out[i] = 0;
    }
    int k = 0;
    for (; k + 3 < vector.length; k += 4) {
      float a = vector[k];
      float b = vector[k + 1];
      float c = vector[k + 2];
      float d = vector[k + 3];
      float[] first = transposed[k];
      float[] second = transposed[k + 1];
      float[] third = transposed[k + 2];
      float[] fourth = transposed[k + 3];
      for (int i = from; i < out.length; i++) {
        out[i] += a * first[i] + b * second[i] + c * third[i] + d * fourth[i];
      }
    }
    for (; k < vector.length; k++) {
      float a = vector[k];
      float[] first = transposed[k];
      for (int i = from; i < out.length; i++) {
        out[i] += a * first[i];
      }
    }
  }
}
