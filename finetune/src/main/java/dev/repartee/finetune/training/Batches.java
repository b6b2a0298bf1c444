package dev.repartee.finetune.training;

import dev.repartee.common.gpt2.TrainableGpt2;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/** Puts examples of similar length together, so that little is padded, in a random order. */
final class Batches {

  /** Batches' worth of examples that are sorted by length together. */
  private static final int POOL = 16;

  private Batches() {}

  /** One epoch in random order; the same random state gives the same batches. */
  static List<List<Example>> shuffled(List<Example> examples, int batchSize, Random random) {
    List<Example> order = new ArrayList<>(examples);
    Collections.shuffle(order, random);
    List<List<Example>> batches = new ArrayList<>();
    for (int at = 0; at < order.size(); at += batchSize * POOL) {
      int end = Math.min(order.size(), at + batchSize * POOL);
      batches.addAll(byLength(order.subList(at, end), batchSize));
    }
    Collections.shuffle(batches, random);
    return batches;
  }

  /** All examples, sorted by length. */
  static List<List<Example>> byLength(List<Example> examples, int batchSize) {
    List<Example> sorted = new ArrayList<>(examples);
    sorted.sort(Comparator.comparingInt(example -> example.ids().length));
    List<List<Example>> batches = new ArrayList<>();
    for (int at = 0; at < sorted.size(); at += batchSize) {
      batches.add(List.copyOf(sorted.subList(at, Math.min(sorted.size(), at + batchSize))));
    }
    return batches;
  }

  /** The examples as one padded batch whose positions are the scored tokens. */
  static TrainableGpt2.Batch scoring(List<Example> examples) {
    return pack(examples, example -> example.scored());
  }

  /** The examples as one padded batch whose positions are the agent's markers. */
  static TrainableGpt2.Batch replies(List<Example> examples) {
    return pack(
        examples,
        example -> example.replies().stream().mapToInt(Example.Reply::position).toArray());
  }

  @FunctionalInterface
  private interface Positions {
    int[] of(Example example);
  }

  /** Padding comes after a sequence, where causal attention keeps it from every scored token. */
  private static TrainableGpt2.Batch pack(List<Example> examples, Positions chosen) {
    int length = examples.stream().mapToInt(example -> example.ids().length).max().orElseThrow();
    int count = examples.stream().mapToInt(example -> chosen.of(example).length).sum();
    long[] ids = new long[examples.size() * length];
    long[] positions = new long[count];
    long[] labels = new long[count];
    int at = 0;
    for (int row = 0; row < examples.size(); row++) {
      Example example = examples.get(row);
      for (int t = 0; t < example.ids().length; t++) {
        ids[row * length + t] = example.ids()[t];
      }
      for (int position : chosen.of(example)) {
        positions[at] = (long) row * length + position;
        labels[at++] = example.ids()[position + 1];
      }
    }
    return new TrainableGpt2.Batch(ids, length, positions, labels);
  }
}
