package dev.repartee.clustering.spark;

import dev.repartee.clustering.count.TextTally;
import dev.repartee.clustering.count.Totals;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;
import scala.Tuple2;

/**
 * Merges entries that are sorted by key, so that no more than one key's are in memory at a time.
 * Ids that stand in one place only are left out: they are as they should be.
 */
final class MergedEntries implements Iterator<Tuple2<String, byte[]>> {

  private final Iterator<Tuple2<String, byte[]>> sorted;
  private final Queue<Tuple2<String, byte[]>> ready = new ArrayDeque<>();
  private final Queue<Tuple2<String, byte[]>> ahead = new ArrayDeque<>(1);

  MergedEntries(Iterator<Tuple2<String, byte[]>> sorted) {
    this.sorted = sorted;
  }

  @Override
  public boolean hasNext() {
    while (ready.isEmpty() && more()) {
      mergeNextKey();
    }
    return !ready.isEmpty();
  }

  @Override
  public Tuple2<String, byte[]> next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return ready.remove();
  }

  private boolean more() {
    return !ahead.isEmpty() || sorted.hasNext();
  }

  private Tuple2<String, byte[]> take() {
    return ahead.isEmpty() ? sorted.next() : ahead.remove();
  }

  /** The next entry of {@code key}, unless another key follows. */
  private boolean follows(String key) {
    if (ahead.isEmpty() && sorted.hasNext()) {
      ahead.add(sorted.next());
    }
    return !ahead.isEmpty() && ahead.element()._1().equals(key);
  }

  private void mergeNextKey() {
    Tuple2<String, byte[]> first = take();
    switch (Entry.kind(first)) {
      case Entry.TOTALS -> ready.add(mergedTotals(first));
      case Entry.TEXT -> ready.add(mergedTexts(first));
      case Entry.ID -> mergeIds(first);
      case Entry.FILE -> {
        while (follows(first._1())) {
          take();
        }
        ready.add(first);
      }
      default -> ready.add(first);
    }
  }

  private Tuple2<String, byte[]> mergedTotals(Tuple2<String, byte[]> first) {
    Totals totals = Totals.fromBytes(first._2());
    while (follows(first._1())) {
      totals.merge(Totals.fromBytes(take()._2()));
    }
    return Entry.totals(totals);
  }

  private Tuple2<String, byte[]> mergedTexts(Tuple2<String, byte[]> first) {
    // Most texts occur once, and need not be read.
    if (!follows(first._1())) {
      return first;
    }
    TextTally tally = TextTally.fromBytes(Entry.name(first), first._2());
    while (follows(first._1())) {
      tally.merge(TextTally.fromBytes(tally.key(), take()._2()));
    }
    return Entry.text(tally);
  }

  private void mergeIds(Tuple2<String, byte[]> first) {
    if (follows(first._1())) {
      ByteArrayOutputStream places = new ByteArrayOutputStream();
      places.writeBytes(first._2());
      while (follows(first._1())) {
        places.writeBytes(take()._2());
      }
      ready.add(new Tuple2<>(first._1(), places.toByteArray()));
    }
  }
}
