package dev.repartee.clustering.cluster;

import java.util.Arrays;
import java.util.stream.IntStream;

/** A matrix with few entries that are not zero, stored row by row (compressed sparse rows). */
final class SparseMatrix {

  private final int columns;
  private final int[] rowStart; // (rows + 1)
  private final int[] column; // (entries)
  private final float[] value; // (entries)

  private SparseMatrix(int columns, int[] rowStart, int[] column, float[] value) {
    this.columns = columns;
    this.rowStart = rowStart;
    this.column = column;
    this.value = value;
  }

  /** Builds a matrix row by row. */
  static final class Builder {

    private int[] rowStart = new int[1 << 8];
    private int rows;
    private int[] columns = new int[1 << 10];
    private float[] values = new float[1 << 10];
    private int size;

    /** The number of entries so far. */
    int size() {
      return size;
    }

    /** Adds an entry to the current row. A column that occurs again adds up in products. */
    void add(int column, float value) {
      if (size == columns.length) {
        // By half only: for a large corpus these arrays take most of the memory.
        int capacity = Math.addExact(size, Math.max(size / 2, 1));
        columns = Arrays.copyOf(columns, capacity);
        values = Arrays.copyOf(values, capacity);
      }
      columns[size] = column;
      values[size++] = value;
    }

    /** Multiplies the entries from index {@code from} on. */
    void scaleFrom(int from, float factor) {
      for (int i = from; i < size; i++) {
        values[i] *= factor;
      }
    }

    /** Ends the current row. */
    void endRow() {
      if (rows + 1 == rowStart.length) {
        rowStart = Arrays.copyOf(rowStart, rowStart.length + rowStart.length / 2);
      }
      rowStart[++rows] = size;
    }

    SparseMatrix build(int columnCount) {
      return new SparseMatrix(
          columnCount,
          Arrays.copyOf(rowStart, rows + 1),
          Arrays.copyOf(columns, size),
          Arrays.copyOf(values, size));
    }
  }

  int rows() {
    return rowStart.length - 1;
  }

  int columns() {
    return columns;
  }

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
   * This matrix (N, F) times {@code dense} (F, width). Rows run in parallel, but each is summed in
   * a fixed order, so the result does not depend on the number of threads.
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
