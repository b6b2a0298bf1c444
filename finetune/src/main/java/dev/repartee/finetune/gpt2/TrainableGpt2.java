package dev.repartee.finetune.gpt2;

import ai.djl.Device;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import dev.repartee.engine.gpt2.Gpt2Config;
import dev.repartee.engine.gpt2.Gpt2Program;
import dev.repartee.engine.gpt2.Gpt2Weights;
import dev.repartee.text.io.Resources;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A GPT-2 with the state that training needs: weights, gradients, and AdamW's moments and step
 * count, all FP32. Several devices train data-parallel: each finds the gradients of its batches,
 * the first sums them up, steps, and hands the weights out. Not for use by several threads. Owns
 * all of it until closed.
 */
public final class TrainableGpt2 implements AutoCloseable {

  private static final String METHODS = Resources.text(TrainableGpt2.class, "training.py");

  private final Gpt2Weights weights;
  private final List<Replica> replicas;
  private final List<AutoCloseable> owned;
  private final OptimizedArrays matrices;
  private final OptimizedArrays vectors;
  private final LossScale lossScale;
  private final ReplicaThreads threads;
  private long steps;

  /** Loads the GPT-2 program with the methods that training needs, {@code training.py}. */
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

  /**
   * Trains on the program's device and on {@code more} devices. Takes ownership of {@code weights},
   * not of {@code program}.
   */
  public TrainableGpt2(
      Gpt2Program program, Gpt2Weights weights, TrainingOptions options, List<Device> more) {
    this.weights = weights;
    this.lossScale = new LossScale(options.precision());
    this.replicas = new ArrayList<>();
    this.owned = new ArrayList<>();
    replicas.add(new Replica(program, weights.arrays(), options));
    for (Device device : more) {
      replicas.add(replica(openProgram(program.config(), device), device, options));
    }
    // Dropout on a CPU draws from one generator: its workers take turns, so that a run repeats.
    boolean inTurn = options.dropout() > 0 && !program.device().isGpu();
    this.threads = new ReplicaThreads(inTurn ? 1 : replicas.size());
    this.matrices = group(program, true);
    this.vectors = group(program, false);
  }

  private Replica replica(Gpt2Program program, Device device, TrainingOptions options) {
    owned.add(program);
    PtNDManager copies = program.newScope();
    owned.addFirst(copies);
    List<PtNDArray> arrays = new ArrayList<>();
    for (PtNDArray array : weights.arrays()) {
      PtNDArray copy = array.toDevice(device, true);
      copy.attach(copies);
      arrays.add(copy);
    }
    return new Replica(program, arrays, options);
  }

  private OptimizedArrays group(Gpt2Program program, boolean ofMatrices) {
    List<PtNDArray> chosen = new ArrayList<>();
    List<PtNDArray> chosenGradients = new ArrayList<>();
    for (int i = 0; i < weights.arrays().size(); i++) {
      if (weights.layout().get(i).isMatrix() == ofMatrices) {
        chosen.add(weights.arrays().get(i));
        chosenGradients.add(gradients().get(i));
      }
    }
    return new OptimizedArrays(program, chosen, chosenGradients);
  }

  private Replica primary() {
    return replicas.getFirst();
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

  /** The gradients accumulated on the first device since the last step, in program order. */
  public List<PtNDArray> gradients() {
    return primary().gradients();
  }

  /**
   * Adds the gradients of the batches' summed loss times {@code scale}. The batches go round the
   * devices.
   *
   * @param scale 1 / number of all positions of the step, for the gradient of the mean loss
   * @return the sum over positions of -log p(label), in nats
   */
  public double accumulate(List<PackedBatch> batches, double scale) {
    double scaled = scale * lossScale.scale();
    return threads.sum(replicas, batches, (replica, batch) -> replica.accumulate(batch, scaled));
  }

  /** The sum over the batches' positions of -log p(label), in nats, without gradients. */
  public double loss(List<PackedBatch> batches) {
    return threads.sum(replicas, batches, Replica::loss);
  }

  /**
   * The hidden states at the batch's positions, without gradients.
   *
   * @return N rows of C values, one after the other
   */
  public float[] features(PackedBatch batch) {
    return primary().features(batch);
  }

  /**
   * Clips the accumulated gradients to a global norm and takes an AdamW step, unless the norm is
   * not finite: then the weights stay as they are, and a dynamic loss scale is halved. Either way
   * the next gradients start from zero.
   *
   * @return the norm before clipping
   */
  public double update(double learningRate, AdamW adamW, double maxNorm) {
    replicas.stream().skip(1).forEach(primary()::addGradients);
    double scale = lossScale.scale();
    double norm = primary().norm() / scale;
    boolean finite = Double.isFinite(norm);
    if (finite) {
      double divisor = scale * Math.max(1, (norm + 1e-6) / maxNorm);
      matrices.step(learningRate, adamW, adamW.weightDecay(), divisor);
      vectors.step(learningRate, adamW, 0, divisor);
      steps++;
      replicas.stream().skip(1).forEach(replica -> replica.copyWeights(primary()));
    }
    lossScale.stepped(finite);
    replicas.forEach(Replica::refresh);
    return norm;
  }

  /** AdamW steps taken so far. */
  public long steps() {
    return steps;
  }

  /**
   * Writes weights and moments to {@code file}, exactly; {@link #steps} and {@link #lossScale} are
   * the caller's to keep.
   */
  public void writeState(Path file) throws IOException {
    TrainingState.write(file, stateArrays());
  }

  /**
   * Takes up what {@link #writeState} wrote after {@code savedSteps} steps.
   *
   * @throws dev.repartee.text.UserException when the file is damaged or of another model
   */
  public void readState(Path file, long savedSteps) {
    TrainingState.read(file, stateArrays(), primary().program());
    steps = savedSteps;
    matrices.setSteps(savedSteps);
    vectors.setSteps(savedSteps);
    replicas.stream().skip(1).forEach(replica -> replica.copyWeights(primary()));
    replicas.forEach(Replica::refresh);
  }

  private TrainingState.Arrays stateArrays() {
    List<String> matrixNames = new ArrayList<>();
    List<String> vectorNames = new ArrayList<>();
    weights
        .layout()
        .forEach(weight -> (weight.isMatrix() ? matrixNames : vectorNames).add(weight.name()));
    return new TrainingState.Arrays()
        .add(
            "weight.",
            weights.layout().stream().map(Gpt2Weights.Weight::name).toList(),
            weights.arrays())
        .add("mean.", matrixNames, matrices.means())
        .add("mean.", vectorNames, vectors.means())
        .add("square.", matrixNames, matrices.squares())
        .add("square.", vectorNames, vectors.squares());
  }

  @Override
  public void close() {
    threads.close();
    matrices.close();
    vectors.close();
    replicas.forEach(Replica::close);
    for (AutoCloseable resource : owned) {
      closeQuietly(resource);
    }
    weights.close();
  }

  private static void closeQuietly(AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
