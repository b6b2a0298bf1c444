package dev.repartee.engine.gpt2;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * A GPT-2 ready for inference. May be used by several threads, each with its own {@link KvCache}.
 * Owns the native weights until closed. The model itself is {@code gpt2.py}.
 */
public final class Gpt2 implements AutoCloseable {

  private final Gpt2Config config;
  private final Compute compute;
  private final Gpt2Program program;
  private final int[] outputs;

  private Gpt2(Gpt2Config config, Compute compute, Gpt2Program program, int[] outputs) {
    this.config = config;
    this.compute = compute;
    this.program = program;
    this.outputs = outputs;
  }

  /**
   * Loads a model folder, in INT8 with a shortlist: an LM head for some tokens only, as for
   * translation (Jean et al. 2015). It is a third of the bytes that a token costs.
   *
   * @param shortlist tokens that may come next, ascending; empty for all. Asked for in INT8 only
   * @throws dev.repartee.text.UserException naming the file and tensor that are wrong
   */
  public static Gpt2 load(Path folder, Compute compute, Supplier<int[]> shortlist) {
    Gpt2Config config = Gpt2Config.read(folder);
    Gpt2Program program = Gpt2Program.open(config, compute.device());
    TorchScriptProgram.setThreads(TorchScriptProgram.allThreads()); // a pass may have set fewer
    Precision precision = compute.precision();
    try {
      int[] outputs = precision == Precision.INT8 ? shortlist.get() : new int[0];
      Gpt2Weights.whileMapped(
          folder,
          config,
          program,
          weights -> program.load(weights, precision, outputs, !compute.isGpu()));
      return new Gpt2(config, new Compute(program.device(), precision), program, outputs);
    } catch (EngineException e) {
      program.close();
      throw DeviceException.of(e);
    } catch (RuntimeException e) {
      program.close();
      throw e;
    }
  }

  /**
   * Copies {@code weights} into {@code program}, which the result owns from now on. In FP32 both
   * share memory: weights that were read may be closed afterwards, random ones only after the
   * result.
   *
   * @param outputs tokens that may come next, ascending, in INT8; none for all
   */
  static Gpt2 of(
      Gpt2Config config,
      Gpt2Weights weights,
      Gpt2Program program,
      Precision precision,
      int... outputs) {
    program.load(weights.arrays(), precision, outputs, false);
    return new Gpt2(config, new Compute(program.device(), precision), program, outputs);
  }

  public Gpt2Config config() {
    return config;
  }

  /** How many tokens may come next, as far as this model tells. */
  public int outputs() {
    return outputs.length == 0 ? config.vocabulary() : outputs.length;
  }

  /** What it runs on, and the precision. */
  public Compute compute() {
    return compute;
  }

  /**
   * An empty cache.
   *
   * @param capacity in tokens. One text can have at most {@link Gpt2Config#positions} tokens, but
   *     the continuations of a {@link Pass#tree} may fill more.
   */
  public KvCache newCache(int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity must be at least 1 but is " + capacity);
    }
    int numberBytes = compute.precision() == Precision.FP32 ? Float.BYTES : Short.BYTES;
    return new KvCache(capacity, 2L * config.layers() * config.width() * numberBytes);
  }

  /** Gives a cache room for {@code tokens}, all in all. */
  private void reserve(KvCache cache, int tokens) {
    int slots = cache.slotsFor(tokens);
    if (slots > cache.slots()) {
      IValue grown;
      try (IValue room = IValue.from((long) slots)) {
        grown = run("new_cache", room);
      }
      try {
        copy(cache.tensor(), grown, cache.length());
      } catch (RuntimeException | Error e) {
        grown.close();
        throw e;
      }
      synchronized (cache) { // another thread may be copying its tokens
        cache.moveTo(grown, slots);
      }
    }
  }

  private void copy(IValue from, IValue to, int length) {
    if (length > 0) {
      try (IValue tokens = IValue.from((long) length)) {
        run("copy_cache", from, to, tokens).close();
      }
    }
  }

  /** Copies the first {@code length} tokens of {@code from} over those of {@code to}. */
  public void copy(KvCache from, KvCache to, int length) {
    if (length > from.length() || length > to.capacity()) {
      throw new IllegalArgumentException(
          "length must be at most %d and %d but is %d"
              .formatted(from.length(), to.capacity(), length));
    }
    to.truncate(0);
    reserve(to, length);
    synchronized (from) {
      copy(from.tensor(), to.tensor(), length);
    }
    to.extend(length);
  }

  /**
   * Runs passes over different caches as one, which is as precise as each alone; in INT8 up to the
   * rounding of activations, for which all passes share one scale.
   *
   * @return one result for each pass
   * @throws IllegalArgumentException when a token id or a position is out of range
   */
  public List<Pass.Result> run(List<Pass> passes) {
    passes.forEach(this::check);
    return compute.isGpu() ? forwardTop(passes, NextTokens.MOST) : forwardWhole(passes);
  }

  /**
   * Reads {@code ids} after the cache's tokens and adds them to it.
   *
   * @param scored for how many of the last tokens logits are wanted, at least 1
   * @return for each of these, unnormalised log-probabilities of the next token: of each in the
   *     vocabulary, or of each in the shortlist
   * @throws IllegalArgumentException when they do not fit into the cache or an id is out of range
   */
  public List<float[]> step(KvCache cache, int[] ids, int scored) {
    Pass pass = Pass.read(cache, ids, scored);
    check(pass);
    JointPass joint = new JointPass(List.of(pass));
    try (PtNDManager scope = program.newScope();
        Rows rows = forward(joint, scope, false)) {
      return copies(rows.scores(), outputs());
    }
  }

  /**
   * Checks what can be checked before the pass runs.
   *
   * @throws IllegalArgumentException when a token id or a position is out of range
   */
  void check(Pass pass) {
    checkIds(pass.ids());
    for (int position : pass.positions()) {
      if (position < 0 || position >= config.positions()) {
        throw new IllegalArgumentException(
            "places must be between 0 and %d but one is %d"
                .formatted(config.positions() - 1, position));
      }
    }
  }

  private void checkIds(int[] ids) {
    for (int id : ids) {
      if (id < 0 || id >= config.vocabulary()) {
        throw new IllegalArgumentException(
            "token ids must be between 0 and %d but one is %d"
                .formatted(config.vocabulary() - 1, id));
      }
    }
  }

  /** Chooses out of libtorch's memory: a tree's rows are megabytes. */
  private List<Pass.Result> forwardWhole(List<Pass> passes) {
    JointPass joint = new JointPass(passes);
    try (PtNDManager scope = program.newScope();
        Rows rows = forward(joint, scope, true)) {
      List<NextTokens> next = new ArrayList<>();
      while (rows.scores().hasRemaining()) {
        next.add(NextTokens.read(rows.scores(), outputs(), outputs));
      }
      return joint.results(next, copies(rows.hidden(), config.width()));
    }
  }

  /** A forward pass of which the GPU brings only the {@code most} highest of each row. */
  List<Pass.Result> forwardTop(List<Pass> passes, int most) {
    int count = Math.min(most, config.vocabulary());
    JointPass joint = new JointPass(passes);
    try (PtNDManager scope = program.newScope();
        IValues arguments = joint.arguments(scope, IValue.from((long) count));
        IValue result = run("forward_top", arguments.array())) {
      joint.done();
      List<NextTokens> next = new ArrayList<>();
      List<float[]> hidden = new ArrayList<>();
      for (float[] row : copies(values(result, scope), 2 * count + config.width())) {
        next.add(NextTokens.of(row, count));
        hidden.add(Arrays.copyOfRange(row, 2 * count, row.length));
      }
      return joint.results(next, hidden);
    }
  }

  /** The program's result, in its own memory. */
  private record Rows(IValues owned, FloatBuffer scores, FloatBuffer hidden)
      implements AutoCloseable {

    @Override
    public void close() {
      owned.close();
    }
  }

  private Rows forward(JointPass joint, PtNDManager scope, boolean normalize) {
    try (IValues arguments = joint.arguments(scope, IValue.from(normalize));
        IValue result = run("forward_batch", arguments.array())) {
      joint.done();
      IValues parts = new IValues(List.of(result.toIValueArray()));
      return new Rows(
          parts, values(parts.values().get(0), scope), values(parts.values().get(1), scope));
    }
  }

  private IValue run(String method, IValue... arguments) {
    try {
      return program.run(method, arguments);
    } catch (EngineException e) {
      throw DeviceException.of(e);
    }
  }

  /** Gives memory of the GPU back that nothing uses; without a GPU it does nothing. */
  public void releaseUnused() {
    if (compute.isGpu()) {
      JniUtils.emptyCudaCache();
    }
  }

  private static FloatBuffer values(IValue tensor, PtNDManager scope) {
    PtNDArray array = tensor.toTensor(scope);
    return array.isEmpty() ? FloatBuffer.allocate(0) : array.toByteBuffer(true).asFloatBuffer();
  }

  private static List<float[]> copies(FloatBuffer values, int size) {
    List<float[]> rows = new ArrayList<>(values.remaining() / size);
    while (values.hasRemaining()) {
      float[] row = new float[size];
      values.get(row);
      rows.add(row);
    }
    return rows;
  }

  /** Native values that are freed together. */
  private record IValues(List<IValue> values) implements AutoCloseable {

    IValue[] array() {
      return values.toArray(IValue[]::new);
    }

    @Override
    public void close() {
      values.forEach(IValue::close);
    }
  }

  /** Lays passes end to end for the program's {@code forward_batch}, and takes its result apart. */
  private final class JointPass {

    private final List<Pass> passes;

    /** Makes room in the caches. */
    JointPass(List<Pass> passes) {
      this.passes = List.copyOf(passes);
      passes.forEach(pass -> reserve(pass.cache(), pass.cache().length() + pass.size()));
    }

    /** The caches hold the new tokens. */
    void done() {
      passes.forEach(pass -> pass.cache().extend(pass.size()));
    }

    /** In the order of the program's methods, which differ in the last. */
    IValues arguments(PtNDManager scope, IValue last) {
      return new IValues(
          List.of(
              IValue.from(numbers(scope)),
              IValue.from(attentionMasks(scope)),
              IValue.listFrom(
                  passes.stream().map(pass -> pass.cache().tensor()).toArray(IValue[]::new)),
              IValue.listFrom(passes.stream().mapToLong(pass -> pass.cache().length()).toArray()),
              IValue.listFrom(passes.stream().mapToLong(Pass::size).toArray()),
              masked(),
              last));
    }

    /** Ids, positions and scored rows in one array: on a GPU each upload takes its time. */
    private PtNDArray numbers(PtNDManager scope) {
      long[] numbers =
          Stream.of(joined(Pass::ids), joined(Pass::positions), scoredRows())
              .flatMapToLong(Arrays::stream)
              .toArray();
      return (PtNDArray) scope.create(numbers, new Shape(numbers.length));
    }

    private long[] joined(Function<Pass, int[]> numbers) {
      return passes.stream()
          .flatMapToLong(pass -> Arrays.stream(numbers.apply(pass)).asLongStream())
          .toArray();
    }

    /** Counted over all tokens of the joint pass. */
    private long[] scoredRows() {
      LongStream rows = LongStream.empty();
      int at = 0;
      for (Pass pass : passes) {
        int begin = at;
        rows =
            LongStream.concat(rows, Arrays.stream(pass.scoredRows()).mapToLong(row -> begin + row));
        at += pass.size();
      }
      return rows.toArray();
    }

    private PtNDArray attentionMasks(PtNDManager scope) {
      int size = passes.stream().mapToInt(pass -> pass.attentionMask().length).sum();
      if (size == 0) {
        return scope.create(new Shape(0), DataType.BOOLEAN);
      }
      boolean[] masks = new boolean[size];
      int at = 0;
      for (Pass pass : passes) {
        boolean[] mask = pass.attentionMask();
        System.arraycopy(mask, 0, masks, at, mask.length);
        at += mask.length;
      }
      return (PtNDArray) scope.create(masks, new Shape(size));
    }

    private IValue masked() {
      boolean[] masked = new boolean[passes.size()];
      for (int i = 0; i < masked.length; i++) {
        masked[i] = passes.get(i).attentionMask().length > 0;
      }
      return IValue.listFrom(masked);
    }

    /**
     * One result for each pass.
     *
     * @param next for each scored token
     * @param hidden a row for each scored token
     */
    List<Pass.Result> results(List<NextTokens> next, List<float[]> hidden) {
      List<Pass.Result> results = new ArrayList<>();
      int scored = 0;
      for (Pass pass : passes) {
        int end = scored + pass.scoredRows().length;
        results.add(new Pass.Result(next.subList(scored, end), hidden.subList(scored, end)));
        scored = end;
      }
      return results;
    }
  }

  @Override
  public void close() {
    program.close();
  }
}
