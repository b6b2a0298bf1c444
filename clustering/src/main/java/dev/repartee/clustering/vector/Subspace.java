package dev.repartee.clustering.vector;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Finds the few directions in which the rows of a sparse matrix differ most: the leading right
 * singular vectors, by subspace iteration from a seeded random start (Halko, Martinsson and Tropp,
 * 2011). The rows' coordinates along them are truncated SVD's up to a rotation, which changes no
 * distance, so the small dense decomposition at the end is left out.
 *
 * <p>Shapes: N texts, F parts, K directions.
 */
final class Subspace {

  /** Each multiplies the gap between kept and dropped directions by itself; four are plenty. */
  private static final int ITERATIONS = 4;

  private static final double NEGLIGIBLE = 1e-9;

  private Subspace() {}

  /** The rows' coordinates along at most {@code dimensions} directions. */
  static double[][] project(SparseMatrix matrix, int dimensions, long seed) {
    int width = Math.min(dimensions, Math.min(matrix.rows(), matrix.columns()));
    SparseMatrix transposed = matrix.transpose();
    double[][] directions = gaussian(matrix.columns(), width, seed); // (F, K)
    for (int i = 0; i < ITERATIONS; i++) {
      directions = transposed.times(matrix.times(directions, width), width); // (F, K)
      directions = orthonormal(directions, width);
    }
    return matrix.times(directions, width); // (N, K)
  }

  private static double[][] gaussian(int rows, int width, long seed) {
    RandomGenerator random = new SplittableRandom(seed);
    double[][] values = new double[rows][width];
    for (double[] row : values) {
      for (int k = 0; k < width; k++) {
        row[k] = random.nextGaussian();
      }
    }
    return values;
  }

  /** Gram-Schmidt, twice, since once loses orthogonality where columns are almost parallel. */
  private static double[][] orthonormal(double[][] matrix, int width) {
    double[][] columns = transpose(matrix, width); // (K, F)
    for (int k = 0; k < width; k++) {
      double before = Math.sqrt(dot(columns[k], columns[k]));
      for (int pass = 0; pass < 2; pass++) {
        removeComponents(columns, k);
      }
      double length = Math.sqrt(dot(columns[k], columns[k]));
      // A column that the earlier ones explain adds no direction: zero, not amplified noise.
      scale(columns[k], length <= NEGLIGIBLE * before ? 0 : 1 / length);
    }
    return transpose(columns, matrix.length);
  }

  private static void removeComponents(double[][] columns, int k) {
    double[] along =
        IntStream.range(0, k).parallel().mapToDouble(j -> dot(columns[j], columns[k])).toArray();
    for (int j = 0; j < k; j++) {
      for (int i = 0; i < columns[k].length; i++) {
        columns[k][i] -= along[j] * columns[j][i];
      }
    }
  }

  private static void scale(double[] column, double factor) {
    for (int i = 0; i < column.length; i++) {
      column[i] *= factor;
    }
  }

  private static double dot(double[] left, double[] right) {
    double sum = 0;
    for (int i = 0; i < left.length; i++) {
      sum += left[i] * right[i];
    }
    return sum;
  }

  private static double[][] transpose(double[][] matrix, int width) {
    double[][] transposed = new double[width][matrix.length];
    for (int row = 0; row < matrix.length; row++) {
      for (int k = 0; k < width; k++) {
        transposed[k][row] = matrix[row][k];
      }
    }
    return transposed;
  }
}
