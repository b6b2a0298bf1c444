package dev.repartee.clustering.count;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How often each of some names occurred. Most texts occur once, so the first name stands in the
 * object itself and only a second one costs a map.
 */
final class Counter {

  private String first = "";
  private long firstCount;
  private Map<String, Long> others = Map.of();

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

  /** How many names there are. */
  int size() {
    return (firstCount > 0 ? 1 : 0) + others.size();
  }

  /** The counts by name; a copy. */
  SortedMap<String, Long> toMap() {
    SortedMap<String, Long> map = new TreeMap<>(others);
    if (firstCount > 0) {
      map.put(first, firstCount);
    }
    return map;
  }

  /** The same counts are the same bytes, in whatever order they were added. */
  void write(DataOutput out) throws IOException {
    Compact.writeLong(out, size());
    for (Map.Entry<String, Long> entry : toMap().entrySet()) {
      Compact.writeString(out, entry.getKey());
      Compact.writeLong(out, entry.getValue());
    }
  }

  static Counter read(DataInput in) throws IOException {
    Counter counter = new Counter();
    for (long left = Compact.readLong(in); left > 0; left--) {
      counter.add(Compact.readString(in), Compact.readLong(in));
    }
    return counter;
  }
}
