package dev.repartee.finetune.training;

import dev.repartee.common.gpt2.PackedBatch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

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

  /** The examples as one batch whose positions are the scored tokens. */
  static PackedBatch scoring(List<Example> examples) {
    return pack(examples, Example::scored);
  }

  /** The examples as one batch whose positions are the agent's markers. */
  static PackedBatch replies(List<Example> examples) {
    return pack(
        examples,
        example -> example.replies().stream().mapToInt(Example.Reply::position).toArray());
  }

  @FunctionalInterface
  private interface Positions {
    int[] of(Example example);
  }

  private static PackedBatch pack(List<Example> examples, Positions chosen) {
    int[] lengths = examples.stream().mapToInt(example -> example.ids().length).toArray();
    LongStream.Builder ids = LongStream.builder();
    LongStream.Builder positions = LongStream.builder();
    LongStream.Builder labels = LongStream.builder();
    long start = 0;
    for (Example example : examples) {
      for (int id : example.ids()) {
        ids.add(id);
      }
      for (int position : chosen.of(example)) {
        positions.add(start + position);
        labels.add(example.ids()[position + 1]);
      }
      start += example.ids().length;
    }
    return new PackedBatch(
        ids.build().toArray(), lengths, positions.build().toArray(), labels.build().toArray());
  }
}
