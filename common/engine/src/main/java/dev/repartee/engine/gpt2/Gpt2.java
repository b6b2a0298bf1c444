package dev.repartee.engine.gpt2;

import ai.djl.Device;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A GPT-2 ready for inference. May be used by several threads, each with its own {@link KvCache}.
 * Owns the native weights until closed.
 */
public final class Gpt2 implements AutoCloseable {

  /**
   * What the model says after some tokens.
   *
   * @param logits for each scored token, V unnormalised log-probabilities of the token after it
   * @param hidden for each scored token, the C values of the last layer norm's output
   */
  public record Output(List<float[]> logits, List<float[]> hidden) {

    public Output {
      logits = List.copyOf(logits);
      hidden = List.copyOf(hidden);
    }

    public float[] lastLogits() {
      return logits.getLast();
    }

    public float[] lastHidden() {
      return hidden.getLast();
    }
  }

  private final Gpt2Config config;
  private final Precision precision;
  private final Gpt2Program program;

  private Gpt2(Gpt2Config config, Precision precision, Gpt2Program program) {
    this.config = config;
    this.precision = precision;
    this.program = program;
  }

  /**
   * Loads a model folder.
   *
   * @throws dev.repartee.text.UserException naming the file and tensor that are wrong
   */
  public static Gpt2 load(Path folder, Precision precision) {
    Gpt2Config config = Gpt2Config.read(folder);
    Gpt2Program program = Gpt2Program.open(config, Device.cpu());
    try (Gpt2Weights weights = Gpt2Weights.read(folder, config, program)) {
      return of(config, weights, program, precision);
    } catch (RuntimeException e) {
      program.close();
      throw e;
    }
  }

  /**
   * Copies {@code weights} into the program, which becomes this object's own. In FP32 both share
   * memory: weights that were read may be closed afterwards, random ones only after this object.
   */
  public static Gpt2 of(
      Gpt2Config config, Gpt2Weights weights, Gpt2Program program, Precision precision) {
    try (IValue list = IValue.listFrom(weights.arrays().toArray(PtNDArray[]::new));
        IValue type = IValue.from((long) precision.scalarType())) {
      program.run("load", list, type).close();
    }
    return new Gpt2(config, precision, program);
  }

  public Gpt2Config config() {
    return config;
  }

  public Precision precision() {
    return precision;
  }

  /**
   * Room for {@code capacity} tokens. Those of one text are at most the model's positions; those of
   * a {@link Pass#tree} may be more.
   */
  public KvCache newCache(int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity must be at least 1 but is " + capacity);
    }
    try (IValue batch = IValue.from(1L);
        IValue room = IValue.from((long) capacity)) {
      return new KvCache(
          program.run("cache", batch, room),
          capacity,
          2L * config.layers() * config.width() * capacity * bytesOfNumber());
    }
  }

  private int bytesOfNumber() {
    return precision == Precision.BF16 || precision == Precision.FP16 ? 2 : 4;
  }

  /**
   * Reads {@code ids} after the cache's tokens and adds them to it.
   *
   * @param scored for how many of the last tokens logits are wanted, at least 1
   * @throws IllegalArgumentException when they do not fit into the cache or an id is out of range
   */
  public Output step(KvCache cache, int[] ids, int scored) {
    checkStep(cache, ids, scored);
    if (cache.length() + ids.length > config.positions()) {
      throw new IllegalArgumentException(
          "a text can have %d tokens but this one would have %d"
              .formatted(config.positions(), cache.length() + ids.length));
    }
    try (PtNDManager scope = program.newScope()) {
      try (IValue input = IValue.from(row(scope, ids));
          IValue past = IValue.from((long) cache.length());
          IValue last = IValue.from((long) scored);
          IValue result = program.run("step", input, cache.tensors(), past, last)) {
        cache.extend(ids.length);
        IValue[] parts = result.toIValueArray();
        try (IValue logits = parts[0];
            IValue hidden = parts[1]) {
          return new Output(
              rows(logits.toTensor(scope), config.vocabulary()),
              rows(hidden.toTensor(scope), config.width()));
        }
      }
    }
  }

  /** Makes {@code to} hold the first {@code length} tokens of {@code from}, and no others. */
  public void copy(KvCache from, KvCache to, int length) {
    if (length > from.length() || length > to.capacity()) {
      throw new IllegalArgumentException(
          "length must be at most %d and %d but is %d"
              .formatted(from.length(), to.capacity(), length));
    }
    try (IValue tokens = IValue.from((long) length)) {
      program.run("copy", from.tensors(), to.tensors(), tokens).close();
    }
    to.truncate(0);
    to.extend(length);
  }

  /** Marks a group of tokens for {@link #run}; the caller closes it, before this model. */
  public TokenMask newGroup(boolean[] member) {
    if (member.length > config.vocabulary()) {
      throw new IllegalArgumentException(
          "at most "
              + config.vocabulary()
              + " tokens can be marked but there are "
              + member.length);
    }
    return new TokenMask(program, member);
  }

  /**
   * Runs passes over different caches as one, which is as precise as each alone; in INT8 up to the
   * rounding of activations, whose scale all of them share.
   *
   * @param group whose probability is wanted after each token told of
   */
  public List<PassResult> run(List<Pass> passes, TokenMask group) {
    passes.forEach(this::check);
    JointPass joint = new JointPass(passes);
    try (PtNDManager scope = program.newScope();
        IValues arguments = joint.arguments(scope, group);
        IValue result = program.run("together", arguments.array())) {
      passes.stream()
          .filter(pass -> !pass.isWeighed())
          .forEach(pass -> pass.cache().extend(pass.size()));
      IValue[] parts = result.toIValueArray();
      try (IValues _ = new IValues(List.of(parts))) {
        return joint.split(
            rows(parts[0].toTensor(scope), config.vocabulary()),
            floats(parts[1].toTensor(scope)),
            rows(parts[2].toTensor(scope), config.width()),
            floats(parts[3].toTensor(scope)));
      }
    }
  }

  private static PtNDArray row(PtNDManager scope, int[] values) {
    return (PtNDArray)
        scope.create(Arrays.stream(values).asLongStream().toArray(), new Shape(1, values.length));
  }

  /**
   * Refuses what this model cannot run.
   *
   * @throws IllegalArgumentException when an id or a place is out of range
   */
  void check(Pass pass) {
    checkIds(pass.ids());
    for (int[] next : pass.next()) {
      checkIds(next);
    }
    for (int place : pass.places()) {
      if (place < 0 || place >= config.positions()) {
        throw new IllegalArgumentException(
            "places must be between 0 and %d but one is %d"
                .formatted(config.positions() - 1, place));
      }
    }
  }

  private void checkStep(KvCache cache, int[] ids, int scored) {
    if (ids.length == 0 || cache.length() + ids.length > cache.capacity()) {
      throw new IllegalArgumentException(
          "between 1 and %d tokens fit into the cache but there are %d"
              .formatted(cache.capacity() - cache.length(), ids.length));
    }
    if (scored < 1 || scored > ids.length) {
      throw new IllegalArgumentException(
          "scored must be between 1 and " + ids.length + " but is " + scored);
    }
    checkIds(ids);
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

  private static float[] floats(PtNDArray array) {
    return array.size() == 0 ? new float[0] : array.toFloatArray();
  }

  private static List<float[]> rows(PtNDArray array, int size) {
    if (array.size() == 0) {
      return List.of();
    }
    // Straight out of libtorch's memory: a tree's logits are megabytes, and copies of copies show.
    FloatBuffer values = array.toByteBuffer(true).asFloatBuffer();
    List<float[]> rows = new ArrayList<>(values.remaining() / size);
    while (values.hasRemaining()) {
      float[] row = new float[size];
      values.get(row);
      rows.add(row);
    }
    return rows;
  }

  @Override
  public void close() {
    program.close();
  }
}
