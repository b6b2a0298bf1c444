package dev.repartee.clustering.spark;

import dev.repartee.clustering.count.ConversationCounter;
import dev.repartee.clustering.count.CorpusTally;
import dev.repartee.clustering.count.CountingEngine;
import dev.repartee.clustering.count.Repeats;
import dev.repartee.clustering.count.TextTally;
import dev.repartee.text.UserException;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationLine;
import dev.repartee.text.conversation.ConversationReader;
import dev.repartee.text.conversation.Copies;
import dev.repartee.text.privacy.PublicFacts;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.io.LongWritable;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.mapreduce.lib.input.TextInputFormat;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import scala.Tuple2;

/**
 * Counts on a Spark cluster, or on this machine in Spark's local mode. Each part of a file is
 * counted where it is read, and tallies of the same key are merged in a shuffle. The driver then
 * holds what {@link dev.repartee.clustering.count.LocalCounting} holds at its end. Reads JSON Lines
 * only, in any of Hadoop's file systems. The driver reads all files before, as {@link
 * ConversationReader} does: it names what is wrong with them, and finds the copies.
 *
 * <p>The master is the system property {@code spark.master} (set by {@code spark-submit}), else the
 * environment variable {@code SPARK_MASTER}, else {@code local[*]}.
 */
public final class SparkCounting implements CountingEngine {

  private static final String LOCAL = "local";

  /** A part of a file hands over what it counted whenever it has so many texts. */
  private static final int MOST_TEXTS = 50_000;

  // What goes through the shuffle, by the first character of its key.

  /** The totals of some conversations, a {@link CorpusTally}. */
  private static final char TOTALS = '0';

  /** A text, and its {@link TextTally}. */
  private static final char TEXT = '1';

  @Override
  public String name() {
    return "spark";
  }

  @Override
  public CorpusTally count(
      List<Path> files, PublicFacts facts, int minAgents, Consumer<String> progress) {
    return onSpark(
        files,
        progress,
        progress,
        conversations -> {
          Repeats repeats = new Repeats(minAgents);
          conversations
              .mapPartitions(part -> List.of(repeats(part, facts, minAgents)).iterator())
              .collect()
              .forEach(repeats::merge);
          return corpus(conversations, facts, repeats.withoutRare());
        });
  }

  @Override
  public PublicFacts.Counter countValues(
      List<Path> files, PublicFacts terms, Consumer<String> progress) {
    return onSpark(
        files,
        progress,
        _ -> {},
        conversations -> {
          PublicFacts.Counter all = new PublicFacts.Counter();
          conversations
              .mapPartitions(part -> List.of(values(part, terms)).iterator())
              .collect()
              .forEach(all::merge);
          return all;
        });
  }

  /**
   * @param told gets the number of copies
   */
  private static <T> T onSpark(
      List<Path> files,
      Consumer<String> progress,
      Consumer<String> told,
      Function<JavaRDD<Conversation>, T> work) {
    SparkConf settings = settings();
    progress.accept("counting on Spark, master " + settings.get("spark.master"));
    try (JavaSparkContext spark = new JavaSparkContext(settings)) {
      Configuration configuration = spark.hadoopConfiguration();
      // By default a carriage return alone would end a line too.
      configuration.set("textinputformat.record.delimiter", "\n");
      List<InputFile> inputs =
          files.stream().map(file -> InputFile.of(file, configuration)).toList();
      Set<String> copies =
          Copies.in(
              ConversationReader.stream(files, file -> InputFile.open(file, configuration)), told);
      return work.apply(
          lines(spark, inputs)
              .flatMap(line -> ConversationLine.parse(ByteBuffer.wrap(line)).stream().iterator())
              .filter(conversation -> !copies.contains(conversation.id())));
    } catch (UserException e) {
      throw e;
    } catch (Exception e) {
      // Spark throws checked exceptions that its Java API does not declare.
      throw new UserException("Spark could not count the conversations: " + reason(e), e);
    }
  }

  private static PublicFacts.Counter values(
      Iterator<Conversation> conversations, PublicFacts terms) {
    PublicFacts.Counter values = new PublicFacts.Counter();
    ConversationCounter counter = new ConversationCounter(OfThisProcess.SHARED, terms);
    conversations.forEachRemaining(conversation -> counter.countValues(conversation, values));
    return values;
  }

  private static Repeats repeats(
      Iterator<Conversation> conversations, PublicFacts facts, int minAgents) {
    Repeats repeats = new Repeats(minAgents);
    ConversationCounter counter = new ConversationCounter(OfThisProcess.SHARED, facts);
    conversations.forEachRemaining(conversation -> counter.countRepeats(conversation, repeats));
    return repeats;
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

  private static CorpusTally corpus(
      JavaRDD<Conversation> conversations, PublicFacts facts, Repeats repeats) {
    JavaPairRDD<String, Object> all =
        conversations.mapPartitionsToPair(
            part -> entries(new ConversationCounter(OfThisProcess.SHARED, facts), repeats, part));
    int parts = Math.max(all.getNumPartitions(), all.context().defaultParallelism());
    CorpusTally corpus = new CorpusTally(facts, repeats);
    for (Object tally : all.reduceByKey(SparkCounting::merged, parts).values().collect()) {
      if (tally instanceof TextTally text) {
        corpus.merge(text);
      } else {
        corpus.merge((CorpusTally) tally);
      }
    }
    return corpus;
  }

  /** In one step: nested unions of many files are too deep to be serialized. */
  @SuppressWarnings({"rawtypes", "unchecked"}) // an array of a generic type
  private static JavaRDD<byte[]> lines(JavaSparkContext spark, List<InputFile> files) {
    return spark.union(files.stream().map(file -> lines(spark, file)).toArray(JavaRDD[]::new));
  }

  private static JavaRDD<byte[]> lines(JavaSparkContext spark, InputFile file) {
    JavaRDD<byte[]> lines =
        spark
            .newAPIHadoopFile(
                file.path().toString(),
                TextInputFormat.class,
                LongWritable.class,
                Text.class,
                spark.hadoopConfiguration())
            .values()
            .map(Text::copyBytes);
    // A gzip file is decompressed by one task, but can be counted by several.
    return file.gzip() ? lines.repartition(spark.defaultParallelism()) : lines;
  }

  /** Expensive to create. A static field is Spark's only way to share it within a process. */
  private static final class OfThisProcess {
    static final ConversationCounter.Shared SHARED = new ConversationCounter.Shared();
  }

  /** The entries of the conversations of one part of a file, some of them at a time. */
  private static Iterator<Tuple2<String, Object>> entries(
      ConversationCounter counter, Repeats repeats, Iterator<Conversation> conversations) {
    return Stream.generate(() -> countSome(counter, repeats, conversations))
        .takeWhile(entries -> !entries.isEmpty())
        .flatMap(List::stream)
        .iterator();
  }

  private static List<Tuple2<String, Object>> countSome(
      ConversationCounter counter, Repeats repeats, Iterator<Conversation> conversations) {
    CorpusTally tally = new CorpusTally(PublicFacts.NONE, repeats);
    while (conversations.hasNext() && tally.texts().size() < MOST_TEXTS) {
      counter.count(conversations.next(), tally);
    }
    List<Tuple2<String, Object>> entries = new ArrayList<>();
    if (tally.conversations() > 0) {
      entries.add(new Tuple2<>(String.valueOf(TOTALS), tally.totals()));
      tally.texts().forEach(text -> entries.add(new Tuple2<>(TEXT + text.key(), text)));
    }
    return entries;
  }

  /** What two entries of one key are together; changes the first. */
  private static Object merged(Object one, Object other) {
    if (one instanceof TextTally text) {
      text.merge((TextTally) other);
    } else {
      ((CorpusTally) one).merge((CorpusTally) other);
    }
    return one;
  }

  private static String reason(Exception e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.toString().lines().findFirst().orElse("unknown");
  }

  /**
   * A file, checked as {@link ConversationReader} checks one on disk.
   *
   * @param path the path for Hadoop
   * @param gzip whether it is compressed
   */
  record InputFile(org.apache.hadoop.fs.Path path, boolean gzip) {

    /**
     * @throws UserException if the file does not exist, is empty, a folder or CSV, or if its name
     *     and its content disagree about gzip
     */
    static InputFile of(Path file, Configuration configuration) {
      if (ConversationReader.isCsv(file)) {
        throw new UserException(
            file
                + ": CSV cannot be counted by Spark, since the rows of a conversation may lie"
                + " apart; convert it to JSON Lines or use --engine local");
      }
      org.apache.hadoop.fs.Path path = hadoopPath(file);
      try {
        FileSystem files = path.getFileSystem(configuration);
        if (!files.exists(path)) {
          throw new UserException(file + ": no such file");
        }
        FileStatus status = files.getFileStatus(path);
        if (status.isDirectory()) {
          throw new UserException(file + ": is a folder; name the files in it");
        }
        if (status.getLen() == 0) {
          throw new UserException(file + ": is empty");
        }
        return new InputFile(path, isGzip(file, configuration));
      } catch (IOException e) {
        throw new UserException(file + ": cannot be read: " + e.getMessage(), e);
      }
    }

    private static boolean isGzip(Path file, Configuration configuration) throws IOException {
      byte[] start;
      try (InputStream in = open(file, configuration)) {
        start = in.readNBytes(2);
      }
      boolean gzip = Arrays.equals(start, new byte[] {0x1f, (byte) 0x8b});
      if (gzip != file.toString().endsWith(".gz")) {
        throw new UserException(
            gzip
                ? file + ": is gzip; rename it so that it ends with .gz, by which Spark knows it"
                : file + ": is not gzip; rename it without .gz if it is plain text");
      }
      return gzip;
    }

    static InputStream open(Path file, Configuration configuration) throws IOException {
      org.apache.hadoop.fs.Path path = hadoopPath(file);
      return path.getFileSystem(configuration).open(path);
    }

    /**
     * Restores the second slash that java.nio drops, so that a bucket is not taken for a folder.
     */
    static org.apache.hadoop.fs.Path hadoopPath(Path file) {
      return new org.apache.hadoop.fs.Path(
          file.toString().replaceFirst("^(gs|s3|s3a|abfss?|wasbs?):/+", "$1://"));
    }
  }
}
