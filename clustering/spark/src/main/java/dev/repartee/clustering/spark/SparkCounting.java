package dev.repartee.clustering.spark;

import dev.repartee.clustering.count.ConversationCounter;
import dev.repartee.clustering.count.CorpusTally;
import dev.repartee.clustering.count.CountingEngine;
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
import java.util.function.BiFunction;
import java.util.function.Consumer;
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
 * only, in any of Hadoop's file systems. Where something is wrong with the files, the driver reads
 * them as {@link ConversationReader} does, which names it.
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

  /** The index of a file that holds conversations. */
  private static final char FILE = '1';

  /** That there are bad lines. */
  private static final char BAD_LINES = '2';

  /** The id of a conversation, and how many lines have it. */
  private static final char ID = '3';

  /** A text, and its {@link TextTally}. */
  private static final char TEXT = '4';

  @Override
  public String name() {
    return "spark";
  }

  @Override
  public CorpusTally count(List<Path> files, PublicFacts facts, Consumer<String> progress) {
    return onSpark(
        files,
        progress,
        (spark, inputs) ->
            corpus(spark, inputs, facts, copies(files, spark.hadoopConfiguration(), progress)));
  }

  @Override
  public PublicFacts.Counter countValues(
      List<Path> files, PublicFacts terms, Consumer<String> progress) {
    return onSpark(
        files,
        progress,
        (spark, inputs) -> {
          PublicFacts.Counter all = new PublicFacts.Counter();
          Set<String> copies = copies(files, spark.hadoopConfiguration(), _ -> {});
          for (InputFile input : inputs) {
            lines(spark, input)
                .mapPartitions(lines -> List.of(values(lines, terms, copies)).iterator())
                .collect()
                .forEach(all::merge);
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
      try {
        return work.apply(spark, inputs);
      } catch (Exception e) {
        requireReadable(files, configuration); // names what is wrong with them, if anything
        throw e;
      }
    } catch (UserException e) {
      throw e;
    } catch (Exception e) {
      // Spark throws checked exceptions that its Java API does not declare.
      throw new UserException("Spark could not count the conversations: " + reason(e), e);
    }
  }

  /**
   * Reads the files one after the other.
   *
   * @throws UserException naming file and line of what is wrong first
   */
  private static void requireReadable(List<Path> files, Configuration configuration) {
    try (Stream<Conversation> all =
        ConversationReader.stream(files, file -> InputFile.open(file, configuration))) {
      all.forEach(conversation -> {});
    }
  }

  /** The driver reads all files for it, in their order. */
  private static Set<String> copies(
      List<Path> files, Configuration configuration, Consumer<String> progress) {
    return Copies.in(
        ConversationReader.stream(files, file -> InputFile.open(file, configuration)), progress);
  }

  /** Counts the lines of one part of a file. Bad lines are reported by {@link #count}. */
  private static PublicFacts.Counter values(
      Iterator<byte[]> lines, PublicFacts terms, Set<String> copies) {
    PublicFacts.Counter values = new PublicFacts.Counter();
    ConversationCounter counter = new ConversationCounter(OfThisProcess.SHARED, terms);
    while (lines.hasNext()) {
      try {
        ConversationLine.parse(ByteBuffer.wrap(lines.next()))
            .filter(conversation -> !copies.contains(conversation.id()))
            .ifPresent(conversation -> counter.countValues(conversation, values));
      } catch (IllegalArgumentException e) {
        // Nothing is extracted from a file with bad lines.
      }
    }
    return values;
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
      JavaSparkContext spark, List<InputFile> files, PublicFacts facts, Set<String> copies) {
    List<JavaPairRDD<String, Object>> counted = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      int file = i;
      counted.add(
          lines(spark, files.get(i))
              .mapPartitionsToPair(
                  lines ->
                      entries(
                          file,
                          new ConversationCounter(OfThisProcess.SHARED, facts),
                          copies,
                          lines)));
    }
    JavaPairRDD<String, Object> all = union(spark, counted);
    int parts = Math.max(all.getNumPartitions(), spark.defaultParallelism());
    CorpusTally corpus = new CorpusTally(facts);
    int filled = 0;
    for (Tuple2<String, Object> entry :
        all.reduceByKey(SparkCounting::merged, parts).filter(SparkCounting::isWanted).collect()) {
      switch (entry._1().charAt(0)) {
        case TOTALS -> corpus.merge((CorpusTally) entry._2());
        case TEXT -> corpus.merge((TextTally) entry._2());
        case FILE -> filled++;
        default -> throw new IllegalStateException("bad lines");
      }
    }
    if (filled < files.size()) {
      throw new IllegalStateException("a file without conversations");
    }
    return corpus;
  }

  /** In one step: nested unions of many files are too deep to be serialized. */
  @SuppressWarnings({"rawtypes", "unchecked"}) // an array of a generic type
  private static JavaPairRDD<String, Object> union(
      JavaSparkContext spark, List<JavaPairRDD<String, Object>> parts) {
    return spark.union(parts.toArray(JavaPairRDD[]::new));
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

  /** The entries of the lines of one part of a file, some conversations at a time. */
  private static Iterator<Tuple2<String, Object>> entries(
      int file, ConversationCounter counter, Set<String> copies, Iterator<byte[]> lines) {
    return Stream.generate(() -> countSome(file, counter, copies, lines))
        .takeWhile(entries -> !entries.isEmpty())
        .flatMap(List::stream)
        .iterator();
  }

  private static List<Tuple2<String, Object>> countSome(
      int file, ConversationCounter counter, Set<String> copies, Iterator<byte[]> lines) {
    CorpusTally tally = new CorpusTally();
    List<Tuple2<String, Object>> entries = new ArrayList<>();
    while (lines.hasNext() && tally.texts().size() < MOST_TEXTS) {
      try {
        ConversationLine.parse(ByteBuffer.wrap(lines.next()))
            .ifPresent(
                conversation -> {
                  entries.add(new Tuple2<>(ID + conversation.id(), 1));
                  if (!copies.contains(conversation.id())) {
                    counter.count(conversation, tally);
                  }
                });
      } catch (IllegalArgumentException e) {
        entries.add(new Tuple2<>(String.valueOf(BAD_LINES), 1));
      }
    }
    if (!entries.isEmpty()) {
      entries.add(new Tuple2<>(FILE + String.valueOf(file), 1));
      entries.add(new Tuple2<>(String.valueOf(TOTALS), tally.totals()));
      tally.texts().forEach(text -> entries.add(new Tuple2<>(TEXT + text.key(), text)));
    }
    return entries;
  }

  /** What two entries of one key are together; changes the first. */
  private static Object merged(Object one, Object other) {
    return switch (one) {
      case CorpusTally totals -> {
        totals.merge((CorpusTally) other);
        yield totals;
      }
      case TextTally text -> {
        text.merge((TextTally) other);
        yield text;
      }
      default -> (Integer) one + (Integer) other;
    };
  }

  /** Ids that occur once are no problem, and many. */
  private static boolean isWanted(Tuple2<String, Object> entry) {
    return entry._1().charAt(0) != ID || !entry._2().equals(1);
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
                + ": CSV cannot be counted by Spark, since the rows of a conversation may lie apart;"
                + " convert it to JSON Lines or use --engine local");
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
