package dev.repartee.finetune.corpus;

import dev.repartee.finetune.gpt2.PackedBatch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * The optimizer steps of a run in order, starting at any of them. Seed and epoch alone decide what
 * a step holds, so a resumed run sees the batches that it would have seen anyway.
 */
public final class Steps implements Iterator<Steps.Step> {

  /** Windows are sorted by length within pools of this many batches. */
  private static final int POOL = 16;

  /**
   * How windows are put together.
   *
   * @param batchTokens most tokens of a batch, at least the longest window's
   * @param batchesAStep batches whose gradients are added up before a step
   * @param seed of the order
   */
  public record Packing(int batchTokens, int batchesAStep, long seed) {}

  /**
   * What one optimizer step is trained on.
   *
   * @param epoch counted from 1
   * @param index in the epoch, counted from 0
   * @param stepsInEpoch how many the epoch has
   * @param windows of each batch
   * @param batches their tokens
   */
  public record Step(
      int epoch, int index, int stepsInEpoch, List<int[]> windows, List<PackedBatch> batches) {

    /** Tokens of all batches, context included. */
    public int tokens() {
      return batches.stream().mapToInt(PackedBatch::tokens).sum();
    }

    /** Tokens that the loss counts. */
    public int scored() {
      return batches.stream().mapToInt(PackedBatch::scored).sum();
    }

    /** The conversations that the windows come from, each once. */
    public int[] conversations(WindowStore store) {
      return windows.stream()
          .flatMapToInt(IntStream::of)
          .map(store::conversation)
          .distinct()
          .sorted()
          .toArray();
    }
  }

  private final WindowStore store;
  private final Packing packing;
  private final int epochs;
  private int epoch;
  private int index;
  private List<List<int[]>> plan; // of the epoch

  /** Starts in {@code epoch}, counted from 1, after {@code done} of its steps. */
  public Steps(WindowStore store, Packing packing, int epochs, int epoch, int done) {
    this.store = store;
    this.packing = packing;
    this.epochs = epochs;
    this.epoch = epoch;
    this.index = done;
    this.plan = ofEpoch(store, packing, epoch);
    skipToStep();
  }

  /** The number of steps of all epochs. */
  public static long count(WindowStore store, Packing packing, int epochs) {
    return IntStream.rangeClosed(1, epochs)
        .mapToLong(epoch -> ofEpoch(store, packing, epoch).size())
        .sum();
  }

  /**
   * The steps of an epoch, counted from 1: for each step the windows of each of its batches.
   *
   * <p>Windows of similar length share a batch, since attention computes sequences of equal length
   * at once. Which windows are sorted together is random, and so is the order of the batches.
   */
  public static List<List<int[]>> ofEpoch(WindowStore store, Packing packing, int epoch) {
    Random random = new Random(mix(packing.seed(), epoch));
    List<Integer> order = new ArrayList<>(IntStream.range(0, store.size()).boxed().toList());
    Collections.shuffle(order, random);
    List<int[]> batches = new ArrayList<>();
    int start = 0;
    while (start < order.size()) {
      long tokens = 0;
      int end = start;
      while (end < order.size() && tokens < (long) POOL * packing.batchTokens()) {
        tokens += store.length(order.get(end++));
      }
      int[] pool = order.subList(start, end).stream().mapToInt(Integer::intValue).toArray();
      batches.addAll(byLength(store, pool, packing.batchTokens()));
      start = end;
    }
    Collections.shuffle(batches, random);
    int size = packing.batchesAStep();
    List<List<int[]>> steps = new ArrayList<>();
    for (int from = 0; from < batches.size(); from += size) {
      steps.add(batches.subList(from, Math.min(batches.size(), from + size)));
    }
    return steps;
  }

  /** The windows sorted by length, in batches of at most {@code batchTokens}, or of one window. */
  public static List<int[]> byLength(WindowStore store, int[] windows, int batchTokens) {
    int[] sorted =
        IntStream.of(windows)
            .boxed()
            .sorted(Comparator.comparingInt(store::length))
            .mapToInt(Integer::intValue)
            .toArray();
    List<int[]> batches = new ArrayList<>();
    int start = 0;
    while (start < sorted.length) {
      int from = start;
      long tokens = store.length(sorted[from]);
      int end = from + 1;
      while (end < sorted.length && tokens + store.length(sorted[end]) <= batchTokens) {
        tokens += store.length(sorted[end++]);
      }
      batches.add(IntStream.range(from, end).map(i -> sorted[i]).toArray());
      start = end;
    }
    return batches;
  }

  /**
   * A seed for an epoch or a step, from the run's one seed: SplitMix64's output function (Steele,
   * Lea and Flood, 2014), so that neighbours get unrelated seeds.
   */
  public static long mix(long seed, long index) {
    long z = seed + (index + 1) * 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  private void skipToStep() {
    if (index >= plan.size()) {
      epoch++;
      index = 0;
      if (epoch <= epochs) {
        plan = ofEpoch(store, packing, epoch);
      }
    }
  }

  @Override
  public boolean hasNext() {
    return epoch <= epochs;
  }

  @Override
  public Step next() {
    if (!hasNext()) {
      throw new NoSuchElementException("epoch " + epoch + " of " + epochs);
    }
    List<int[]> windows = plan.get(index);
    Step step =
        new Step(epoch, index, plan.size(), windows, windows.stream().map(store::scoring).toList());
    index++;
    skipToStep();
    return step;
  }
}
