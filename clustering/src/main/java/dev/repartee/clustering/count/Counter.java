package dev.repartee.clustering.count;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Counts by name. Most texts occur once, so the first name is kept in fields; only a second name
 * costs a map.
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

  /** Equal counts give equal bytes, in whatever order they were added. */
  void write(DataOutput out) throws IOException {
    TallyCodec.writeLong(out, size());
    for (Map.Entry<String, Long> entry : toMap().entrySet()) {
      TallyCodec.writeString(out, entry.getKey());
      TallyCodec.writeLong(out, entry.getValue());
    }
  }

  static Counter read(DataInput in) throws IOException {
    Counter counter = new Counter();
    for (long left = TallyCodec.readLong(in); left > 0; left--) {
      counter.add(TallyCodec.readString(in), TallyCodec.readLong(in));
    }
    return counter;
  }
}
