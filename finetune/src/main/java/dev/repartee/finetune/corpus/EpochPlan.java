package dev.repartee.finetune.corpus;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Which windows stand together in one epoch, from seed and epoch alone. Windows of similar length
 * share a batch, since attention takes equally long sequences at once; which are considered
 * together is random, and so is the order of the batches.
 */
public final class EpochPlan {

  /** Batches' worth of windows that are sorted by length together. */
  private static final int POOL = 16;

  private final List<int[]> batches;
  private final int batchesAStep;

  private EpochPlan(List<int[]> batches, int batchesAStep) {
    this.batches = batches;
    this.batchesAStep = batchesAStep;
  }

  /** The plan of an epoch, counted from 1. */
  public static EpochPlan of(Corpus corpus, Batching batching, int epoch) {
    Random random = new Random(Seeds.mix(batching.seed(), epoch));
    int[] order = IntStream.range(0, corpus.size()).toArray();
    shuffle(order, random);
    List<int[]> batches = new ArrayList<>();
    int start = 0;
    while (start < order.length) {
      long tokens = 0;
      int end = start;
      while (end < order.length && tokens < (long) POOL * batching.batchTokens()) {
        tokens += corpus.length(order[end++]);
      }
      int[] pool = IntStream.range(start, end).map(i -> order[i]).toArray();
      batches.addAll(byLength(corpus, pool, batching.batchTokens()));
      start = end;
    }
    Collections.shuffle(batches, random);
    return new EpochPlan(batches, batching.batchesAStep());
  }

  private static void shuffle(int[] values, Random random) {
    for (int i = values.length - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int value = values[i];
      values[i] = values[other];
      values[other] = value;
    }
  }

  /** The windows sorted by length, in batches of at most so many tokens, or of one window. */
  public static List<int[]> byLength(Corpus corpus, int[] windows, int batchTokens) {
    int[] sorted =
        IntStream.of(windows)
            .boxed()
            .sorted(Comparator.comparingInt(corpus::length))
            .mapToInt(Integer::intValue)
            .toArray();
    List<int[]> batches = new ArrayList<>();
    int start = 0;
    while (start < sorted.length) {
      int from = start;
      long tokens = corpus.length(sorted[from]);
      int end = from + 1;
      while (end < sorted.length && tokens + corpus.length(sorted[end]) <= batchTokens) {
        tokens += corpus.length(sorted[end++]);
      }
      batches.add(IntStream.range(from, end).map(i -> sorted[i]).toArray());
      start = end;
    }
    return batches;
  }

  /** Optimizer steps of the epoch. */
  public int steps() {
    return Math.ceilDiv(batches.size(), batchesAStep);
  }

  /** The windows of each batch of a step, counted from 0. */
  public List<int[]> step(int index) {
    int from = index * batchesAStep;
    return batches.subList(from, Math.min(batches.size(), from + batchesAStep));
  }
}
