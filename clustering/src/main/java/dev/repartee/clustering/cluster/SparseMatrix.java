package dev.repartee.clustering.cluster;

import java.util.Arrays;
import java.util.stream.IntStream;

/** A matrix of which most entries are zero, row by row (compressed sparse rows). */
final class SparseMatrix {

  private final int columns;
  private final int[] rowStart; // (rows + 1)
  private final int[] column; // (entries)
  private final float[] value; // (entries)

  /** Takes the arrays over: {@code column} and {@code value} hold the rows one after another. */
  SparseMatrix(int columns, int[] rowStart, int[] column, float[] value) {
    this.columns = columns;
    this.rowStart = rowStart;
    this.column = column;
    this.value = value;
  }

  int rows() {
    return rowStart.length - 1;
  }

  int columns() {
    return columns;
  }

  /** The same matrix with rows and columns exchanged. */
  SparseMatrix transpose() {
    int[] start = new int[columns + 1];
    for (int c : column) {
      start[c + 1]++;
    }
    Arrays.parallelPrefix(start, Integer::sum);
    int[] next = start.clone();
    int[] transposedColumn = new int[column.length];
    float[] transposedValue = new float[value.length];
    for (int row = 0; row < rows(); row++) {
      for (int i = rowStart[row]; i < rowStart[row + 1]; i++) {
        int to = next[column[i]]++;
        transposedColumn[to] = row;
        transposedValue[to] = value[i];
      }
    }
    return new SparseMatrix(rows(), start, transposedColumn, transposedValue);
  }

  /**
   * This matrix times {@code dense}, whose rows are this one's columns. Rows run in parallel, each
   * summed in a fixed order, so that the result does not depend on the number of threads.
   */
  float[][] times(float[][] dense, int width) {
    float[][] product = new float[rows()][];
    IntStream.range(0, rows()).parallel().forEach(row -> product[row] = row(row, dense, width));
    return product;
  }

  private float[] row(int row, float[][] dense, int width) {
    float[] sum = new float[width];
    for (int i = rowStart[row]; i < rowStart[row + 1]; i++) {
      float[] factor = dense[column[i]];
      float scale = value[i];
      for (int k = 0; k < width; k++) {
        sum[k] += scale * factor[k];
      }
    }
    return sum;
  }
}
