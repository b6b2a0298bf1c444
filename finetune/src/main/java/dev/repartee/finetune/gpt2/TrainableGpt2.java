package dev.repartee.finetune.gpt2;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtEngine;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import dev.repartee.engine.gpt2.Gpt2Config;
import dev.repartee.engine.gpt2.Gpt2Program;
import dev.repartee.engine.gpt2.Gpt2Weights;
import dev.repartee.engine.gpt2.Safetensors;
import dev.repartee.engine.gpt2.TorchScriptProgram;
import dev.repartee.text.Threads;
import dev.repartee.text.UserException;
import dev.repartee.text.io.Resources;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.IntStream;

/**
 * A GPT-2 with the state that training needs: weights, gradients, and AdamW's moments and step
 * count, all FP32. Several devices train data-parallel: each computes the gradients of its batches,
 * the first adds them up, takes the step, and copies the weights to the others. Not for use by
 * several threads. Owns everything until closed, but not the program of the first device. The
 * forward and backward pass is {@code training.py}.
 */
public final class TrainableGpt2 implements AutoCloseable {

  private static final String METHODS = Resources.text(TrainableGpt2.class, "training.py");

  /** The largest block of logits that is held at a time: what caches, or a big card, like best. */
  private static final long LOGITS_BYTES_ON_CPU = 128L << 20;

  private static final long LOGITS_BYTES_ON_GPU = 1L << 30;

  private final Gpt2Weights weights;
  private final LossScale lossScale;
  private final List<Replica> replicas = new ArrayList<>();
  private final AdamW.ParameterGroup matrices;
  private final AdamW.ParameterGroup vectors;
  private final ExecutorService threads;
  private long steps;

  /** Compiles the GPT-2 program with the methods that training needs. */
  public static Gpt2Program openProgram(Gpt2Config config, Device device) {
    return Gpt2Program.open(config, device, METHODS);
  }

  /**
   * Trains on the program's device. Takes ownership of {@code weights}, not of {@code program},
   * which holds copies of the weights: it serves this model only, until another is made with it.
   */
  public TrainableGpt2(Gpt2Program program, Gpt2Weights weights, TrainingOptions options) {
    this(program, weights, options, List.of());
  }

  /** As the other constructor, but trains on the devices {@code more} as well. */
  public TrainableGpt2(
      Gpt2Program program, Gpt2Weights weights, TrainingOptions options, List<Device> more) {
    this.weights = weights;
    this.lossScale = new LossScale(options.precision());
    replicas.add(new Replica(program, weights.arrays(), options));
    for (Device device : more) {
      replicas.add(replica(openProgram(program.config(), device), options));
    }
    this.threads =
        Executors.newFixedThreadPool(replicas.size(), Thread.ofPlatform().daemon().factory());
    this.matrices = group(program, true);
    this.vectors = group(program, false);
  }

  private Replica replica(Gpt2Program program, TrainingOptions options) {
    List<PtNDArray> copies =
        weights.arrays().stream().map(array -> array.toDevice(program.device(), true)).toList();
    Replica replica = new Replica(program, copies, options);
    copies.forEach(copy -> copy.attach(replica.owner));
    return replica;
  }

  /** Weight decay is for matrices only. */
  private AdamW.ParameterGroup group(Gpt2Program program, boolean ofMatrices) {
    List<PtNDArray> arrays = new ArrayList<>();
    List<PtNDArray> gradients = new ArrayList<>();
    for (int i = 0; i < weights.arrays().size(); i++) {
      if (weights.layout().get(i).isMatrix() == ofMatrices) {
        arrays.add(weights.arrays().get(i));
        gradients.add(gradients().get(i));
      }
    }
    return new AdamW.ParameterGroup(program, arrays, gradients);
  }

  private Replica first() {
    return replicas.getFirst();
  }

  private List<Replica> others() {
    return replicas.subList(1, replicas.size());
  }

  public Gpt2Weights weights() {
    return weights;
  }

  /** How many devices share the work. */
  public int workers() {
    return replicas.size();
  }

  public LossScale lossScale() {
    return lossScale;
  }

  /** AdamW steps taken so far. */
  public long steps() {
    return steps;
  }

  /** The gradients accumulated on the first device since the last step, in program order. */
  public List<PtNDArray> gradients() {
    return first().gradients;
  }

  /**
   * Adds the gradients of the batches' summed loss times {@code scale}. Batch i goes to device i
   * modulo their number. Does not wait for a GPU; {@link #update} does.
   *
   * @param scale 1 / {@link PackedBatch#weight} of all batches of the step, for the gradient of the
   *     mean loss
   * @param seed of dropout; batch i draws from {@code seed} + i, whatever device it goes to
   */
  public void accumulate(List<PackedBatch> batches, double scale, long seed) {
    double scaled = scale * lossScale.scale();
    sum(
        batches,
        (replica, own) -> {
          replica.accumulate(batches, own, scaled, seed);
          return 0;
        });
  }

  /**
   * The sum over the batches' scored rows of -log p(label) times its weight, in nats, without
   * gradients.
   */
  public double loss(List<PackedBatch> batches) {
    return sum(batches, (replica, own) -> own.mapToDouble(i -> replica.loss(batches.get(i))).sum());
  }

  /**
   * Sums {@code work} over the devices, which takes the numbers of a device's batches. A single
   * device is used by the caller's thread.
   */
  private double sum(List<PackedBatch> batches, ToDoubleBiFunction<Replica, IntStream> work) {
    int together = Math.min(replicas.size(), batches.size());
    if (together == 1) {
      return work.applyAsDouble(first(), IntStream.range(0, batches.size()));
    }
    List<CompletableFuture<Double>> parts = new ArrayList<>();
    for (int r = 0; r < together; r++) {
      Replica replica = replicas.get(r);
      IntStream own = IntStream.iterate(r, i -> i < batches.size(), i -> i + replicas.size());
      parts.add(CompletableFuture.supplyAsync(() -> work.applyAsDouble(replica, own), threads));
    }
    return parts.stream().mapToDouble(Threads::await).sum();
  }

  /**
   * The last layer norm's output for the batch's scored rows, without gradients.
   *
   * @return R rows of C values, one after the other
   */
  public float[] features(PackedBatch batch) {
    return first().features(batch);
  }

  /**
   * What a step came to.
   *
   * @param loss the sum over its scored rows of -log p(label) times its weight, in nats
   * @param norm of its gradients together, before clipping
   */
  public record Step(double loss, double norm) {}

  /**
   * Clips the accumulated gradients to a global norm and takes an AdamW step. If the norm is not
   * finite, the weights stay as they are and a dynamic loss scale is halved. Either way the next
   * gradients start from zero. Waits for the device once, when all of the step is queued there.
   */
  public Step update(double learningRate, AdamW adamW, double maxNorm) {
    others().forEach(first()::addGradients);
    try (PtNDManager scope = first().program.newScope();
        IValue clipping = first().clipping(lossScale.scale(), maxNorm)) {
      IValue[] parts = clipping.toIValueArray(); // loss and norm, divisor, whether to skip
      try {
        matrices.step(learningRate, adamW, adamW.weightDecay(), parts[1], parts[2]);
        vectors.step(learningRate, adamW, 0, parts[1], parts[2]);
        weightsChanged();
        double[] read = parts[0].toTensor(scope).toDoubleArray();
        boolean finite = Double.isFinite(read[1]);
        steps += finite ? 1 : 0;
        lossScale.stepped(finite);
        return new Step(read[0], read[1]);
      } finally {
        Arrays.stream(parts).forEach(IValue::close);
      }
    }
  }

  /** The loss accumulated since the last step, in nats. */
  double accumulatedLoss() {
    others().forEach(first()::addGradients);
    others().forEach(other -> other.fresh = true);
    return first().program.read(first().total, PtNDArray::toDoubleArray)[0];
  }

  /** The first device's weights go to the others; all begin with new gradients. */
  private void weightsChanged() {
    others().forEach(replica -> replica.copyWeights(first()));
    replicas.forEach(Replica::recast);
  }

  /**
   * Weights and moments at one moment. From a GPU they are a copy in host memory, and training may
   * go on before they are written; on a CPU they are the arrays themselves.
   */
  public static final class State implements AutoCloseable {

    private final NDManager owner;
    private final Map<String, PtNDArray> arrays;

    private State(NDManager owner, Map<String, PtNDArray> arrays) {
      this.owner = owner;
      this.arrays = arrays;
    }

    /** Writes them to {@code file}, bit for bit. */
    public void write(Path file) throws IOException {
      Map<String, Safetensors.Tensor> tensors = new LinkedHashMap<>();
      arrays.forEach(
          (name, array) ->
              tensors.put(name, new Safetensors.Tensor(shape(array), array::toByteBuffer)));
      Safetensors.write(file, tensors);
    }

    /** Frees the copy. */
    @Override
    public void close() {
      owner.close();
    }
  }

  /** Takes weights and moments; the caller keeps {@link #steps} and {@link #lossScale}. */
  public State snapshot() {
    Map<String, PtNDArray> arrays = state();
    NDManager owner = NDManager.newBaseManager(Device.cpu(), PtEngine.ENGINE_NAME);
    if (isOnGpu()) {
      // A copy belongs to the array's owner at first, and would stay until that is closed.
      arrays.replaceAll(
          (name, array) -> {
            PtNDArray copy = array.toDevice(Device.cpu(), true);
            copy.attach(owner);
            return copy;
          });
    }
    return new State(owner, arrays);
  }

  /** Whether it trains on GPUs. */
  public boolean isOnGpu() {
    return first().program.device().isGpu();
  }

  /**
   * Continues from a {@link State} that was written after {@code savedSteps} steps.
   *
   * @throws UserException when the file is damaged or of another model
   */
  public void readState(Path file, long savedSteps) {
    try (Safetensors tensors = Safetensors.open(file)) {
      state().forEach((name, array) -> readState(file, tensors, name, array));
    }
    steps = savedSteps;
    matrices.setSteps(savedSteps);
    vectors.setSteps(savedSteps);
    weightsChanged();
  }

  private void readState(Path file, Safetensors tensors, String name, PtNDArray array) {
    Safetensors.Entry stored = tensors.entries().get(name);
    if (stored == null || !stored.shape().equals(shape(array))) {
      throw new UserException(
          "%s belongs to another model: tensor '%s' must have shape %s but %s"
              .formatted(
                  file,
                  name,
                  shape(array),
                  stored == null ? "is missing" : "has " + stored.shape()));
    }
    Gpt2Program program = first().program;
    try (PtNDManager scope = program.newScope();
        IValue target = IValue.listFrom(array);
        IValue source =
            IValue.listFrom(
                scope.create(tensors.bytes(name), array.getShape(), DataType.FLOAT32))) {
      program.run("copy_arrays", target, source).close();
    }
  }

  /** The arrays of the state by name, in the order of the file. */
  private Map<String, PtNDArray> state() {
    List<String> names = new ArrayList<>();
    List<String> matrixNames = new ArrayList<>();
    List<String> vectorNames = new ArrayList<>();
    for (Gpt2Weights.Weight weight : weights.layout()) {
      names.add(weight.name());
      (weight.isMatrix() ? matrixNames : vectorNames).add(weight.name());
    }
    Map<String, PtNDArray> state = new LinkedHashMap<>();
    put(state, "weight.", names, weights.arrays());
    put(state, "mean.", matrixNames, matrices.means());
    put(state, "mean.", vectorNames, vectors.means());
    put(state, "square.", matrixNames, matrices.squares());
    put(state, "square.", vectorNames, vectors.squares());
    return state;
  }

  private static void put(
      Map<String, PtNDArray> state, String prefix, List<String> names, List<PtNDArray> arrays) {
    for (int i = 0; i < names.size(); i++) {
      state.put(prefix + names.get(i), arrays.get(i));
    }
  }

  private static List<Long> shape(PtNDArray array) {
    return Arrays.stream(array.getShape().getShape()).boxed().toList();
  }

  @Override
  public void close() {
    threads.shutdown();
    matrices.close();
    vectors.close();
    replicas.forEach(Replica::close);
    others().forEach(replica -> replica.program.close());
    weights.close();
  }

  /** One device's copy of the weights, and the gradients computed there. */
  private static final class Replica implements AutoCloseable {

    private static final Object DRAWING = new Object(); // random numbers, of the process

    private final Gpt2Program program;
    private final TrainingOptions options;
    private final int maxChunk;
    private final PtNDManager owner;
    private final List<PtNDArray> gradients;
    private final IValue weightList;
    private final IValue gradientList;
    private final PtNDArray total; // of the losses, in nats
    private final IValue totalList;
    private boolean fresh = true; // gradients and total are to be overwritten

    Replica(Gpt2Program program, List<PtNDArray> weights, TrainingOptions options) {
      this.program = program;
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
      program.load(weights, options.precision());
      program.run("pad_vocabulary").close();
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
          IValue weighted = IValue.from(batch.isWeighted());
          IValue dropout = IValue.from(options.dropout());
          IValue masks = dropoutMasks(batch, seed);
          IValue scaled = IValue.from(scale);
          IValue overwrite = IValue.from(fresh);
          IValue recompute = IValue.from(options.recompute());
          IValue chunk = chunk(batch)) {
        program
            .run(
                "forward_backward",
                weightList,
                gradientList,
                sum,
                numbers,
                runs,
                weighted,
                dropout,
                masks,
                scaled,
                overwrite,
                recompute,
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
          IValue weighted = IValue.from(batch.isWeighted());
          IValue chunk = chunk(batch);
          IValue loss = program.run("loss", weightList, numbers, runs, weighted, chunk)) {
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

    /** What the program's {@code clipping} computes from gradients and losses. */
    IValue clipping(double lossScale, double maxNorm) {
      try (IValue sum = IValue.from(total);
          IValue scale = IValue.from(lossScale);
          IValue most = IValue.from(maxNorm)) {
        return program.run("clipping", gradientList, sum, scale, most);
      }
    }

    /**
     * Adds the gradients and losses of a replica on the same or another device to these. A replica
     * that had no batch since the last step adds nothing: its gradients are still those of that
     * step.
     */
    void addGradients(Replica other) {
      if (!other.fresh) {
        program.run("add_arrays", gradientList, other.gradientList).close();
        program.run("add_arrays", totalList, other.totalList).close();
      }
    }

    /** Copies another replica's weights over these. */
    void copyWeights(Replica other) {
      program.run("copy_arrays", weightList, other.weightList).close();
    }

    /** After a step: the program casts the weights again, and the next gradients start anew. */
    void recast() {
      program.run("recast", weightList).close();
      fresh = true;
    }

    @Override
    public void close() {
      weightList.close();
      gradientList.close();
      totalList.close();
      owner.close();
    }
  }
}
