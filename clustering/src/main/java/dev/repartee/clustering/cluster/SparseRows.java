package dev.repartee.clustering.cluster;

import java.util.Arrays;

/** Builds a {@link SparseMatrix} row by row. */
final class SparseRows {

  private int[] rowStart = new int[1 << 8];
  private int rows;
  private int[] columns = new int[1 << 10];
  private float[] values = new float[1 << 10];
  private int size;

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
    if (rows + 1 == rowStart.length) {
      rowStart = Arrays.copyOf(rowStart, rowStart.length + rowStart.length / 2);
    }
    rowStart[++rows] = size;
  }

  SparseMatrix toMatrix(int columnCount) {
    return new SparseMatrix(
        columnCount,
        Arrays.copyOf(rowStart, rows + 1),
        Arrays.copyOf(columns, size),
        Arrays.copyOf(values, size));
  }
}
