package dev.repartee.common.gpt2;

import ai.djl.Device;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
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
   * @throws dev.repartee.common.UserException naming the file and tensor that are wrong
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

  /** Room for {@code capacity} tokens, at most the model's positions. */
  public KvCache newCache(int capacity) {
    if (capacity < 1 || capacity > config.positions()) {
      throw new IllegalArgumentException(
          "capacity must be between 1 and " + config.positions() + " but is " + capacity);
    }
    try (IValue batch = IValue.from(1L);
        IValue room = IValue.from((long) capacity)) {
      return new KvCache(program.run("cache", batch, room), capacity);
    }
  }

  /**
   * Reads {@code ids} after the cache's tokens and adds them to it.
   *
   * @param scored for how many of the last tokens logits are wanted, at least 1
   * @throws IllegalArgumentException when they do not fit into the cache or an id is out of range
   */
  public Output step(KvCache cache, int[] ids, int scored) {
    checkStep(cache, ids, scored);
    try (PtNDManager scope = program.newScope()) {
      long[] wide = Arrays.stream(ids).asLongStream().toArray();
      PtNDArray tokens = (PtNDArray) scope.create(wide, new Shape(1, ids.length));
      try (IValue input = IValue.from(tokens);
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
    for (int id : ids) {
      if (id < 0 || id >= config.vocabulary()) {
        throw new IllegalArgumentException(
            "token ids must be between 0 and %d but one is %d"
                .formatted(config.vocabulary() - 1, id));
      }
    }
  }

  private static List<float[]> rows(PtNDArray array, int size) {
    float[] values = array.toFloatArray();
    List<float[]> rows = new ArrayList<>();
    for (int at = 0; at < values.length; at += size) {
      rows.add(values.length == size ? values : Arrays.copyOfRange(values, at, at + size));
    }
    return rows;
  }

  @Override
  public void close() {
    program.close();
  }
}
