package dev.repartee.finetune.gpt2;

import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import dev.repartee.engine.gpt2.Gpt2Program;
import java.util.List;

/**
 * One device's copy of the weights, and the gradients found there. Closing it frees the gradients;
 * program and weights belong to whoever made it.
 */
final class Replica implements AutoCloseable {

  /** The largest block of logits that is held at a time. */
  private static final long LOGITS_BYTES = 128L << 20;

  private final Gpt2Program program;
  private final TrainingOptions options;
  private final int maxChunk;
  private final PtNDManager owner;
  private final List<PtNDArray> gradients;
  private final IValue weightList;
  private final IValue gradientList;
  private boolean fresh = true; // what stands in the gradients is to be overwritten

  Replica(Gpt2Program program, List<PtNDArray> weights, TrainingOptions options) {
    this.program = program;
    this.options = options;
    long vocabulary = weights.getFirst().getShape().get(0);
    this.maxChunk = (int) Math.max(16, LOGITS_BYTES / Float.BYTES / vocabulary);
    this.owner = program.newScope();
    this.gradients =
        weights.stream().map(array -> (PtNDArray) owner.zeros(array.getShape())).toList();
    this.weightList = OptimizedArrays.list(weights);
    this.gradientList = OptimizedArrays.list(gradients);
    try (IValue type = IValue.from((long) options.precision().scalarType())) {
      program.run("load", weightList, type).close();
    }
  }

  Gpt2Program program() {
    return program;
  }

  List<PtNDArray> gradients() {
    return gradients;
  }

  /** Adds d(scale * summed loss) / d weights and returns the summed loss. */
  double accumulate(PackedBatch batch, double scale) {
    try (PtNDManager scope = program.newScope();
        IValue arrays = arrays(batch, scope);
        IValue runs = IValue.listFrom(batch.runs());
        IValue dropout = IValue.from(options.dropout());
        IValue scaled = IValue.from(scale);
        IValue overwrite = IValue.from(fresh);
        IValue recompute = IValue.from(options.recompute());
        IValue rows = IValue.from((long) chunk(batch));
        IValue loss =
            program.run(
                "forward_backward",
                weightList,
                gradientList,
                arrays,
                runs,
                dropout,
                scaled,
                overwrite,
                recompute,
                rows)) {
      fresh = false;
      return loss.toTensor(scope).toFloatArray()[0];
    }
  }

  /** The summed loss, without gradients. */
  double loss(PackedBatch batch) {
    try (PtNDManager scope = program.newScope();
        IValue arrays = arrays(batch, scope);
        IValue runs = IValue.listFrom(batch.runs());
        IValue rows = IValue.from((long) chunk(batch));
        IValue loss = program.run("loss", weightList, arrays, runs, rows)) {
      return loss.toTensor(scope).toFloatArray()[0];
    }
  }

  /** The hidden states at the batch's positions, row by row. */
  float[] features(PackedBatch batch) {
    try (PtNDManager scope = program.newScope();
        IValue arrays = arrays(batch, scope);
        IValue runs = IValue.listFrom(batch.runs());
        IValue hidden = program.run("features", weightList, arrays, runs)) {
      return hidden.toTensor(scope).toFloatArray();
    }
  }

  /**
   * Scored tokens whose logits are held at a time: chunks of even size, since small ones are slow.
   */
  private int chunk(PackedBatch batch) {
    int chunks = Math.ceilDiv(batch.scored(), maxChunk);
    return Math.ceilDiv(batch.scored(), chunks);
  }

  private static IValue arrays(PackedBatch batch, PtNDManager scope) {
    return IValue.listFrom(
        (PtNDArray) scope.create(batch.ids(), new Shape(batch.tokens())),
        (PtNDArray) scope.create(batch.places()),
        (PtNDArray) scope.create(batch.positions()),
        (PtNDArray) scope.create(batch.labels()));
  }

  /** The norm of all gradients together. */
  double norm() {
    try (PtNDManager scope = program.newScope();
        IValue norm = program.run("grad_norm", gradientList)) {
      return norm.toTensor(scope).toFloatArray()[0];
    }
  }

  /**
   * Adds another replica's gradients to these, whichever devices they are on; none where it had no
   * batch since the last step, for then its gradients are still that step's.
   */
  void addGradients(Replica other) {
    if (other.fresh) {
      return;
    }
    program.run("add_arrays", gradientList, other.gradientList).close();
  }

  /** Copies another replica's weights over these. */
  void copyWeights(Replica other) {
    program.run("copy_arrays", weightList, other.weightList).close();
  }

  /** After the weights changed: the program's own copies follow, the next gradients start anew. */
  void refresh() {
    program.run("recast", weightList).close();
    fresh = true;
  }

  @Override
  public void close() {
    weightList.close();
    gradientList.close();
    owner.close();
  }
}
