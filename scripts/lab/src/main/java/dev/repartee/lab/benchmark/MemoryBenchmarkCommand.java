package dev.repartee.finetune.tools;

import dev.repartee.engine.search.ContextTerms;
import dev.repartee.engine.search.MemoryIndex;
import dev.repartee.engine.search.MemoryIndexWriter;
import dev.repartee.text.DotProduct;
import dev.repartee.text.UserException;
import dev.repartee.text.io.ProcessMemory;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Times the memory's searches; {@code scripts/bench-memory} runs it. */
@Command(
    name = "benchmark-memory",
    hidden = true,
    mixinStandardHelpOptions = true,
    description = "Builds an index of made-up contexts, or times searches in it.")
public final class MemoryBenchmarkCommand implements Callable<Integer> {

  private static final int NEIGHBOURS = 200;
  private static final int WORDED_ALIKE = 100;
  private static final int QUERIES = 200;

  /** Searches of each query before those that count. */
  private static final int WARM_UP = 10;

  /** Queries whose exact neighbours are computed. */
  private static final int COMPARED = 20;

  @Option(
      names = "--entries",
      required = true,
      paramLabel = "N",
      description = "How many replies the index holds.")
  private int entries;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "The index's folder: built if it does not exist, otherwise searched.")
  private Path output;

  @Override
  public Integer call() {
    if (entries < 1) {
      throw UserException.usage("--entries must be at least 1 but is " + entries);
    }
    MadeUp contexts = new MadeUp();
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("entries", entries);
    try {
      if (Files.exists(output)) {
        search(contexts, result);
      } else {
        build(contexts, result);
      }
    } catch (IOException e) {
      throw new UserException(
          "%s: %s; it takes 5 KB of disk for each entry while it is built".formatted(output, e), e);
    }
    System.out.println(Json.COMPACT.writeValueAsString(result));
    return 0;
  }

  private void build(MadeUp contexts, Map<String, Object> result) throws IOException {
    long began = System.nanoTime();
    MemoryIndexWriter.write(
        output,
        entries,
        contexts.mean,
        () -> IntStream.range(0, entries).mapToObj(contexts::entry).iterator());
    result.put("build_seconds", seconds(began));
    result.put("build_peak_bytes", new ProcessMemory().peak().orElse(0));
    try (Stream<Path> files = Files.list(output)) {
      result.put("disk_bytes", files.mapToLong(file -> file.toFile().length()).sum());
    }
  }

  private void search(MadeUp contexts, Map<String, Object> result) throws IOException {
    long began = System.nanoTime();
    try (MemoryIndex index = MemoryIndex.open(output)) {
      result.put("open_seconds", seconds(began));
      if (index.size() != entries) {
        throw UserException.usage(
            "%s holds %d entries, not %d".formatted(output, index.size(), entries));
      }
      long[] byHidden = new long[QUERIES];
      long[] byWords = new long[QUERIES];
      List<Set<Integer>> found = new ArrayList<>();
      for (int round = 0; round <= WARM_UP; round++) {
        found.clear();
        for (int q = 0; q < QUERIES; q++) {
          MemoryIndexWriter.Entry query = contexts.entry(-1 - q);
          long start = System.nanoTime();
          List<MemoryIndex.Hit> near = index.nearest(query.hidden(), NEIGHBOURS);
          byHidden[q] = System.nanoTime() - start;
          start = System.nanoTime();
          index.alike(query.terms(), WORDED_ALIKE);
          byWords[q] = System.nanoTime() - start;
          Set<Integer> numbers = new HashSet<>();
          near.forEach(hit -> numbers.add(hit.entry()));
          found.add(numbers);
        }
      }
      result.put("by_hidden_median_ms", Timing.of(byHidden).median());
      result.put("by_hidden_p95_ms", Timing.of(byHidden).p95());
      result.put("by_words_median_ms", Timing.of(byWords).median());
      result.put("by_words_p95_ms", Timing.of(byWords).p95());
      System.gc();
      result.put("resident_bytes", new ProcessMemory().resident().orElse(0));
      result.put("recall", recall(contexts, found));
    }
  }

  private double recall(MadeUp contexts, List<Set<Integer>> found) {
    record Near(int entry, double cosine) {}
    List<float[]> queries = new ArrayList<>();
    List<PriorityQueue<Near>> nearest = new ArrayList<>();
    for (int q = 0; q < COMPARED; q++) {
      queries.add(contexts.direction(-1 - q));
      nearest.add(new PriorityQueue<>(Comparator.comparingDouble(Near::cosine)));
    }
    for (int n = 0; n < entries; n++) {
      float[] direction = contexts.direction(n);
      for (int q = 0; q < COMPARED; q++) {
        nearest.get(q).add(new Near(n, DotProduct.of(queries.get(q), direction, 0)));
        if (nearest.get(q).size() > NEIGHBOURS) {
          nearest.get(q).remove();
        }
      }
    }
    double recalled = 0;
    for (int q = 0; q < COMPARED; q++) {
      Set<Integer> one = found.get(q);
      recalled +=
          (double) nearest.get(q).stream().filter(near -> one.contains(near.entry())).count()
              / nearest.get(q).size();
    }
    return recalled / COMPARED;
  }

  private static double seconds(long began) {
    return (System.nanoTime() - began) / 1e9;
  }

  /**
   * Contexts that follow from their number. Hidden states are copies of 3,000 states, of which few
   * are frequent, moved within the 64 dimensions in which they lie, and a little outside of them.
   * Terms are as frequent as Zipf's law has it.
   */
  private static final class MadeUp {
    private static final int WIDTH = 768;
    private static final int DIMENSIONS = 64;
    private static final int STATES = 3000;
    private static final int WORDS = 20_000;
    private static final int MOST_WORDS = 40;
    private static final int FOR_MEAN = 2000;

    private final float[][] axes = new float[DIMENSIONS][WIDTH];
    private final float[][] states = new float[STATES][DIMENSIONS];
    private final float[] mean = new float[WIDTH];

    MadeUp() {
      Random random = new Random(1);
      Stream.of(axes, states)
          .flatMap(Stream::of)
          .forEach(
              row -> {
                for (int i = 0; i < row.length; i++) {
                  row[i] = (float) random.nextGaussian();
                }
              });
      for (int n = 0; n < FOR_MEAN; n++) {
        float[] hidden = hidden(n);
        for (int c = 0; c < WIDTH; c++) {
          mean[c] += hidden[c] / FOR_MEAN;
        }
      }
    }

    MemoryIndexWriter.Entry entry(int n) {
      return new MemoryIndexWriter.Entry(hidden(n), terms(n), n % 1000, n % 50, n / 8);
    }

    private float[] hidden(int n) {
      SplittableRandom random = new SplittableRandom(n * 7919L);
      float[] state = states[zipf(random, STATES)];
      float[] hidden = new float[WIDTH];
      for (int k = 0; k < DIMENSIONS; k++) {
        float along = state[k] + 0.5f * (float) random.nextGaussian();
        for (int c = 0; c < WIDTH; c++) {
          hidden[c] += along * axes[k][c];
        }
      }
      for (int c = 0; c < WIDTH; c++) {
        hidden[c] += 1.7f * random.nextFloat();
      }
      return hidden;
    }

    /** The hidden state without the mean, of length 1. */
    float[] direction(int n) {
      float[] hidden = hidden(n);
      for (int c = 0; c < WIDTH; c++) {
        hidden[c] -= mean[c];
      }
      float length = (float) Math.sqrt(DotProduct.of(hidden, hidden, 0));
      for (int c = 0; c < WIDTH; c++) {
        hidden[c] /= length;
      }
      return hidden;
    }

    private static ContextTerms terms(int n) {
      SplittableRandom random = new SplittableRandom(n * 104_729L);
      return new ContextTerms(side(random), side(random));
    }

    private static ContextTerms.Side side(SplittableRandom random) {
      Map<Integer, Integer> counts = new TreeMap<>();
      int words = 3 + zipf(random, MOST_WORDS);
      int last = 0;
      for (int i = 0; i < words; i++) {
        int word = 1 + zipf(random, WORDS);
        counts.merge(hash(word), 1, Integer::sum);
        if (i > 0) {
          counts.merge(hash(last * (WORDS + 1L) + word), 1, Integer::sum);
        }
        last = word;
      }
      int[] hashes = counts.keySet().stream().mapToInt(Integer::intValue).toArray();
      int[] frequencies = counts.values().stream().mapToInt(Integer::intValue).toArray();
      return new ContextTerms.Side(hashes, frequencies);
    }

    private static int hash(long term) {
      return (int) ((term * 0x9E3779B97F4A7C15L) >>> 32);
    }

    /** From 0 to {@code below}, the first most often. */
    private static int zipf(SplittableRandom random, int below) {
      return (int) Math.exp(random.nextDouble() * Math.log(below)) - 1;
    }
  }
}
