package dev.repartee.clustering.vector;

import java.util.Arrays;

/** Builds a {@link SparseMatrix} row by row. */
final class SparseRows {

  private final int[] rowStart;
  private int rows;
  private int[] columns = new int[1 << 12];
  private float[] values = new float[1 << 12];
  private int size;

  SparseRows(int rowCount) {
    rowStart = new int[rowCount + 1];
  }

  int size() {
    return size;
  }

  void add(int column, float value) {
    if (size == columns.length) {
      // Not doubled: the arrays of a large data set are most of its memory.
      int capacity = Math.addExact(size, Math.max(size / 2, 1));
      columns = Arrays.copyOf(columns, capacity);
      values = Arrays.copyOf(values, capacity);
    }
    columns[size] = column;
    values[size++] = value;
  }

  void scaleFrom(int from, float factor) {
    for (int i = from; i < size; i++) {
      values[i] *= factor;
    }
  }

  void endRow() {
    rowStart[++rows] = size;
  }

  SparseMatrix toMatrix(int columnCount) {
    return new SparseMatrix(
        columnCount, rowStart, Arrays.copyOf(columns, size), Arrays.copyOf(values, size));
  }
}
