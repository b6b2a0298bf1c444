package dev.repartee.clustering.cluster;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.RecursiveTask;
import java.util.stream.IntStream;

/**
 * Splits items into blocks of neighbours that are small enough to compare all pairs: bisecting
 * k-means on the sphere (Steinbach, Karypis and Kumar, 2000). The two means of a cut are found on a
 * sample, so a cut visits each item once. A cut may run through a cluster; another seed cuts
 * elsewhere.
 */
final class BisectingKMeans extends RecursiveTask<List<int[]>> {

  private static final long serialVersionUID = 1;
  private static final int ROUNDS = 8;
  private static final int SAMPLE = 2_000;

  private final transient float[][] vectors;
  private final transient int[] rows;
  private final int largest;
  private final long seed;

  private BisectingKMeans(float[][] vectors, int[] rows, int largest, long seed) {
    this.vectors = vectors;
    this.rows = rows;
    this.largest = largest;
    this.seed = seed;
  }

  /** Splits {@code rows} of {@code vectors} into one or more blocks of at most {@code largest}. */
  static List<int[]> blocks(float[][] vectors, int[] rows, int largest, long seed) {
    return new BisectingKMeans(vectors, rows, largest, seed).invoke();
  }

  @Override
  protected List<int[]> compute() {
    if (rows.length <= largest) {
      return List.of(rows);
    }
    // Each part has a seed of its own, so the result does not depend on the order of threads.
    SplittableRandom random = new SplittableRandom(seed);
    float[][] means = twoMeans(random);
    boolean[] second = new boolean[rows.length];
    for (int i = 0; i < rows.length; i++) {
      float[] vector = vectors[rows[i]];
      second[i] = Vectors.dot(vector, means[1]) > Vectors.dot(vector, means[0]);
    }
    int[] left =
        IntStream.range(0, rows.length).filter(i -> !second[i]).map(i -> rows[i]).toArray();
    int[] right =
        IntStream.range(0, rows.length).filter(i -> second[i]).map(i -> rows[i]).toArray();
    if (left.length == 0 || right.length == 0) {
      // Equal vectors have equal means. Any cut will do.
      left = Arrays.copyOfRange(rows, 0, rows.length / 2);
      right = Arrays.copyOfRange(rows, rows.length / 2, rows.length);
    }
    BisectingKMeans near = new BisectingKMeans(vectors, left, largest, random.nextLong());
    BisectingKMeans far = new BisectingKMeans(vectors, right, largest, random.nextLong());
    invokeAll(near, far);
    List<int[]> blocks = new ArrayList<>(near.join());
    blocks.addAll(far.join());
    return blocks;
  }

  private float[][] twoMeans(SplittableRandom random) {
    int[] sample =
        rows.length <= SAMPLE
            ? rows
            : random.ints(SAMPLE, 0, rows.length).map(i -> rows[i]).toArray();
    float[] first = vectors[sample[random.nextInt(sample.length)]];
    float[] other = leastSimilar(sample, first);
    for (int round = 0; round < ROUNDS; round++) {
      float[][] sums = new float[2][first.length];
      for (int row : sample) {
        boolean second = Vectors.dot(vectors[row], other) > Vectors.dot(vectors[row], first);
        Vectors.addTo(sums[second ? 1 : 0], vectors[row], 1);
      }
      first = Vectors.unit(sums[0]);
      other = Vectors.unit(sums[1]);
    }
    return new float[][] {first, other};
  }

  private float[] leastSimilar(int[] sample, float[] to) {
    float[] least = vectors[sample[0]];
    for (int row : sample) {
      if (Vectors.dot(vectors[row], to) < Vectors.dot(least, to)) {
        least = vectors[row];
      }
    }
    return least;
  }
}
