package dev.repartee.engine.gpt2;

import ai.djl.Device;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import dev.repartee.text.Threads;
import dev.repartee.text.io.Resources;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The GPT-2 program for a model of one shape. Its methods, their arguments and shapes are
 * documented in the program itself, {@code gpt2.py} beside this class.
 */
public final class Gpt2Program extends TorchScriptProgram {

  private static final int POSITIONS = 1; // WPE in the program

  private final Gpt2Config config;

  private Gpt2Program(String source, Gpt2Config config, Device device) {
    super(source, attributes(config), device);
    this.config = config;
  }

  /** Compiles the program for inference. */
  public static Gpt2Program open(Gpt2Config config, Device device) {
    return open(config, device, "");
  }

  /**
   * Compiles the program with more methods.
   *
   * @param methods source that continues the class, indented as its methods are
   */
  public static Gpt2Program open(Gpt2Config config, Device device, String methods) {
    return new Gpt2Program(Resources.text(Gpt2Program.class, "gpt2.py") + methods, config, device);
  }

  private static Attributes attributes(Gpt2Config config) {
    return new Attributes("Gpt2")
        .put("training", false)
        .put("layers", (long) config.layers())
        .put("heads", (long) config.heads())
        .put("epsilon", config.epsilon())
        .put("dtype", (long) Precision.FP32.scalarType())
        .putEmptyTensorList("w")
        .putEmptyDict("packed")
        .put("reduce_range", false);
  }

  public Gpt2Config config() {
    return config;
  }

  /**
   * Keeps weights inside the program, in place of those that it held. What needs no conversion
   * shares memory with {@code weights}.
   *
   * @param weights in the order of {@link Gpt2Weights#layout}
   * @param precision of the matrices
   * @param outputs tokens that the LM head is for, which INT8 needs and other precisions ignore;
   *     empty for all
   * @param copy whether the program gets memory of its own, so that {@code weights} may be freed
   *     after the call; they may then be transposed views
   */
  public void load(List<PtNDArray> weights, Precision precision, int[] outputs, boolean copy) {
    long[] ids = Arrays.stream(outputs).asLongStream().toArray();
    try (PtNDManager scope = newScope();
        IValue list = IValue.listFrom(weights.toArray(PtNDArray[]::new));
        IValue type = IValue.from((long) precision.scalarType());
        IValue rows = IValue.from((PtNDArray) scope.create(ids, new Shape(ids.length)));
        IValue copies = IValue.from(copy)) {
      if (precision == Precision.INT8) {
        pack(list, matrices(weights), rows, copies);
      }
      run("load", list, type, copies).close();
    }
  }

  /** Where the matrices lie that a product needs: all but the position embedding. */
  private static List<Integer> matrices(List<PtNDArray> weights) {
    return IntStream.range(0, weights.size())
        .filter(at -> at != POSITIONS && weights.get(at).getShape().dimension() == 2)
        .boxed()
        .toList();
  }

  /**
   * Packs matrices on as many threads as an operator may have, since libtorch packs each on one.
   * These threads end here: OpenMP keeps more threads for each one that computed.
   */
  private void pack(IValue weights, List<Integer> matrices, IValue outputs, IValue copies) {
    Queue<Integer> left = new ConcurrentLinkedQueue<>(matrices); // the largest first
    try (ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofPlatform().name("pack-", 1).factory())) {
      Stream.generate(
              () ->
                  CompletableFuture.runAsync(
                      () -> packEach(left, weights, outputs, copies), threads))
          .limit(allThreads())
          .toList()
          .forEach(Threads::await);
    } finally {
      setThreads(allThreads()); // or threads that begin later would have one
    }
  }

  private void packEach(Queue<Integer> left, IValue weights, IValue outputs, IValue copies) {
    setThreads(1);
    for (Integer next = left.poll(); next != null; next = left.poll()) {
      try (IValue at = IValue.from((long) next);
          IValue matrix = run("pack", weights, at, outputs, copies)) {
        synchronized (this) {
          run("keep", at, matrix).close();
        }
      }
    }
  }

  /**
   * Turns a matrix from a file's [in, out] into the program's [out, in], or back.
   *
   * @param copy whether the result gets memory of its own, in the order of its shape
   */
  PtNDArray transpose(PtNDArray matrix, PtNDManager scope, boolean copy) {
    try (IValue argument = IValue.from(matrix);
        IValue copies = IValue.from(copy);
        IValue result = run("transpose", argument, copies)) {
      return result.toTensor(scope);
    }
  }
}
