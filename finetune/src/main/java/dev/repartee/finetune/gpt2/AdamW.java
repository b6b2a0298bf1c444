package dev.repartee.finetune.gpt2;

import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import dev.repartee.engine.gpt2.Gpt2Program;
import java.util.List;

/**
 * The settings of AdamW (Loshchilov and Hutter, arXiv 1711.05101).
 *
 * @param beta1 decay of the gradients' running mean
 * @param beta2 decay of the gradients' running square
 * @param epsilon added to the denominator
 * @param weightDecay taken off the weights each step, times the learning rate; matrices only
 */
public record AdamW(double beta1, double beta2, double epsilon, double weightDecay) {

  /**
   * Arrays with one weight decay, and what AdamW keeps of them: the running means and squares of
   * their gradients, and the step count. Owns these until closed; arrays and gradients are the
   * caller's.
   */
  public static final class ParameterGroup implements AutoCloseable {

    private final Gpt2Program program;
    private final PtNDManager state;
    private final List<PtNDArray> means;
    private final List<PtNDArray> squares;
    private final IValue arrayList;
    private final IValue gradientList;
    private final IValue meanList;
    private final IValue squareList;
    private final IValue stepList;
    private final IValue undivided;
    private final IValue notSkipped;

    /** The {@code gradients} are those of {@code arrays}, in the same order and not empty. */
    public ParameterGroup(Gpt2Program program, List<PtNDArray> arrays, List<PtNDArray> gradients) {
      this.program = program;
      this.state = program.newScope();
      this.means = zeros(arrays);
      this.squares = zeros(arrays);
      this.arrayList = list(arrays);
      this.gradientList = list(gradients);
      this.meanList = list(means);
      this.squareList = list(squares);
      this.stepList =
          list(arrays.stream().map(array -> (PtNDArray) state.zeros(new Shape())).toList());
      this.undivided = IValue.from((PtNDArray) state.ones(new Shape()));
      this.notSkipped = IValue.from((PtNDArray) state.zeros(new Shape()));
    }

    private List<PtNDArray> zeros(List<PtNDArray> like) {
      return like.stream().map(array -> (PtNDArray) state.zeros(array.getShape())).toList();
    }

    private static IValue list(List<PtNDArray> arrays) {
      return IValue.listFrom(arrays.toArray(PtNDArray[]::new));
    }

    /**
     * Takes one step with the gradients as they are.
     *
     * @param weightDecay of this group, in place of that of {@code settings}
     */
    public void step(double learningRate, AdamW settings, double weightDecay) {
      step(learningRate, settings, weightDecay, undivided, notSkipped);
    }

    /**
     * Takes one step, without waiting for the device.
     *
     * @param divisor a number on the device that the gradients are divided by first, for clipping
     *     and the loss scale
     * @param skip a number on the device, 1 to leave the step out
     */
    void step(
        double learningRate, AdamW settings, double weightDecay, IValue divisor, IValue skip) {
      try (IValue numbers =
          IValue.listFrom(
              learningRate, settings.beta1(), settings.beta2(), settings.epsilon(), weightDecay)) {
        program
            .run(
                "adamw_step",
                arrayList,
                gradientList,
                meanList,
                squareList,
                stepList,
                numbers,
                divisor,
                skip)
            .close();
      }
    }

    /** The gradients' running means, in the arrays' order. */
    List<PtNDArray> means() {
      return means;
    }

    /** The gradients' running squares, in the arrays' order. */
    List<PtNDArray> squares() {
      return squares;
    }

    /** Continues as after {@code count} steps. */
    void setSteps(long count) {
      try (IValue to = IValue.from((double) count)) {
        program.run("fill_arrays", stepList, to).close();
      }
    }

    @Override
    public void close() {
      for (IValue value :
          List.of(arrayList, gradientList, meanList, squareList, stepList, undivided, notSkipped)) {
        value.close();
      }
      state.close();
    }
  }
}
