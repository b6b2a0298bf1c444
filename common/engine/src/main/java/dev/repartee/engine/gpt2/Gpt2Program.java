package dev.repartee.engine.gpt2;

import ai.djl.Device;
import ai.djl.engine.EngineException;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The GPT-2 program for a model of one shape. Its methods, their arguments and shapes are
 * documented in the program itself, {@code gpt2.py} beside this class.
 */
public final class Gpt2Program extends TorchScriptProgram {

  private static final int POSITIONS = 1; // WPE in the program

  /** The first layer's C_FC, which has the most weights of its matrices. */
  private static final int WIDEST = 10;

  /** A customer's message. */
  private static final int MEASURED_ROWS = 32;

  private static final int WARM_UP = 2;
  private static final int ROUNDS = 5;

  /** The share of FBGEMM's time that oneDNN must save, since its matrices need memory. */
  private static final double LEAST_GAIN = 0.1;

  private static final Logger log = LoggerFactory.getLogger(Gpt2Program.class);

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
        .putEmptyDict("onednn")
        .putEmptyDict("scales")
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
   */
  public void load(List<PtNDArray> weights, Precision precision) {
    load(weights, precision, new int[0], false);
  }

  /**
   * The same with an LM head for some tokens only.
   *
   * @param outputs those tokens, which INT8 needs and other precisions ignore; empty for all
   * @param copy whether the program gets memory of its own, so that {@code weights} may be freed
   *     after the call; they may then be transposed views
   */
  void load(List<PtNDArray> weights, Precision precision, int[] outputs, boolean copy) {
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
      if (precision == Precision.INT8 && weights.size() > WIDEST && !saturates()) {
        addOneDnn(list, matrices(weights));
      }
    }
  }

  private boolean saturates() {
    try (IValue result = run("int8_saturates")) {
      return result.toBoolean();
    }
  }

  /** Packs the layers' matrices for oneDNN too where its products of many rows are faster. */
  private void addOneDnn(IValue weights, List<Integer> matrices) {
    try (IValue at = IValue.from((long) WIDEST)) {
      run("keep_onednn", weights, at).close();
      if (!isOneDnnFaster(at)) {
        run("drop_onednn").close();
        return;
      }
    } catch (EngineException e) {
      log.debug("the engine has no 8-bit products of oneDNN here", e);
      run("drop_onednn").close();
      return;
    }
    for (int matrix : matrices) {
      if (matrix > POSITIONS && matrix != WIDEST) {
        try (IValue at = IValue.from((long) matrix)) {
          run("keep_onednn", weights, at).close();
        }
      }
    }
  }

  /** Times both products in turn, after each has compiled its kernels. */
  private boolean isOneDnnFaster(IValue at) {
    float[] values = new float[MEASURED_ROWS * config.width()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.sin(i);
    }
    double onednn = Double.POSITIVE_INFINITY;
    double fbgemm = Double.POSITIVE_INFINITY;
    try (PtNDManager scope = newScope();
        IValue x =
            IValue.from(
                (PtNDArray) scope.create(values, new Shape(MEASURED_ROWS, config.width())))) {
      for (int round = 0; round < WARM_UP + ROUNDS; round++) {
        double one = seconds("onednn_linear", x, at);
        double other = seconds("fbgemm_linear", x, at);
        if (round >= WARM_UP) {
          onednn = Math.min(onednn, one);
          fbgemm = Math.min(fbgemm, other);
        }
      }
    }
    log.debug("8-bit product of {} rows: oneDNN {} s, FBGEMM {} s", MEASURED_ROWS, onednn, fbgemm);
    return onednn < (1 - LEAST_GAIN) * fbgemm;
  }

  private double seconds(String method, IValue x, IValue at) {
    long started = System.nanoTime();
    run(method, x, at).close();
    return (System.nanoTime() - started) / 1e9;
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
