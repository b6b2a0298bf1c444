package dev.repartee.common.gpt2;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import java.util.ArrayList;
import java.util.List;

/**
 * A GPT-2 with the state that training needs: weights, gradients, and AdamW's moments and step
 * counts, all FP32. Not for use by several threads. Owns all of it until closed.
 */
public final class TrainableGpt2 implements AutoCloseable {

  /**
   * Token sequences and which of their positions count.
   *
   * @param ids B rows of T tokens, row by row
   * @param length T
   * @param positions indices into the B*T tokens whose next token is to be predicted
   * @param labels that next token, for each position
   */
  @SuppressWarnings("ArrayRecordComponent") // handed to native code as they are
  public record Batch(long[] ids, int length, long[] positions, long[] labels) {

    public Batch {
      if (length < 1 || ids.length % length != 0) {
        throw new IllegalArgumentException(
            "ids must be whole rows of " + length + " but there are " + ids.length);
      }
      if (positions.length != labels.length || positions.length == 0) {
        throw new IllegalArgumentException(
            "one label a position is wanted, at least one, but there are %d for %d"
                .formatted(labels.length, positions.length));
      }
    }
  }

  private final Gpt2Program program;
  private final Gpt2Weights weights;
  private final PtNDManager state;
  private final List<PtNDArray> gradients = new ArrayList<>();
  private final OptimizedArrays matrices;
  private final OptimizedArrays vectors;
  private final IValue allGradients;

  /** Takes ownership of {@code weights}, not of {@code program}. */
  public TrainableGpt2(Gpt2Program program, Gpt2Weights weights) {
    this.program = program;
    this.weights = weights;
    this.state = program.newScope();
    for (PtNDArray weight : weights.arrays()) {
      weight.setRequiresGradient(true);
      gradients.add((PtNDArray) state.zeros(weight.getShape()));
    }
    allGradients = OptimizedArrays.list(gradients);
    matrices = group(true);
    vectors = group(false);
  }

  private OptimizedArrays group(boolean ofMatrices) {
    List<PtNDArray> chosen = new ArrayList<>();
    List<PtNDArray> chosenGradients = new ArrayList<>();
    for (int i = 0; i < gradients.size(); i++) {
      if (weights.layout().get(i).isMatrix() == ofMatrices) {
        chosen.add(weights.arrays().get(i));
        chosenGradients.add(gradients.get(i));
      }
    }
    return new OptimizedArrays(program, chosen, chosenGradients);
  }

  public Gpt2Weights weights() {
    return weights;
  }

  /** The gradients accumulated since the last step, in program order. */
  public List<PtNDArray> gradients() {
    return List.copyOf(gradients);
  }

  /**
   * Adds the gradients of the batch's summed loss times {@code scale}.
   *
   * @param scale 1 / number of all positions of the step, for the gradient of the mean loss
   * @return the sum over positions of -log p(label), in nats
   */
  public double accumulate(Batch batch, Precision precision, double dropout, double scale) {
    try (PtNDManager scope = program.newScope()) {
      NDList arguments = new NDList();
      addAll(arguments, "w[]", weights.arrays());
      addAll(arguments, "grads[]", gradients);
      addBatch(arguments, batch, scope);
      arguments.add(
          scope.create(new float[] {precision.scalarType(), (float) dropout, (float) scale}));
      return program.differentiate("accumulate", arguments, scope).toFloatArray()[0];
    }
  }

  /**
   * The hidden states at the batch's positions, without gradients.
   *
   * @return N rows of C values, one after the other
   */
  public float[] features(Batch batch, Precision precision) {
    try (PtNDManager scope = program.newScope()) {
      NDList arrays = new NDList();
      addBatch(arrays, batch, scope);
      try (IValue list = OptimizedArrays.list(weights.arrays());
          IValue ids = IValue.from((PtNDArray) arrays.get(0));
          IValue positions = IValue.from((PtNDArray) arrays.get(1));
          IValue type = IValue.from((long) precision.scalarType());
          IValue result = program.run("features", list, ids, positions, type)) {
        return result.toTensor(scope).toFloatArray();
      }
    }
  }

  /** The sum over the batch's positions of -log p(label), in nats, without gradients. */
  public double loss(Batch batch, Precision precision) {
    try (PtNDManager scope = program.newScope()) {
      NDList arrays = new NDList();
      addBatch(arrays, batch, scope);
      try (IValue list = OptimizedArrays.list(weights.arrays());
          IValue ids = IValue.from((PtNDArray) arrays.get(0));
          IValue positions = IValue.from((PtNDArray) arrays.get(1));
          IValue labels = IValue.from((PtNDArray) arrays.get(2));
          IValue type = IValue.from((long) precision.scalarType());
          IValue result = program.run("evaluate", list, ids, positions, labels, type)) {
        return result.toTensor(scope).toFloatArray()[0];
      }
    }
  }

  private static void addAll(NDList arguments, String name, List<PtNDArray> arrays) {
    for (PtNDArray array : arrays) {
      array.setName(name);
      arguments.add(array);
    }
  }

  private static void addBatch(NDList arguments, Batch batch, PtNDManager scope) {
    long rows = batch.ids.length / batch.length;
    arguments.add(scope.create(batch.ids, new Shape(rows, batch.length)));
    arguments.add(scope.create(batch.positions));
    arguments.add(scope.create(batch.labels));
  }

  /**
   * Clips the accumulated gradients to a global norm, takes an AdamW step, and zeroes them.
   *
   * @return the norm before clipping
   */
  public double update(double learningRate, AdamW adamW, double maxNorm) {
    double norm = clip(maxNorm);
    matrices.step(learningRate, adamW, adamW.weightDecay());
    vectors.step(learningRate, adamW, 0);
    return norm;
  }

  private double clip(double maxNorm) {
    try (PtNDManager scope = program.newScope();
        IValue most = IValue.from(maxNorm);
        IValue result = program.run("clip", allGradients, most)) {
      NDArray norm = result.toTensor(scope);
      return norm.toType(DataType.FLOAT32, false).toFloatArray()[0];
    }
  }

  @Override
  public void close() {
    matrices.close();
    vectors.close();
    allGradients.close();
    state.close();
    weights.close();
  }
}
