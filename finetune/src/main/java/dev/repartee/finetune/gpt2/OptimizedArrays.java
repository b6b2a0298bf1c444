package dev.repartee.finetune.gpt2;

import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import dev.repartee.engine.gpt2.Gpt2Program;
import java.util.List;

/** Arrays that AdamW treats alike, with its running means and its step counts. Owns the latter. */
public final class OptimizedArrays implements AutoCloseable {

  private final Gpt2Program program;
  private final PtNDManager state;
  private final List<PtNDArray> meanArrays;
  private final List<PtNDArray> squareArrays;
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
    this.meanArrays = zeros(arrays);
    this.squareArrays = zeros(arrays);
    this.arrays = list(arrays);
    this.gradients = list(gradients);
    this.means = list(meanArrays);
    this.squares = list(squareArrays);
    this.steps = list(arrays.stream().map(array -> (PtNDArray) state.zeros(new Shape())).toList());
  }

  private List<PtNDArray> zeros(List<PtNDArray> like) {
    return like.stream().map(array -> (PtNDArray) state.zeros(array.getShape())).toList();
  }

  static IValue list(List<PtNDArray> arrays) {
    return IValue.listFrom(arrays.toArray(PtNDArray[]::new));
  }

  /**
   * Takes one step with the gradients.
   *
   * @param divisor what the gradients are divided by first, for clipping and scaling
   */
  public void step(double learningRate, AdamW adamW, double weightDecay, double divisor) {
    try (IValue rates =
            IValue.listFrom(
                learningRate, adamW.beta1(), adamW.beta2(), adamW.epsilon(), weightDecay);
        IValue by = IValue.from(divisor)) {
      program.run("adamw_step", arrays, gradients, means, squares, steps, rates, by).close();
    }
  }

  /** The gradients' running means, in the arrays' order. */
  List<PtNDArray> means() {
    return meanArrays;
  }

  /** The gradients' running squares, in the arrays' order. */
  List<PtNDArray> squares() {
    return squareArrays;
  }

  /** Goes on as after {@code count} steps. */
  void setSteps(long count) {
    try (IValue to = IValue.from((double) count)) {
      program.run("fill_arrays", steps, to).close();
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
