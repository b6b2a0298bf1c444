package dev.repartee.finetune.gpt2;

import dev.repartee.engine.gpt2.Gpt2Config;
import dev.repartee.engine.gpt2.Gpt2Program;
import dev.repartee.engine.gpt2.Gpt2Weights;
import dev.repartee.engine.gpt2.TorchScriptProgram;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses how many lanes of a CPU train a model: as many as there are threads, unless the model's
 * matrix products are so large that fewer lanes of several threads are clearly faster. That is
 * measured, by forward and backward passes of the model at hand.
 */
public final class Lanes {

  private static final Logger log = LoggerFactory.getLogger(Lanes.class);

  /** Each lane but the first has gradients of its own; together they take this much at most. */
  private static final long MOST_GRADIENT_BYTES = 2L << 30;

  /** What each thread gets of a measured pass. */
  private static final int SEQUENCES_A_THREAD = 4;

  /** Tokens of each sequence, or as many as the model has positions for. */
  static final int LENGTH = 64;

  private static final int ROUNDS = 2;

  /**
   * Fewer lanes must be faster by this share: on a machine with other busy processes many lanes
   * wait for each other least.
   */
  private static final double CLEARLY = 0.15;

  private Lanes() {}

  /**
   * The number of lanes for training {@code weights} in so many threads, logged with its reason.
   * Whoever trains gives the program its weights again.
   *
   * @param options of the training; its lanes do not count
   */
  public static int fastest(Gpt2Program program, Gpt2Weights weights, TrainingOptions options) {
    int threads = TorchScriptProgram.allThreads();
    long gradients = Float.BYTES * program.config().parameters();
    int most = (int) Math.min(threads, 1 + MOST_GRADIENT_BYTES / gradients);
    if (program.device().isGpu() || most == 1) {
      return 1;
    }
    List<Integer> candidates = candidates(threads, most);
    Map<Integer, Double> seconds = new TreeMap<>();
    PackedBatch batch = batch(SEQUENCES_A_THREAD * threads, program.config());
    for (int round = 0; round <= ROUNDS; round++) {
      for (int lanes : candidates) {
        try (Replicas replicas =
            new Replicas(program, weights.arrays(), options.withLanes(lanes), List.of())) {
          replicas.accumulate(List.of(batch), 1, 1); // compiles kernels, and fills the pool
          long started = System.nanoTime();
          replicas.accumulate(List.of(batch), 1, 1);
          double took = (System.nanoTime() - started) / 1e9;
          if (round > 0) {
            seconds.merge(lanes, took, Math::min);
          }
        }
      }
    }
    int chosen = fastest(seconds);
    log.info(
        "lanes: {} of {} threads each ({} tokens take {}); --lanes gives another number",
        chosen,
        Math.max(1, threads / chosen),
        batch.tokens(),
        seconds.entrySet().stream()
            .map(
                entry -> String.format(Locale.ROOT, "%d: %.2f s", entry.getKey(), entry.getValue()))
            .collect(Collectors.joining(", ")));
    return chosen;
  }

  /** The largest number of lanes, halves of it, and one lane. */
  static List<Integer> candidates(int threads, int most) {
    List<Integer> candidates = new ArrayList<>();
    for (int lanes = threads; lanes > 1; lanes /= 2) {
      if (lanes <= most) {
        candidates.add(lanes);
      }
    }
    candidates.add(1);
    return candidates;
  }

  /** The most lanes, unless fewer are clearly faster. */
  static int fastest(Map<Integer, Double> seconds) {
    TreeMap<Integer, Double> byLanes = new TreeMap<>(seconds);
    int chosen = byLanes.lastKey();
    for (int lanes : byLanes.descendingKeySet()) {
      if (byLanes.get(lanes) < (1 - CLEARLY) * byLanes.get(chosen)) {
        chosen = lanes;
      }
    }
    return chosen;
  }

  /** So many sequences of random tokens. */
  static PackedBatch batch(int sequences, Gpt2Config config) {
    int[] lengths = new int[sequences];
    Arrays.fill(lengths, Math.min(LENGTH, config.positions()));
    int tokens = Arrays.stream(lengths).sum();
    int vocabulary = config.vocabulary();
    Random random = new Random(1);
    long[] ids = random.longs(tokens, 0, vocabulary).toArray();
    // About half of a conversation is the agent's.
    long[] scored = new long[tokens / 2];
    Arrays.setAll(scored, i -> 2L * i);
    long[] labels = random.longs(scored.length, 0, vocabulary).toArray();
    return new PackedBatch(ids, lengths, scored, labels);
  }
}
