package dev.repartee.finetune.report;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * How often values of about the same size occur.
 *
 * @param bins of equal width from 0, but the last, which holds all that is larger; empty when there
 *     is no value
 * @param median the middle value
 * @param percentile95 that 95% of the values do not exceed
 * @param max the largest value
 */
public record Histogram(List<Bin> bins, int median, int percentile95, int max) {

  /** Of {@code count} values from {@code from} to {@code to}, both inclusive. */
  public record Bin(int from, int to, long count) {}

  private static final int MOST_BINS = 20;

  public Histogram {
    bins = List.copyOf(bins);
  }

  /** Counts of whole numbers, none negative. */
  static final class Counts {
    private final NavigableMap<Integer, Long> byValue = new TreeMap<>();

    void add(int value) {
      byValue.merge(value, 1L, Long::sum);
    }

    Histogram histogram() {
      if (byValue.isEmpty()) {
        return new Histogram(List.of(), 0, 0, 0);
      }
      // Up to the 98th percentile, so that a few long ones do not press the rest into one bin.
      int width = niceWidth(percentile(0.98));
      List<Bin> bins = new ArrayList<>();
      int max = byValue.lastKey();
      for (int from = 0; from <= max; from += width) {
        int to = bins.size() == MOST_BINS - 1 ? max : Math.min(from + width - 1, max);
        bins.add(new Bin(from, to, count(from, to)));
        if (to == max) {
          break;
        }
      }
      return new Histogram(bins, percentile(0.5), percentile(0.95), max);
    }

    private long count(int from, int to) {
      return byValue.subMap(from, true, to, true).values().stream()
          .mapToLong(Long::longValue)
          .sum();
    }

    private int percentile(double share) {
      long wanted = (long) Math.ceil(share * count(0, byValue.lastKey()));
      long seen = 0;
      for (var entry : byValue.entrySet()) {
        seen += entry.getValue();
        if (seen >= wanted) {
          return entry.getKey();
        }
      }
      return byValue.lastKey();
    }

    /** The least of 1, 2, 4, 5, 8 and so on times a power of ten with which {@code to} fits. */
    private static int niceWidth(int to) {
      int power = 1;
      while (true) {
        for (int factor : new int[] {1, 2, 4, 5, 8}) {
          if (to < (long) factor * power * (MOST_BINS - 1)) {
            return factor * power;
          }
        }
        power *= 10;
      }
    }
  }
}
