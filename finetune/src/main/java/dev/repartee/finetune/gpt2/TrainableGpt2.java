package dev.repartee.finetune.gpt2;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtEngine;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import dev.repartee.engine.gpt2.Gpt2Config;
import dev.repartee.engine.gpt2.Gpt2Program;
import dev.repartee.engine.gpt2.Gpt2Weights;
import dev.repartee.engine.gpt2.Precision;
import dev.repartee.engine.gpt2.Safetensors;
import dev.repartee.finetune.gpt2.Replicas.Replica;
import dev.repartee.text.UserException;
import dev.repartee.text.io.Resources;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A GPT-2 with the state that training needs: weights, gradients, and AdamW's moments and step
 * count, all FP32. Several replicas train data-parallel, each with gradients of its own. On GPUs
 * each is a device with a copy of the weights, and the first adds up the gradients and takes the
 * step. On a CPU each is a lane, a thread whose operators have few threads of their own or none:
 * all share the weights, each computes a part of every batch, and each adds up the gradients and
 * takes the step for a slice of the weights. So they wait for each other three times a step, where
 * one operator after the other would let its threads wait, and a core that another process takes
 * delays all of a step's operators. What is added in which order does not depend on time. Not for
 * use by several threads. Owns everything until closed, but not the program of the first device.
 * The forward and backward pass is {@code training.py}.
 */
public final class TrainableGpt2 implements AutoCloseable {

  private static final String METHODS = Resources.text(TrainableGpt2.class, "training.py");

  private final Gpt2Weights weights;
  private final LossScale lossScale;
  private final Replicas replicas;
  private final List<Slice> slices = new ArrayList<>();
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
    this.replicas = new Replicas(program, weights.arrays(), options, more);
    for (int[] part : parts(replicas.lanes())) {
      slices.add(new Slice(part));
    }
  }

  /** The numbers of the weights in {@code count} parts of about equal size, the largest first. */
  private List<int[]> parts(int count) {
    List<List<Integer>> parts = new ArrayList<>();
    long[] sizes = new long[count];
    for (int part = 0; part < count; part++) {
      parts.add(new ArrayList<>());
    }
    IntStream.range(0, weights.arrays().size())
        .boxed()
        .sorted(Comparator.comparingLong((Integer i) -> -weights.arrays().get(i).size()))
        .forEach(
            i -> {
              int smallest =
                  IntStream.range(0, count)
                      .boxed()
                      .min(Comparator.comparingLong(part -> sizes[part]))
                      .orElseThrow();
              parts.get(smallest).add(i);
              sizes[smallest] += weights.arrays().get(i).size();
            });
    return parts.stream()
        .map(part -> part.stream().mapToInt(Integer::intValue).sorted().toArray())
        .filter(part -> part.length > 0)
        .toList();
  }

  private Gpt2Program program() {
    return replicas.first().program();
  }

  public Gpt2Weights weights() {
    return weights;
  }

  /** How many devices share the work; each takes batches of its own. */
  public int workers() {
    return replicas.all().size() / replicas.lanes();
  }

  /** How many batches are computed side by side where none is split. */
  public int sideBySide() {
    return replicas.all().size();
  }

  /** How many lanes of a CPU share each batch. */
  public int lanes() {
    return replicas.lanes();
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
    return replicas.first().gradients();
  }

  /**
   * Adds the gradients of the batches' summed loss times {@code scale}. Batch i goes to device i
   * modulo their number; on a CPU each batch is split among the lanes. Does not wait for a GPU;
   * {@link #update} does.
   *
   * @param scale 1 / {@link PackedBatch#scored} of all batches of the step, for the gradient of the
   *     mean loss
   * @param seed of dropout; batch i, or part i of them, draws from {@code seed} + i, whatever
   *     device it goes to
   */
  public void accumulate(List<PackedBatch> whole, double scale, long seed) {
    replicas.accumulate(whole, scale * lossScale.scale(), seed);
  }

  /** The sum over the batches' scored rows of -log p(label), in nats, without gradients. */
  public double loss(List<PackedBatch> batches) {
    return replicas.loss(batches);
  }

  /**
   * The last layer norm's output for the batch's scored rows, without gradients.
   *
   * @return R rows of C values, one after the other
   */
  public float[] features(PackedBatch batch) {
    return replicas.features(batch);
  }

  /**
   * What a step came to.
   *
   * @param loss the sum over its scored rows of -log p(label), in nats
   * @param norm of its gradients together, before clipping
   */
  public record Step(double loss, double norm) {}

  /**
   * Clips the accumulated gradients to a global norm and takes an AdamW step. If the norm is not
   * finite, the weights stay as they are and a dynamic loss scale is halved. Either way the next
   * gradients start from zero. Waits for the device once, when all of the step is queued there.
   */
  public Step update(double learningRate, AdamW adamW, double maxNorm) {
    replicas.others().forEach(replicas.first()::addTotal);
    List<IValue> squares = new ArrayList<>();
    try (PtNDManager scope = program().newScope()) {
      ofSlices(Slice::gather).forEach(squares::add);
      IValue[] parts = clipping(squares, maxNorm, scope); // loss and norm, divisor, whether to skip
      try {
        ofSlices(
            slice -> {
              slice.step(learningRate, adamW, parts[1], parts[2]);
              return slice;
            });
        othersChanged();
        double[] read = parts[0].toTensor(scope).toDoubleArray();
        boolean finite = Double.isFinite(read[1]);
        steps += finite ? 1 : 0;
        lossScale.stepped(finite);
        return new Step(read[0], read[1]);
      } finally {
        Arrays.stream(parts).forEach(IValue::close);
      }
    } finally {
      squares.forEach(IValue::close);
    }
  }

  private IValue[] clipping(List<IValue> squares, double maxNorm, PtNDManager scope) {
    PtNDArray[] sums = squares.stream().map(one -> one.toTensor(scope)).toArray(PtNDArray[]::new);
    try (IValue list = IValue.listFrom(sums);
        IValue total = IValue.from(replicas.first().total());
        IValue scale = IValue.from(lossScale.scale());
        IValue most = IValue.from(maxNorm);
        IValue clipping = program().run("clipping", list, total, scale, most)) {
      return clipping.toIValueArray();
    }
  }

  /** The results of {@code work} on all slices, in their order; one is the caller's own. */
  private <T> List<T> ofSlices(Function<Slice, T> work) {
    return replicas.together(
        slices.stream().<Supplier<T>>map(slice -> () -> work.apply(slice)).toList());
  }

  /** The first device's weights go to the others; all begin with new gradients. */
  private void othersChanged() {
    for (Replica replica : replicas.others()) {
      if (replica.hasOwnWeights()) {
        replica.copyWeights(replicas.first());
        replica.recast(allWeights());
      }
    }
    replicas.all().forEach(Replica::begin);
  }

  private int[] allWeights() {
    return IntStream.range(0, weights.arrays().size()).toArray();
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
    return program().device().isGpu();
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
    slices.forEach(slice -> slice.setSteps(savedSteps));
    replicas.first().recast(allWeights());
    othersChanged();
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
    Gpt2Program program = program();
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
    Map<String, PtNDArray> arrays = new LinkedHashMap<>();
    Map<String, PtNDArray> means = new TreeMap<>();
    Map<String, PtNDArray> squares = new TreeMap<>();
    for (int i = 0; i < weights.arrays().size(); i++) {
      arrays.put("weight." + weights.layout().get(i).name(), weights.arrays().get(i));
    }
    for (Slice slice : slices) {
      slice.putMoments(means, squares);
    }
    arrays.putAll(means);
    arrays.putAll(squares);
    return arrays;
  }

  private static List<Long> shape(PtNDArray array) {
    return Arrays.stream(array.getShape().getShape()).boxed().toList();
  }

  @Override
  public void close() {
    slices.forEach(Slice::close);
    replicas.close();
    weights.close();
  }

  /** Some of the weights, on the first device, with their moments. */
  private final class Slice implements AutoCloseable {

    private final int[] numbers;
    private final List<IValue> gradientLists = new ArrayList<>(); // of each replica
    private final List<Part> parts = new ArrayList<>();

    /** Its matrices or its vectors; weight decay is for matrices only. */
    private record Part(boolean matrices, List<Integer> numbers, AdamW.ParameterGroup group) {}

    Slice(int[] numbers) {
      this.numbers = numbers;
      for (Replica replica : replicas.all()) {
        gradientLists.add(
            IValue.listFrom(
                Arrays.stream(numbers)
                    .mapToObj(replica.gradients()::get)
                    .toArray(PtNDArray[]::new)));
      }
      Arrays.stream(numbers)
          .boxed()
          .collect(Collectors.partitioningBy(i -> weights.layout().get(i).isMatrix()))
          .forEach(this::addPart);
    }

    private void addPart(boolean matrices, List<Integer> own) {
      if (!own.isEmpty()) {
        parts.add(
            new Part(
                matrices,
                own,
                new AdamW.ParameterGroup(
                    program(),
                    own.stream().map(weights.arrays()::get).toList(),
                    own.stream().map(gradients()::get).toList())));
      }
    }

    /**
     * Adds the other replicas' gradients to the first's, in their order, and returns the sum of the
     * squares. A replica that had no batch since the last step adds nothing: its gradients are
     * still those of that step.
     */
    IValue gather() {
      for (int r = 1; r < gradientLists.size(); r++) {
        if (!replicas.all().get(r).isFresh()) {
          program().run("add_arrays", gradientLists.getFirst(), gradientLists.get(r)).close();
        }
      }
      return program().run("squares", gradientLists.getFirst());
    }

    /** Takes AdamW's step; see {@link AdamW.ParameterGroup#step}. */
    void step(double learningRate, AdamW adamW, IValue divisor, IValue skip) {
      for (Part part : parts) {
        double decay = part.matrices() ? adamW.weightDecay() : 0;
        part.group().step(learningRate, adamW, decay, divisor, skip);
      }
      replicas.first().recast(numbers);
    }

    /** Puts the moments where they belong, by the names of the state's file. */
    void putMoments(Map<String, PtNDArray> means, Map<String, PtNDArray> squares) {
      for (Part part : parts) {
        for (int i = 0; i < part.numbers().size(); i++) {
          String name = weights.layout().get(part.numbers().get(i)).name();
          means.put("mean." + name, part.group().means().get(i));
          squares.put("square." + name, part.group().squares().get(i));
        }
      }
    }

    /** Its moments are those after so many steps. */
    void setSteps(long count) {
      parts.forEach(part -> part.group().setSteps(count));
    }

    @Override
    public void close() {
      parts.forEach(part -> part.group().close());
      gradientLists.forEach(IValue::close);
    }
  }

  /**
   * The factor on the loss that keeps FP16 gradients from underflow (Micikevicius et al., arXiv
   * 1710.03740, section 3.2). It is halved when a step overflows, which is then skipped, and
   * doubled after many good steps. Other precisions have FP32's range and keep it at 1.
   */
  public static final class LossScale {

    private static final double INITIAL = 65536;
    private static final double MAX = 1L << 24;
    private static final int GROW_AFTER = 1000;

    private final boolean dynamic;
    private double scale;
    private int goodSteps;

    LossScale(Precision precision) {
      this.dynamic = precision == Precision.FP16;
      this.scale = dynamic ? INITIAL : 1;
    }

    /** Whether steps may overflow now and then without a sign of divergence. */
    public boolean isDynamic() {
      return dynamic;
    }

    public double scale() {
      return scale;
    }

    /** Steps without overflow since the scale last changed. */
    public int goodSteps() {
      return goodSteps;
    }

    /** Continues from a saved state. */
    public void restore(double savedScale, int savedGoodSteps) {
      if (!(savedScale > 0)) {
        throw new IllegalArgumentException("the loss scale must be above 0 but is " + savedScale);
      }
      scale = savedScale;
      goodSteps = savedGoodSteps;
    }

    void stepped(boolean finite) {
      if (!dynamic) {
        return;
      }
      if (!finite) {
        scale = Math.max(1, scale / 2);
        goodSteps = 0;
      } else if (++goodSteps == GROW_AFTER) {
        scale = Math.min(MAX, scale * 2);
        goodSteps = 0;
      }
    }
  }
}
