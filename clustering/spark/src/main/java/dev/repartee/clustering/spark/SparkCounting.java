package dev.repartee.clustering.spark;

import dev.repartee.clustering.count.Corpus;
import dev.repartee.clustering.count.CountingEngine;
import dev.repartee.clustering.count.Tallies;
import dev.repartee.clustering.count.TextTally;
import dev.repartee.clustering.count.Totals;
import dev.repartee.text.UserException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
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
 * Counts on a Spark cluster, or on this machine by Spark's local mode: every part of a file is
 * counted where it is read, and tallies of the same key meet in a shuffle. The driver holds what
 * {@link dev.repartee.clustering.count.LocalCounting} holds at its end. JSON Lines only.
 *
 * <p>The cluster is named by the system property {@code spark.master} (which {@code spark-submit}
 * sets), else by the environment's {@code SPARK_MASTER}; it is {@code local[*]} where neither is.
 */
public final class SparkCounting implements CountingEngine {

  private static final String LOCAL = "local";

  @Override
  public String name() {
    return "spark";
  }

  @Override
  public Corpus count(List<Path> files, Consumer<String> progress) {
    SparkConf settings = settings();
    progress.accept("counting on Spark, master " + settings.get("spark.master"));
    try (JavaSparkContext spark = new JavaSparkContext(settings)) {
      Configuration configuration = spark.hadoopConfiguration();
      // A carriage return alone ends no line elsewhere.
      configuration.set("textinputformat.record.delimiter", "\n");
      List<InputFile> inputs =
          files.stream().map(file -> InputFile.of(file, configuration)).toList();
      List<Tuple2<String, byte[]>> merged = mergedOrReason(spark, inputs);
      Problems problems = new Problems(inputs, configuration);
      merged.forEach(problems::add);
      problems.throwIfAny();
      return corpus(merged);
    } catch (UserException e) {
      throw e;
    } catch (Exception e) {
      throw new UserException("Spark could not count the conversations: " + reason(e), e);
    }
  }

  private static SparkConf settings() {
    SparkConf settings = new SparkConf().setIfMissing("spark.app.name", "repartee extract");
    settings.setIfMissing(
        "spark.master", Optional.ofNullable(System.getenv("SPARK_MASTER")).orElse("local[*]"));
    // The corpus must fit the driver in any case, so a bound on results only gets in the way.
    settings.setIfMissing("spark.driver.maxResultSize", "0");
    settings.setIfMissing("spark.ui.showConsoleProgress", "false");
    if (settings.get("spark.master").startsWith(LOCAL)) {
      settings.setIfMissing("spark.ui.enabled", "false");
      settings.setIfMissing("spark.driver.host", "127.0.0.1");
      settings.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
    }
    return settings;
  }

  private static List<Tuple2<String, byte[]>> mergedOrReason(
      JavaSparkContext spark, List<InputFile> files) {
    try {
      return merged(spark, files);
    } catch (Exception e) {
      // Spark's exceptions are checked ones that its Java API does not declare.
      files.stream()
          .filter(InputFile::gzip)
          .forEach(file -> file.requireWhole(spark.hadoopConfiguration()));
      throw e;
    }
  }

  private static List<Tuple2<String, byte[]>> merged(
      JavaSparkContext spark, List<InputFile> files) {
    List<JavaPairRDD<String, byte[]>> counted = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      int file = i;
      counted.add(
          lines(spark, files.get(i)).mapPartitionsToPair(lines -> new LineTallies(file, lines)));
    }
    JavaPairRDD<String, byte[]> all = union(spark, counted);
    int parts = Math.max(all.getNumPartitions(), spark.defaultParallelism());
    return all.repartitionAndSortWithinPartitions(
            new HashPartitioner(parts), Comparator.<String>naturalOrder())
        .mapPartitionsToPair(MergedEntries::new)
        .collect();
  }

  /** In one step, since unions of unions of many files are too deep to be serialized. */
  @SuppressWarnings({"rawtypes", "unchecked"}) // an array of a generic type
  private static JavaPairRDD<String, byte[]> union(
      JavaSparkContext spark, List<JavaPairRDD<String, byte[]>> parts) {
    return spark.union(parts.toArray(JavaPairRDD[]::new));
  }

  /** The lines of {@code file}, each with the bytes before it. */
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
    // One task must decompress a gzip file; that need not count it as well.
    return file.gzip() ? lines.repartition(spark.defaultParallelism()) : lines;
  }

  private static Corpus corpus(List<Tuple2<String, byte[]>> merged) {
    Tallies tallies = new Tallies();
    for (Tuple2<String, byte[]> entry : merged) {
      switch (Entry.kind(entry)) {
        case Entry.TOTALS -> tallies.totals().merge(Totals.fromBytes(entry._2()));
        case Entry.TEXT -> tallies.merge(TextTally.fromBytes(Entry.name(entry), entry._2()));
        default -> {}
      }
    }
    return tallies.corpus();
  }

  private static String reason(Exception e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.toString().lines().findFirst().orElse("unknown");
  }
}
