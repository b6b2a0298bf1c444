package dev.repartee.engine.gpt2;

import java.util.ArrayList;
import java.util.List;

/** The weights in the order in which the program takes them. */
public final class Gpt2Layout {

  /**
   * One weight.
   *
   * @param name in Hugging Face's files, without the {@code transformer.} prefix
   * @param fileShape as Hugging Face stores it
   * @param transposed whether the program wants the matrix the other way round: Hugging Face's
   *     Conv1D is [in, out], {@code torch.linear} takes [out, in]
   */
  public record Weight(String name, List<Long> fileShape, boolean transposed) {

    public Weight {
      fileShape = List.copyOf(fileShape);
    }

    /** Weight decay, and lower precision, are for matrices only. */
    public boolean isMatrix() {
      return fileShape.size() == 2;
    }

    /** The shape in the program. */
    public long[] shape() {
      List<Long> shape = transposed ? fileShape.reversed() : fileShape;
      return shape.stream().mapToLong(Long::longValue).toArray();
    }
  }

  private Gpt2Layout() {}

  /** All weights of a model, in program order. */
  public static List<Weight> of(Gpt2Config config) {
    long c = config.width();
    List<Weight> weights = new ArrayList<>();
    weights.add(new Weight("wte.weight", List.of((long) config.vocabulary(), c), false));
    weights.add(new Weight("wpe.weight", List.of((long) config.positions(), c), false));
    for (int i = 0; i < config.layers(); i++) {
      String layer = "h." + i + ".";
      addNorm(weights, layer + "ln_1", c);
      addConv1d(weights, layer + "attn.c_attn", c, 3 * c);
      addConv1d(weights, layer + "attn.c_proj", c, c);
      addNorm(weights, layer + "ln_2", c);
      addConv1d(weights, layer + "mlp.c_fc", c, 4 * c);
      addConv1d(weights, layer + "mlp.c_proj", 4 * c, c);
    }
    addNorm(weights, "ln_f", c);
    return weights;
  }

  private static void addNorm(List<Weight> weights, String name, long width) {
    weights.add(new Weight(name + ".weight", List.of(width), false));
    weights.add(new Weight(name + ".bias", List.of(width), false));
  }

  private static void addConv1d(List<Weight> weights, String name, long in, long out) {
    weights.add(new Weight(name + ".weight", List.of(in, out), true));
    weights.add(new Weight(name + ".bias", List.of(out), false));
  }
}
