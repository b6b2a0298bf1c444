package dev.repartee.registry.feedback;

import dev.repartee.registry.feedback.FeedbackLog.Segment;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.text.Threads;
import dev.repartee.text.UserException;
import dev.repartee.text.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectReader;

/**
 * Reads the feedback of a store, day by day, each record once: repeats come soon after what they
 * repeat, so that the keys of a day and of the day before are all that must be remembered.
 */
public final class FeedbackReader {

  private static final Logger log = LoggerFactory.getLogger(FeedbackReader.class);
  private static final ObjectReader LINE = Json.COMPACT.readerFor(FeedbackRecord.class);

  private final ObjectStore store;
  private final int threads;

  public FeedbackReader(ObjectStore store, int threads) {
    this.store = store;
    this.threads = threads;
  }

  /** Takes what one thread reads. */
  public interface Counter {

    /** A record that was not read before. */
    void add(FeedbackRecord reply, LocalDate day);

    /** A record that was stored twice, which says nothing new. */
    default void addRepeat() {}

    /** A line that is no record, of which the reader warns. */
    default void addUnreadable() {}
  }

  /**
   * Reads the days from {@code from} to {@code to}, both included.
   *
   * @param counter makes one for each thread and day
   * @param counted receives each of them when its day was read, so that none is held for longer
   * @throws UserException when there is no feedback in the store, or it cannot be read
   */
  public <C extends Counter> void read(
      LocalDate from, LocalDate to, Supplier<C> counter, Consumer<C> counted) {
    List<Segment> all = new FeedbackLog(store).segments();
    if (all.isEmpty()) {
      throw new UserException(
          store.locate(FeedbackLog.FOLDER)
              + ": no feedback there; a service moves its first seconds after it came;"
              + " until then it is in the folder of 'serve --feedback-dir'");
    }
    read(all, from, to, counter, counted);
  }

  /**
   * Counts one model's feedback, of which there may be none.
   *
   * @param model as clients name it
   */
  public <C extends Counter> void read(
      String model, LocalDate from, LocalDate to, Supplier<C> counter, Consumer<C> counted) {
    read(new FeedbackLog(store).segments(model), from, to, counter, counted);
  }

  private <C extends Counter> void read(
      List<Segment> all, LocalDate from, LocalDate to, Supplier<C> counter, Consumer<C> counted) {
    FeedbackLog feedback = new FeedbackLog(store);
    SortedMap<LocalDate, List<Segment>> days = new TreeMap<>();
    Map<LocalDate, Set<String>> keys = new HashMap<>(); // of the latest day
    for (Segment segment : all) {
      if (!segment.day().isBefore(from) && !segment.day().isAfter(to)) {
        days.computeIfAbsent(segment.day(), _ -> new ArrayList<>()).add(segment);
      }
    }
    try (ExecutorService workers = Executors.newFixedThreadPool(threads)) {
      for (LocalDate day : days.keySet()) {
        Set<String> before = keys.getOrDefault(day.minusDays(1), Set.of());
        Set<String> seen = ConcurrentHashMap.newKeySet();
        Predicate<String> isNew = key -> !before.contains(key) && seen.add(key);
        Queue<Segment> left = new ConcurrentLinkedQueue<>(days.get(day));
        List<CompletableFuture<C>> parts = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
          parts.add(
              CompletableFuture.supplyAsync(
                  () -> count(feedback, left, isNew, counter.get()), workers));
        }
        parts.forEach(part -> counted.accept(Threads.await(part)));
        keys.clear();
        keys.put(day, seen);
      }
    }
  }

  private static <C extends Counter> C count(
      FeedbackLog feedback, Queue<Segment> segments, Predicate<String> isNew, C counter) {
    for (Segment segment = segments.poll(); segment != null; segment = segments.poll()) {
      int unreadable = 0;
      String text = new String(feedback.read(segment), StandardCharsets.UTF_8);
      for (String line : (Iterable<String>) text.lines()::iterator) {
        if (!line.isEmpty() && !count(line, segment.day(), isNew, counter)) {
          counter.addUnreadable();
          unreadable++;
        }
      }
      if (unreadable > 0) {
        log.warn(
            "{} has {} lines that cannot be read as feedback",
            feedback.locate(segment),
            unreadable);
      }
    }
    return counter;
  }

  /** Whether the line is a record. */
  private static boolean count(
      String line, LocalDate day, Predicate<String> isNew, Counter counter) {
    try {
      FeedbackRecord reply = LINE.readValue(line);
      if (reply == null) { // the line is null
        return false;
      }
      if (isNew.test(reply.key())) {
        counter.add(reply, day);
      } else {
        counter.addRepeat();
      }
      return true;
    } catch (JacksonException e) { // whose message may quote a record
      return false;
    }
  }
}
