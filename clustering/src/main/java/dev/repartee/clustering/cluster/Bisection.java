package dev.repartee.clustering.cluster;

import dev.repartee.clustering.vector.Vectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Splits texts into blocks of neighbours that are small enough for all-pairs work: 2-means on the
 * sphere, again and again. A group that a cut runs through comes out in two parts, which {@link
 * AverageLinkage} joins again.
 */
final class Bisection {

  private static final int ROUNDS = 8;

  private final float[][] vectors;
  private final int largest;
  private final SplittableRandom random;
  private final List<int[]> blocks = new ArrayList<>();

  private Bisection(float[][] vectors, int largest, long seed) {
    this.vectors = vectors;
    this.largest = largest;
    this.random = new SplittableRandom(seed);
  }

  /**
   * Splits {@code rows} of {@code vectors} into blocks of at most {@code largest}; one at least.
   */
  static List<int[]> blocks(float[][] vectors, int[] rows, int largest, long seed) {
    Bisection bisection = new Bisection(vectors, largest, seed);
    bisection.split(rows);
    return bisection.blocks;
  }

  private void split(int[] rows) {
    if (rows.length <= largest) {
      blocks.add(rows);
      return;
    }
    boolean[] second = twoMeans(rows);
    int[] left = IntStream.range(0, rows.length).filter(i -> !second[i]).toArray();
    int[] right = IntStream.range(0, rows.length).filter(i -> second[i]).toArray();
    if (left.length == 0 || right.length == 0) {
      // Vectors that are all alike cannot be told apart by means: any cut is as good.
      split(Arrays.copyOfRange(rows, 0, rows.length / 2));
      split(Arrays.copyOfRange(rows, rows.length / 2, rows.length));
      return;
    }
    split(Arrays.stream(left).map(i -> rows[i]).toArray());
    split(Arrays.stream(right).map(i -> rows[i]).toArray());
  }

  private boolean[] twoMeans(int[] rows) {
    float[] first = vectors[rows[random.nextInt(rows.length)]];
    float[] other = leastSimilar(rows, first);
    boolean[] second = new boolean[rows.length];
    for (int round = 0; round < ROUNDS; round++) {
      double[][] sums = new double[2][first.length];
      for (int i = 0; i < rows.length; i++) {
        float[] vector = vectors[rows[i]];
        second[i] = Vectors.dot(vector, other) > Vectors.dot(vector, first);
        Vectors.addTo(sums[second[i] ? 1 : 0], vector, 1);
      }
      first = Vectors.unit(sums[0]);
      other = Vectors.unit(sums[1]);
    }
    return second;
  }

  private float[] leastSimilar(int[] rows, float[] to) {
    float[] least = vectors[rows[0]];
    for (int row : rows) {
      if (Vectors.dot(vectors[row], to) < Vectors.dot(least, to)) {
        least = vectors[row];
      }
    }
    return least;
  }
}
