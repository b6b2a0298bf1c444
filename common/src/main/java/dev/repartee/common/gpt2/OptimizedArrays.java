package dev.repartee.common.gpt2;

import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import java.util.ArrayList;
import java.util.List;

/** Arrays that AdamW treats alike, with its running means and its step counts. Owns the latter. */
public final class OptimizedArrays implements AutoCloseable {

  private final Gpt2Program program;
  private final PtNDManager state;
  private final IValue arrays;
  private final IValue gradients;
  private final IValue means;
  private final IValue squares;
  private final IValue steps;

  /** The {@code gradients} are the arrays' own, in the same order and not empty. */
  public OptimizedArrays(Gpt2Program program, List<PtNDArray> arrays, List<PtNDArray> gradients) {
    if (arrays.isEmpty() || arrays.size() != gradients.size()) {
      throw new IllegalArgumentException(
          "one gradient an array is wanted, at least one, but there are %d for %d"
              .formatted(gradients.size(), arrays.size()));
    }
    this.program = program;
    this.state = program.newScope();
    this.arrays = list(arrays);
    this.gradients = list(gradients);
    this.means = list(zeros(arrays));
    this.squares = list(zeros(arrays));
    List<PtNDArray> counts = new ArrayList<>();
    arrays.forEach(array -> counts.add((PtNDArray) state.zeros(new Shape())));
    this.steps = list(counts);
  }

  private List<PtNDArray> zeros(List<PtNDArray> like) {
    List<PtNDArray> zeros = new ArrayList<>();
    like.forEach(array -> zeros.add((PtNDArray) state.zeros(array.getShape())));
    return zeros;
  }

  static IValue list(List<PtNDArray> arrays) {
    return IValue.listFrom(arrays.toArray(PtNDArray[]::new));
  }

  /** Takes one step with the gradients and zeroes them. */
  public void step(double learningRate, AdamW adamW, double weightDecay) {
    try (IValue rates =
        IValue.listFrom(learningRate, adamW.beta1(), adamW.beta2(), adamW.epsilon(), weightDecay)) {
      program.run("adamw", arrays, gradients, means, squares, steps, rates).close();
    }
  }

  @Override
  public void close() {
    for (IValue list : List.of(arrays, gradients, means, squares, steps)) {
      list.close();
    }
    state.close();
  }
}
