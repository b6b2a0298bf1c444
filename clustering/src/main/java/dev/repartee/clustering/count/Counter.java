package dev.repartee.clustering.count;

import java.io.Serializable;
import java.util.HashMap;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Counts by name. Most texts occur once, so the first name is kept in fields; only a second name
 * costs a map.
 */
final class Counter implements Serializable {

  private static final long serialVersionUID = 1;

  /** Shared and never changed. */
  private static final HashMap<String, Long> NONE = new HashMap<>(0);

  private String first = "";
  private long firstCount;
  private HashMap<String, Long> others = NONE;

  void add(String name, long count) {
    if (firstCount == 0) {
      first = name;
      firstCount = count;
    } else if (first.equals(name)) {
      firstCount += count;
    } else {
      if (others.isEmpty()) {
        others = new HashMap<>(2);
      }
      others.merge(name, count, Long::sum);
    }
  }

  void addAll(Counter counter) {
    if (counter.firstCount > 0) {
      add(counter.first, counter.firstCount);
    }
    counter.others.forEach(this::add);
  }

  /** The number of different names. */
  int size() {
    return (firstCount > 0 ? 1 : 0) + others.size();
  }

  /** A copy of the counts, sorted by name. */
  SortedMap<String, Long> toMap() {
    SortedMap<String, Long> map = new TreeMap<>(others);
    if (firstCount > 0) {
      map.put(first, firstCount);
    }
    return map;
  }

  /** Equal if the counts are, in whatever order they were added. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Counter counter && toMap().equals(counter.toMap());
  }

  @Override
  public int hashCode() {
    return toMap().hashCode();
  }
}
