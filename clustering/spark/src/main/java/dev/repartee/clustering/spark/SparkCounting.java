package dev.repartee.clustering.spark;

import dev.repartee.clustering.count.ConversationCounter;
import dev.repartee.clustering.count.CorpusTally;
import dev.repartee.clustering.count.CountingEngine;
import dev.repartee.clustering.count.TextTally;
import dev.repartee.clustering.spark.Entry.Place;
import dev.repartee.text.UserException;
import dev.repartee.text.conversation.ConversationLine;
import dev.repartee.text.privacy.PublicFacts;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Queue;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.LongWritable;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.mapreduce.lib.input.TextInputFormat;
import org.apache.spark.HashPartitioner;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaSparkContext;
import scala.Tuple2;

/**
 * Counts on a Spark cluster, or on this machine in Spark's local mode. Each part of a file is
 * counted where it is read, and tallies of the same key are merged after a shuffle. The driver then
 * holds what {@link dev.repartee.clustering.count.LocalCounting} holds at its end. Reads JSON Lines
 * only.
 *
 * <p>The master is the system property {@code spark.master} (set by {@code spark-submit}), else the
 * environment variable {@code SPARK_MASTER}, else {@code local[*]}.
 */
public final class SparkCounting implements CountingEngine {

  private static final String LOCAL = "local";

  @Override
  public String name() {
    return "spark";
  }

  @Override
  public CorpusTally count(List<Path> files, PublicFacts facts, Consumer<String> progress) {
    return onSpark(
        files,
        progress,
        (spark, inputs) -> {
          List<Tuple2<String, byte[]>> merged = merged(spark, inputs, facts);
          Problems problems = new Problems(inputs, spark.hadoopConfiguration());
          merged.forEach(problems::add);
          problems.throwIfAny();
          return corpus(merged, facts);
        });
  }

  @Override
  public PublicFacts.Counter countValues(List<Path> files, Consumer<String> progress) {
    return onSpark(
        files,
        progress,
        (spark, inputs) -> {
          PublicFacts.Counter all = new PublicFacts.Counter();
          for (InputFile input : inputs) {
            lines(spark, input)
                .mapPartitions(lines -> List.of(values(lines)).iterator())
                .collect()
                .forEach(bytes -> all.merge(PublicFacts.Counter.fromBytes(bytes)));
          }
          return all;
        });
  }

  private static <T> T onSpark(
      List<Path> files,
      Consumer<String> progress,
      BiFunction<JavaSparkContext, List<InputFile>, T> work) {
    SparkConf settings = settings();
    progress.accept("counting on Spark, master " + settings.get("spark.master"));
    try (JavaSparkContext spark = new JavaSparkContext(settings)) {
      Configuration configuration = spark.hadoopConfiguration();
      // By default a carriage return alone would end a line too.
      configuration.set("textinputformat.record.delimiter", "\n");
      List<InputFile> inputs =
          files.stream().map(file -> InputFile.of(file, configuration)).toList();
      return workOrReason(spark, inputs, work);
    } catch (UserException e) {
      throw e;
    } catch (Exception e) {
      throw new UserException("Spark could not count the conversations: " + reason(e), e);
    }
  }

  /** The counter of the lines of one part of a file. Bad lines are reported by {@link #count}. */
  private static byte[] values(Iterator<Tuple2<Long, byte[]>> lines) {
    PublicFacts.Counter values = new PublicFacts.Counter();
    ConversationCounter counter =
        new ConversationCounter(CountedLines.OfThisProcess.SHARED, PublicFacts.NONE);
    while (lines.hasNext()) {
      try {
        ConversationLine.parse(ByteBuffer.wrap(lines.next()._2()))
            .ifPresent(conversation -> counter.countValues(conversation, values));
      } catch (IllegalArgumentException e) {
        // Nothing is extracted from a file with bad lines.
      }
    }
    return values.toBytes();
  }

  private static SparkConf settings() {
    SparkConf settings = new SparkConf().setIfMissing("spark.app.name", "repartee extract");
    settings.setIfMissing(
        "spark.master", Optional.ofNullable(System.getenv("SPARK_MASTER")).orElse("local[*]"));
    // The driver must hold the corpus anyway, so a limit on results only causes failures.
    settings.setIfMissing("spark.driver.maxResultSize", "0");
    settings.setIfMissing("spark.ui.showConsoleProgress", "false");
    if (settings.get("spark.master").startsWith(LOCAL)) {
      settings.setIfMissing("spark.ui.enabled", "false");
      settings.setIfMissing("spark.driver.host", "127.0.0.1");
      settings.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
    }
    return settings;
  }

  private static <T> T workOrReason(
      JavaSparkContext spark,
      List<InputFile> files,
      BiFunction<JavaSparkContext, List<InputFile>, T> work) {
    try {
      return work.apply(spark, files);
    } catch (UserException e) {
      throw e;
    } catch (Exception e) {
      // Spark throws checked exceptions that its Java API does not declare, without the place.
      files.stream()
          .filter(InputFile::gzip)
          .forEach(file -> file.requireWhole(spark.hadoopConfiguration()));
      throw e;
    }
  }

  private static List<Tuple2<String, byte[]>> merged(
      JavaSparkContext spark, List<InputFile> files, PublicFacts facts) {
    List<JavaPairRDD<String, byte[]>> counted = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      int file = i;
      counted.add(
          lines(spark, files.get(i))
              .mapPartitionsToPair(lines -> new CountedLines(file, facts, lines)));
    }
    JavaPairRDD<String, byte[]> all = union(spark, counted);
    int parts = Math.max(all.getNumPartitions(), spark.defaultParallelism());
    return all.repartitionAndSortWithinPartitions(
            new HashPartitioner(parts), Comparator.<String>naturalOrder())
        .mapPartitionsToPair(MergedEntries::new)
        .collect();
  }

  /** In one step: nested unions of many files are too deep to be serialized. */
  @SuppressWarnings({"rawtypes", "unchecked"}) // an array of a generic type
  private static JavaPairRDD<String, byte[]> union(
      JavaSparkContext spark, List<JavaPairRDD<String, byte[]>> parts) {
    return spark.union(parts.toArray(JavaPairRDD[]::new));
  }

  /** The lines of {@code file}, each with the number of bytes before it. */
  private static JavaPairRDD<Long, byte[]> lines(JavaSparkContext spark, InputFile file) {
    JavaPairRDD<Long, byte[]> lines =
        spark
            .newAPIHadoopFile(
                file.path().toString(),
                TextInputFormat.class,
                LongWritable.class,
                Text.class,
                spark.hadoopConfiguration())
            .mapToPair(
                line ->
                    new Tuple2<>(
                        line._1().get(),
                        Arrays.copyOf(line._2().getBytes(), line._2().getLength())));
    // A gzip file is decompressed by one task, but can be counted by several.
    return file.gzip() ? lines.repartition(spark.defaultParallelism()) : lines;
  }

  /** The entries of the lines of one part of a file, emitted whenever many have gathered. */
  private static final class CountedLines implements Iterator<Tuple2<String, byte[]>> {

    private static final int MOST_TEXTS = 50_000;

    /** Expensive to create. A static field is Spark's only way to share it within a process. */
    private static final class OfThisProcess {
      static final ConversationCounter.Shared SHARED = new ConversationCounter.Shared();
    }

    private final int file;
    private final Iterator<Tuple2<Long, byte[]>> lines;
    private final ConversationCounter counter;
    private Iterator<Tuple2<String, byte[]>> ready = Collections.emptyIterator();

    /**
     * @param file the file's index
     * @param facts the public values
     * @param lines the lines, each with the number of bytes before it
     */
    CountedLines(int file, PublicFacts facts, Iterator<Tuple2<Long, byte[]>> lines) {
      this.file = file;
      this.counter = new ConversationCounter(OfThisProcess.SHARED, facts);
      this.lines = lines;
    }

    @Override
    public boolean hasNext() {
      if (!ready.hasNext() && lines.hasNext()) {
        ready = countSome();
      }
      return ready.hasNext();
    }

    @Override
    public Tuple2<String, byte[]> next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return ready.next();
    }

    private Iterator<Tuple2<String, byte[]>> countSome() {
      CorpusTally tally = new CorpusTally();
      List<Tuple2<String, byte[]>> entries = new ArrayList<>();
      while (lines.hasNext() && tally.texts().size() < MOST_TEXTS) {
        Tuple2<Long, byte[]> line = lines.next();
        Place place = new Place(file, line._1());
        try {
          ConversationLine.parse(ByteBuffer.wrap(line._2()))
              .ifPresent(
                  conversation -> {
                    entries.add(Entry.id(conversation.id(), place));
                    counter.count(conversation, tally);
                  });
        } catch (IllegalArgumentException e) {
          entries.add(Entry.badLine(place, e.getMessage()));
        }
      }
      if (tally.conversations() > 0) {
        entries.add(Entry.file(file));
      }
      entries.add(Entry.totals(tally));
      return Stream.concat(entries.stream(), tally.texts().stream().map(Entry::text)).iterator();
    }
  }

  /**
   * Merges entries that are sorted by key, one key in memory at a time. Drops the ids that occur
   * once, since they are no problem.
   */
  private static final class MergedEntries implements Iterator<Tuple2<String, byte[]>> {

    private final Iterator<Tuple2<String, byte[]>> sorted;
    private final Queue<Tuple2<String, byte[]>> ready = new ArrayDeque<>();
    private final Queue<Tuple2<String, byte[]>> ahead = new ArrayDeque<>(1);

    MergedEntries(Iterator<Tuple2<String, byte[]>> sorted) {
      this.sorted = sorted;
    }

    @Override
    public boolean hasNext() {
      while (ready.isEmpty() && (!ahead.isEmpty() || sorted.hasNext())) {
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

    private Tuple2<String, byte[]> take() {
      return ahead.isEmpty() ? sorted.next() : ahead.remove();
    }

    /** Whether the next entry has the key {@code key} too. */
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
      CorpusTally tally = new CorpusTally();
      tally.mergeTotals(first._2());
      while (follows(first._1())) {
        tally.mergeTotals(take()._2());
      }
      return Entry.totals(tally);
    }

    private Tuple2<String, byte[]> mergedTexts(Tuple2<String, byte[]> first) {
      if (!follows(first._1())) {
        return first; // true of most texts, which need not be parsed
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

  private static CorpusTally corpus(List<Tuple2<String, byte[]>> merged, PublicFacts facts) {
    CorpusTally corpus = new CorpusTally(facts);
    for (Tuple2<String, byte[]> entry : merged) {
      switch (Entry.kind(entry)) {
        case Entry.TOTALS -> corpus.mergeTotals(entry._2());
        case Entry.TEXT -> corpus.merge(TextTally.fromBytes(Entry.name(entry), entry._2()));
        default -> {}
      }
    }
    return corpus;
  }

  private static String reason(Exception e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.toString().lines().findFirst().orElse("unknown");
  }
}
