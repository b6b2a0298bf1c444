package dev.repartee.clustering.cluster;

import java.util.Arrays;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;

/** The parts of one text, sorted, so that equal ones stand together. */
final class SortedParts {

  private long[] parts = new long[64];
  private int size;

  /** The parts into which {@code family} cuts {@code text}, sorted. */
  static SortedParts of(String text, BiConsumer<String, LongConsumer> family) {
    SortedParts parts = new SortedParts();
    family.accept(text, parts::add);
    return parts.sort();
  }

  private void add(long part) {
    if (size == parts.length) {
      parts = Arrays.copyOf(parts, 2 * size);
    }
    parts[size++] = part;
  }

  private SortedParts sort() {
    Arrays.sort(parts, 0, size);
    return this;
  }

  int size() {
    return size;
  }

  long get(int index) {
    return parts[index];
  }

  /** The index after the last part that equals the one at {@code index}. */
  int endOfRun(int index) {
    int end = index + 1;
    while (end < size && parts[end] == parts[index]) {
      end++;
    }
    return end;
  }
}
