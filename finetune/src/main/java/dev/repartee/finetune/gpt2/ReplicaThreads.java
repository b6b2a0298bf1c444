package dev.repartee.finetune.gpt2;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.ToDoubleBiFunction;

/** Runs batches on replicas at the same time. One replica alone is run by the caller's thread. */
final class ReplicaThreads implements AutoCloseable {

  private final ExecutorService executor;

  ReplicaThreads(int threads) {
    executor = Executors.newFixedThreadPool(threads, Thread.ofPlatform().daemon().factory());
  }

  /** Sums {@code work} over the batches; batch i goes to replica i modulo their number. */
  double sum(
      List<Replica> replicas,
      List<PackedBatch> batches,
      ToDoubleBiFunction<Replica, PackedBatch> work) {
    if (replicas.size() == 1) {
      return batches.stream().mapToDouble(b -> work.applyAsDouble(replicas.getFirst(), b)).sum();
    }
    List<Future<Double>> parts = new ArrayList<>();
    for (int r = 0; r < Math.min(replicas.size(), batches.size()); r++) {
      int first = r;
      parts.add(
          executor.submit(
              () -> {
                double sum = 0;
                for (int i = first; i < batches.size(); i += replicas.size()) {
                  sum += work.applyAsDouble(replicas.get(first), batches.get(i));
                }
                return sum;
              }));
    }
    return parts.stream().mapToDouble(ReplicaThreads::await).sum();
  }

  private static double await(Future<Double> part) {
    try {
      return part.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a device worked", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException failure
          ? failure
          : new IllegalStateException(e.getCause());
    }
  }

  @Override
  public void close() {
    executor.shutdown();
  }
}
