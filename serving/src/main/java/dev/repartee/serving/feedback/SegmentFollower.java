package dev.repartee.serving.feedback;

import static java.util.Objects.requireNonNull;

import dev.repartee.registry.feedback.FeedbackLog;
import dev.repartee.registry.feedback.FeedbackRecord;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.StoreException;
import dev.repartee.registry.store.StoredObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the feedback of one model that services moved to the store since the last look, this one
 * among them. A look lists what was begun in the last half hour; one in {@link #THOROUGH} lists all
 * days that count, for segments that waited on a machine while the store was away, and for those
 * that lost lines because somebody is to be forgotten. Not for several threads.
 */
final class SegmentFollower {

  private static final Logger log = LoggerFactory.getLogger(SegmentFollower.class);

  /** Names begin with the time in milliseconds; so many have the first seven digits in common. */
  private static final Duration ALIKE = Duration.ofSeconds(1000);

  private static final Duration THOROUGH = Duration.ofMinutes(5);

  /** Bytes that one look reads; what is older than that is not looked at. */
  private static final long MOST_BYTES = 256L << 20;

  /** A look ends after so many objects that could not be read. */
  private static final int MOST_FAILURES = 3;

  private final ObjectStore store;
  private final String model;
  private final Map<String, Known> read = new HashMap<>();
  private Instant thoroughly = Instant.MIN;
  private LocalDate first = LocalDate.MIN; // days before are too much to read

  /**
   * An object that was read.
   *
   * @param keys of the records from which something is to be learned
   */
  private record Known(long generation, Set<String> keys) {

    Known {
      keys = Set.copyOf(keys);
    }
  }

  SegmentFollower(ObjectStore store, String model) {
    this.store = requireNonNull(store, "store is null");
    this.model = requireNonNull(model, "model is null");
  }

  /** Whether it follows the feedback of this model. */
  boolean follows(String name) {
    return model.equals(name);
  }

  /**
   * Reads what is new, the newest segments first.
   *
   * @param horizon before which records do not count; may rise while they are read
   * @param gone takes the keys of records that are no longer stored
   * @throws StoreException when some of it could not be read; the next look tries again
   */
  void look(
      Instant now,
      Supplier<Instant> horizon,
      Consumer<FeedbackRecord> records,
      Consumer<Collection<String>> gone) {
    if (thoroughly.plus(THOROUGH).isAfter(now)) {
      Look look = new Look(records, gone);
      lookAtLatest(now, look);
      look.end();
      return;
    }
    Look look = new Look(records, gone);
    for (LocalDate day = FeedbackLog.day(now);
        !day.isBefore(FeedbackLog.day(horizon.get())) && !day.isBefore(first);
        day = day.minusDays(1)) {
      if (look.bytes > MOST_BYTES) {
        log.info("feedback from before {} is too much to learn from", day.plusDays(1));
        first = day.plusDays(1);
        break;
      }
      look.at(FeedbackLog.folder(model, day));
    }
    String oldest = FeedbackLog.folder(model, FeedbackLog.day(horizon.get()));
    read.keySet().removeIf(key -> key.compareTo(oldest) < 0);
    look.end();
    thoroughly = now;
  }

  /** A record may be of the day before its segment's name. */
  private void lookAtLatest(Instant now, Look look) {
    Instant before = now.minus(ALIKE);
    for (LocalDate day : new HashSet<>(List.of(FeedbackLog.day(now), FeedbackLog.day(before)))) {
      for (Instant begun : List.of(now, before)) {
        String name = "%013d".formatted(begun.toEpochMilli());
        look.at(FeedbackLog.folder(model, day) + name.substring(0, 7));
      }
    }
  }

  /** One look at the store. */
  private final class Look {
    private final Consumer<FeedbackRecord> records;
    private final Consumer<Collection<String>> gone;
    private long bytes;
    private int failures;
    private StoreException failure;

    Look(Consumer<FeedbackRecord> records, Consumer<Collection<String>> gone) {
      this.records = records;
      this.gone = gone;
    }

    /**
     * Reads the objects with this prefix that were not read yet, or were written anew, those of the
     * latest name first.
     */
    void at(String prefix) {
      List<StoredObject> segments;
      try (Stream<StoredObject> listed = store.list(prefix)) {
        segments = listed.sorted(Comparator.comparing(StoredObject::key).reversed()).toList();
      }
      Set<String> there = new HashSet<>();
      segments.forEach(segment -> there.add(segment.key()));
      for (String key : List.copyOf(read.keySet())) {
        if (key.startsWith(prefix) && !there.contains(key)) {
          gone.accept(read.remove(key).keys()); // deleted
        }
      }
      for (StoredObject segment : segments) {
        Known known = read.get(segment.key());
        if (known != null && known.generation() == segment.generation()) {
          continue;
        }
        if (failures < MOST_FAILURES && bytes <= MOST_BYTES) {
          read(segment);
        }
      }
    }

    private void read(StoredObject segment) {
      Set<String> keys = new HashSet<>();
      try {
        lines(segment.key()).forEach(line -> record(segment.key(), line, keys));
        bytes += segment.size();
      } catch (StoreException e) {
        if (e.reason() != StoreException.Reason.NOT_FOUND) { // it was deleted just now
          failures++;
          failure = e;
          return;
        }
      }
      Known before = read.put(segment.key(), new Known(segment.generation(), keys));
      if (before != null) {
        Set<String> lost = new HashSet<>(before.keys());
        lost.removeAll(keys);
        gone.accept(lost);
      }
    }

    private void record(String key, String line, Set<String> keys) {
      FeedbackRecord record;
      try {
        record = FeedbackRecord.parse(line.getBytes(StandardCharsets.UTF_8));
      } catch (RuntimeException e) {
        // Not its message, which may quote a record.
        log.warn("{} has a line that is not feedback: {}", key, e.getClass().getName());
        return;
      }
      if (record.learn().isPresent()) {
        keys.add(record.key());
      }
      records.accept(record);
    }

    void end() {
      if (failure != null) {
        throw failure;
      }
    }
  }

  private List<String> lines(String key) {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(store.read(key), StandardCharsets.UTF_8))) {
      return in.lines().toList();
    } catch (IOException e) {
      throw StoreException.brokenOff(store.locate(key), e);
    } catch (UncheckedIOException e) {
      throw StoreException.brokenOff(store.locate(key), e.getCause());
    }
  }
}
