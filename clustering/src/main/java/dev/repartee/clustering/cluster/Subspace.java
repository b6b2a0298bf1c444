package dev.repartee.clustering.cluster;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The directions in which the rows of a sparse matrix differ most: its leading right singular
 * vectors, by subspace iteration from a seeded random start (Halko, Martinsson and Tropp, 2011).
 * The rows' coordinates are those of a truncated SVD up to a rotation. A rotation changes no
 * distance, so the small dense decomposition at the end is omitted.
 *
 * <p>Shapes: N rows, F columns, K directions.
 */
final class Subspace {

  /** Each iteration widens the gap between kept and dropped directions; three suffice. */
  private static final int ITERATIONS = 3;

  /** A smaller share of a column's squared length is rounding. */
  private static final double NEGLIGIBLE = 1e-9;

  private final float[][] directions; // (F, K)
  private final int width;

  private Subspace(float[][] directions, int width) {
    this.directions = directions;
    this.width = width;
  }

  /** At most {@code dimensions} directions of {@code matrix} (N, F). */
  static Subspace of(SparseMatrix matrix, int dimensions, long seed) {
    int width = Math.min(dimensions, Math.min(matrix.rows(), matrix.columns()));
    SparseMatrix transposed = matrix.transpose();
    float[][] directions = gaussian(matrix.columns(), width, seed);
    for (int i = 0; i < ITERATIONS; i++) {
      directions = transposed.times(matrix.times(directions, width), width);
      // Twice, since one pass loses orthogonality if directions are almost parallel.
      makeOrthonormal(directions, width);
      makeOrthonormal(directions, width);
    }
    return new Subspace(directions, width);
  }

  /** The coordinates (N, K) of the rows of {@code matrix} (N, F), which may be other rows. */
  float[][] project(SparseMatrix matrix) {
    return matrix.times(directions, width);
  }

  private static float[][] gaussian(int rows, int width, long seed) {
    RandomGenerator random = new SplittableRandom(seed);
    float[][] values = new float[rows][width];
    for (float[] row : values) {
      for (int k = 0; k < width; k++) {
        row[k] = (float) random.nextGaussian();
      }
    }
    return values;
  }

  /**
   * Makes the columns of {@code matrix} (F, K) orthonormal by the Cholesky factor of their inner
   * products. A column that depends on earlier ones becomes zero instead of amplified rounding.
   */
  private static void makeOrthonormal(float[][] matrix, int width) {
    double[][] lower = cholesky(innerProducts(matrix, width));
    IntStream.range(0, matrix.length)
        .parallel()
        .forEach(row -> solve(lower, matrix[row])); // x becomes L^-1 x
  }

  private static double[][] innerProducts(float[][] matrix, int width) {
    double[][] products = new double[width][width];
    IntStream.range(0, width)
        .parallel()
        .forEach(
            j -> {
              for (float[] row : matrix) {
                double scale = row[j];
                for (int k = 0; k <= j; k++) {
                  products[j][k] += scale * row[k];
                }
              }
            });
    return products;
  }

  /** The lower factor, with zero on the diagonal for a column that depends on earlier ones. */
  private static double[][] cholesky(double[][] products) {
    int width = products.length;
    double[][] lower = new double[width][width];
    for (int j = 0; j < width; j++) {
      for (int k = 0; k <= j; k++) {
        double rest = products[j][k];
        for (int i = 0; i < k; i++) {
          rest -= lower[j][i] * lower[k][i];
        }
        if (k == j) {
          lower[j][j] = rest > NEGLIGIBLE * products[j][j] ? Math.sqrt(rest) : 0;
        } else {
          lower[j][k] = lower[k][k] == 0 ? 0 : rest / lower[k][k];
        }
      }
    }
    return lower;
  }

  private static void solve(double[][] lower, float[] row) {
    double[] solved = new double[row.length];
    for (int j = 0; j < row.length; j++) {
      double rest = row[j];
      for (int i = 0; i < j; i++) {
        rest -= lower[j][i] * solved[i];
      }
      solved[j] = lower[j][j] == 0 ? 0 : rest / lower[j][j];
      row[j] = (float) solved[j];
    }
  }
}
