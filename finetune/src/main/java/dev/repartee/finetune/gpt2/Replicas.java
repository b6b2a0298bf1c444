package dev.repartee.finetune.gpt2;

import ai.djl.Device;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import dev.repartee.engine.gpt2.Gpt2Program;
import dev.repartee.engine.gpt2.TorchScriptProgram;
import dev.repartee.text.Threads;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.IntStream;

/**
 * Who computes gradients side by side: GPUs, each with a copy of the weights, or the lanes of a
 * CPU, threads that share the weights and whose operators have few threads of their own or none.
 * Each has gradients of its own. Owns these until closed, but neither weights nor program of the
 * first.
 */
final class Replicas implements AutoCloseable {

  /** The largest block of logits that is held at a time: what caches, or a big card, like best. */
  private static final long LOGITS_BYTES_ON_CPU = 128L << 20;

  private static final long LOGITS_BYTES_ON_GPU = 1L << 30;

  private final List<Replica> all = new ArrayList<>();
  private final int lanes;
  private final ExecutorService threads;

  /** As {@link TrainableGpt2}'s constructor has them; the program gets the weights. */
  Replicas(
      Gpt2Program program, List<PtNDArray> weights, TrainingOptions options, List<Device> more) {
    this.lanes = options.lanes();
    load(program, weights, options);
    for (int lane = 0; lane < lanes; lane++) {
      all.add(new Replica(program, weights, options, false));
    }
    for (Device device : more) {
      Gpt2Program own = TrainableGpt2.openProgram(program.config(), device);
      List<PtNDArray> copies = weights.stream().map(array -> array.toDevice(device, true)).toList();
      load(own, copies, options);
      Replica replica = new Replica(own, copies, options, true);
      copies.forEach(copy -> copy.attach(replica.owner));
      all.add(replica);
    }
    int operatorThreads =
        lanes == 1
            ? TorchScriptProgram.threads()
            : Math.max(1, TorchScriptProgram.allThreads() / lanes);
    this.threads =
        Executors.newFixedThreadPool(
            all.size(),
            work ->
                Thread.ofPlatform()
                    .daemon()
                    .unstarted(
                        () -> {
                          TorchScriptProgram.setThreads(operatorThreads);
                          work.run();
                        }));
  }

  private static void load(Gpt2Program program, List<PtNDArray> arrays, TrainingOptions options) {
    program.load(arrays, options.precision(), new int[0], false);
    program.run("pad_vocabulary").close();
  }

  Replica first() {
    return all.getFirst();
  }

  List<Replica> others() {
    return all.subList(1, all.size());
  }

  List<Replica> all() {
    return all;
  }

  int lanes() {
    return lanes;
  }

  /** As {@link TrainableGpt2#accumulate}. */
  void accumulate(List<PackedBatch> whole, double scale, long seed) {
    List<PackedBatch> batches =
        whole.stream().flatMap(batch -> batch.split(lanes).stream()).toList();
    sum(
        batches,
        (replica, own) -> {
          replica.accumulate(batches, own, scale, seed);
          return 0;
        });
  }

  /** As {@link TrainableGpt2#loss}. */
  double loss(List<PackedBatch> batches) {
    return sum(batches, (replica, own) -> own.mapToDouble(i -> replica.loss(batches.get(i))).sum());
  }

  /** As {@link TrainableGpt2#features}. */
  float[] features(PackedBatch whole) {
    List<PackedBatch> parts = whole.split(lanes);
    List<Supplier<float[]>> work = new ArrayList<>();
    for (int r = 0; r < parts.size(); r++) {
      Replica replica = all.get(r);
      PackedBatch own = parts.get(r);
      work.add(() -> replica.features(own));
    }
    List<float[]> rows = together(work);
    float[] features = new float[rows.stream().mapToInt(part -> part.length).sum()];
    int at = 0;
    for (float[] part : rows) {
      System.arraycopy(part, 0, features, at, part.length);
      at += part.length;
    }
    return features;
  }

  /** Sums {@code work} over the replicas, which takes the numbers of a replica's batches. */
  private double sum(List<PackedBatch> batches, ToDoubleBiFunction<Replica, IntStream> work) {
    List<Supplier<Double>> parts = new ArrayList<>();
    for (int r = 0; r < Math.min(all.size(), batches.size()); r++) {
      Replica replica = all.get(r);
      IntStream own = IntStream.iterate(r, i -> i < batches.size(), i -> i + all.size());
      parts.add(() -> work.applyAsDouble(replica, own));
    }
    return together(parts).stream().mapToDouble(Double::doubleValue).sum();
  }

  /** The results of all {@code parts}, in their order. A single one is the calling thread's. */
  <T> List<T> together(List<Supplier<T>> parts) {
    if (parts.size() == 1) {
      return List.of(parts.getFirst().get());
    }
    List<CompletableFuture<T>> running =
        parts.stream().map(part -> CompletableFuture.supplyAsync(part, threads)).toList();
    return running.stream().map(Threads::await).toList();
  }

  @Override
  public void close() {
    threads.shutdown();
    all.forEach(Replica::close);
  }

  /**
   * One device's copy of the weights, or a lane's use of them, and the gradients computed there.
   */
  static final class Replica implements AutoCloseable {

    private static final Object DRAWING = new Object(); // random numbers, of the process

    private final Gpt2Program program;
    private final boolean ownWeights; // and a program of its own
    private final TrainingOptions options;
    private final int maxChunk;
    private final PtNDManager owner;
    private final List<PtNDArray> gradients;
    private final IValue weightList;
    private final IValue gradientList;
    private final PtNDArray total; // of the losses, in nats
    private final IValue totalList;
    private boolean fresh = true; // gradients and total are to be overwritten

    private Replica(
        Gpt2Program program, List<PtNDArray> weights, TrainingOptions options, boolean ownWeights) {
      this.program = program;
      this.ownWeights = ownWeights;
      this.options = options;
      this.owner = program.newScope();
      long vocabulary = weights.getFirst().getShape().get(0);
      long logits = program.device().isGpu() ? LOGITS_BYTES_ON_GPU : LOGITS_BYTES_ON_CPU;
      this.maxChunk = (int) Math.max(16, logits / Float.BYTES / vocabulary);
      this.gradients =
          weights.stream().map(array -> (PtNDArray) owner.zeros(array.getShape())).toList();
      this.weightList = IValue.listFrom(weights.toArray(PtNDArray[]::new));
      this.gradientList = IValue.listFrom(gradients.toArray(PtNDArray[]::new));
      this.total = (PtNDArray) owner.zeros(new Shape(), DataType.FLOAT64);
      this.totalList = IValue.listFrom(total);
    }

    Gpt2Program program() {
      return program;
    }

    /** Whether its weights are a copy of the first replica's. */
    boolean hasOwnWeights() {
      return ownWeights;
    }

    List<PtNDArray> gradients() {
      return gradients;
    }

    /** The loss accumulated since the last step, in nats. */
    PtNDArray total() {
      return total;
    }

    /** Whether it had no batch since the last step: gradients and total are still those of then. */
    boolean isFresh() {
      return fresh;
    }

    /** The next batch begins new gradients. */
    void begin() {
      fresh = true;
    }

    /** Adds d(scale * summed loss) / d weights and the summed loss of the batches {@code own}. */
    void accumulate(List<PackedBatch> batches, IntStream own, double scale, long seed) {
      try (PtNDManager scope = program.newScope()) {
        // All uploads first: each waits for what a GPU has been given before.
        int[] numbers = own.toArray();
        List<PtNDArray> uploaded =
            Arrays.stream(numbers).mapToObj(i -> numbers(batches.get(i), scope)).toList();
        for (int i = 0; i < numbers.length; i++) {
          accumulate(batches.get(numbers[i]), uploaded.get(i), scale, seed + numbers[i]);
        }
      }
    }

    private void accumulate(PackedBatch batch, PtNDArray uploaded, double scale, long seed) {
      try (IValue sum = IValue.from(total);
          IValue numbers = IValue.from(uploaded);
          IValue runs = IValue.listFrom(batch.runs());
          IValue dropout = IValue.from(options.dropout());
          IValue masks = dropoutMasks(batch, seed);
          IValue scaled = IValue.from(scale);
          IValue overwrite = IValue.from(fresh);
          IValue chunk = chunk(batch)) {
        program
            .run(
                "forward_backward",
                weightList,
                gradientList,
                sum,
                numbers,
                runs,
                dropout,
                masks,
                scaled,
                overwrite,
                chunk)
            .close();
        fresh = false;
      }
    }

    /**
     * Libtorch has one generator for each device, and seeds all of them together; so one replica at
     * a time seeds and draws.
     */
    private IValue dropoutMasks(PackedBatch batch, long seed) {
      synchronized (DRAWING) {
        TorchScriptProgram.seed(seed);
        try (IValue tokens = IValue.from((long) batch.tokens());
            IValue dropout = IValue.from(options.dropout())) {
          return program.run("dropout_masks", tokens, dropout);
        }
      }
    }

    /** The summed loss, without gradients. */
    double loss(PackedBatch batch) {
      try (PtNDManager scope = program.newScope();
          IValue numbers = IValue.from(numbers(batch, scope));
          IValue runs = IValue.listFrom(batch.runs());
          IValue chunk = chunk(batch);
          IValue loss = program.run("loss", weightList, numbers, runs, chunk)) {
        return loss.toTensor(scope).toFloatArray()[0];
      }
    }

    /** The last layer norm's output for the scored rows, row by row. */
    float[] features(PackedBatch batch) {
      try (PtNDManager scope = program.newScope();
          IValue numbers = IValue.from(numbers(batch, scope));
          IValue runs = IValue.listFrom(batch.runs());
          IValue hidden = program.run("features", weightList, numbers, runs)) {
        return hidden.toTensor(scope).toFloatArray();
      }
    }

    /**
     * How many rows of logits are held at a time: chunks of even size, since small ones are slow.
     */
    private IValue chunk(PackedBatch batch) {
      int chunks = Math.ceilDiv(batch.scored(), maxChunk);
      return IValue.from((long) Math.ceilDiv(batch.scored(), chunks));
    }

    /** A batch as the program takes it. */
    private static PtNDArray numbers(PackedBatch batch, PtNDManager scope) {
      return (PtNDArray) scope.create(batch.numbers());
    }

    /** Adds the losses of a replica on the same or another device to these. */
    void addTotal(Replica other) {
      if (!other.fresh) {
        program.run("add_arrays", totalList, other.totalList).close();
      }
    }

    /** Copies another replica's weights over these. */
    void copyWeights(Replica other) {
      program.run("copy_arrays", weightList, other.weightList).close();
    }

    /** After a step: the program casts these weights again. */
    void recast(int[] numbers) {
      try (IValue at = IValue.listFrom(Arrays.stream(numbers).asLongStream().toArray())) {
        program.run("recast", weightList, at).close();
      }
    }

    @Override
    public void close() {
      weightList.close();
      gradientList.close();
      totalList.close();
      owner.close();
      if (ownWeights) {
        program.close();
      }
    }
  }
}
