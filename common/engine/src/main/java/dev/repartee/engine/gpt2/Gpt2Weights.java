package dev.repartee.engine.gpt2;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import dev.repartee.text.UserException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/** A model's FP32 weights in program order, and how they come from and go to a model folder. */
public final class Gpt2Weights implements AutoCloseable {

  /** The weights' file in a model folder. */
  public static final String FILE = "model.safetensors";

  private static final double INITIAL_DEVIATION = 0.02;

  private final Gpt2Program program;
  private final NDManager owner;
  private final List<Gpt2Layout.Weight> layout;
  private final List<PtNDArray> arrays;

  private Gpt2Weights(
      Gpt2Program program,
      NDManager owner,
      List<Gpt2Layout.Weight> layout,
      List<PtNDArray> arrays) {
    this.program = program;
    this.owner = owner;
    this.layout = List.copyOf(layout);
    this.arrays = List.copyOf(arrays);
  }

  /**
   * Reads the weights of a Hugging Face folder: {@code model.safetensors} or the shards that {@code
   * model.safetensors.index.json} names, FP32, FP16 or BF16, with or without the {@code
   * transformer.} prefix.
   *
   * @throws UserException when a file or a tensor is missing, unknown, or of another shape
   */
  public static Gpt2Weights read(Path folder, Gpt2Config config, Gpt2Program program) {
    List<Gpt2Layout.Weight> layout = Gpt2Layout.of(config);
    PtNDManager owner = program.newScope();
    try (CheckpointFiles files = CheckpointFiles.open(folder, layout)) {
      List<PtNDArray> arrays = new ArrayList<>();
      for (Gpt2Layout.Weight weight : layout) {
        arrays.add(decode(program, owner, files, weight));
      }
      return new Gpt2Weights(program, owner, layout, arrays);
    } catch (RuntimeException e) {
      owner.close();
      throw e;
    }
  }

  /**
   * How many of the weights a model folder's files hold in each type, such as {@code F32}; the
   * masks and the tied LM head that some files carry along do not count.
   *
   * @throws UserException as {@link #read} does
   */
  public static SortedMap<String, Integer> storedTypes(Path folder, Gpt2Config config) {
    List<Gpt2Layout.Weight> layout = Gpt2Layout.of(config);
    SortedMap<String, Integer> types = new TreeMap<>();
    try (CheckpointFiles files = CheckpointFiles.open(folder, layout)) {
      layout.forEach(weight -> types.merge(files.entry(weight).dtype(), 1, Integer::sum));
    }
    return types;
  }

  private static PtNDArray decode(
      Gpt2Program program, PtNDManager owner, CheckpointFiles files, Gpt2Layout.Weight weight) {
    long[] shape = weight.fileShape().stream().mapToLong(Long::longValue).toArray();
    ByteBuffer bytes = Floats.decode(weight.name(), files.entry(weight), files.bytes(weight));
    try (PtNDManager scope = program.newScope()) {
      PtNDArray stored = scope.create(bytes, new Shape(shape), DataType.FLOAT32);
      // A copy made outside inference mode: it can be trained, and outlives the mapped file.
      PtNDArray copy =
          (PtNDArray)
              (weight.transposed() ? transposed(program, stored, scope) : stored).duplicate();
      copy.attach(owner);
      return copy;
    }
  }

  private static PtNDArray transposed(Gpt2Program program, PtNDArray array, PtNDManager scope) {
    try (IValue argument = IValue.from(array);
        IValue result = program.run("transposed", argument)) {
      return result.toTensor(scope);
    }
  }

  /**
   * Random weights as GPT-2 was initialised: normal with deviation 0.02, scaled down by the square
   * root of twice the layers where a layer writes to the residual stream. The same seed gives the
   * same bytes.
   */
  public static Gpt2Weights random(Gpt2Config config, Gpt2Program program, long seed) {
    List<Gpt2Layout.Weight> layout = Gpt2Layout.of(config);
    PtNDManager owner = program.newScope();
    Random random = new Random(seed);
    List<PtNDArray> arrays = new ArrayList<>();
    for (Gpt2Layout.Weight weight : layout) {
      Shape shape = new Shape(weight.shape());
      float[] values = new float[Math.toIntExact(shape.size())];
      double deviation = initialDeviation(weight.name(), config.layers());
      for (int i = 0; i < values.length; i++) {
        values[i] =
            deviation == 0 ? initialConstant(weight) : (float) (random.nextGaussian() * deviation);
      }
      arrays.add((PtNDArray) owner.create(values, shape));
    }
    return new Gpt2Weights(program, owner, layout, arrays);
  }

  private static double initialDeviation(String name, int layers) {
    if (name.endsWith(".bias") || name.contains("ln_")) {
      return 0;
    }
    return name.endsWith("c_proj.weight")
        ? INITIAL_DEVIATION / Math.sqrt(2 * layers)
        : INITIAL_DEVIATION;
  }

  private static float initialConstant(Gpt2Layout.Weight weight) {
    return weight.name().endsWith(".weight") ? 1 : 0;
  }

  /**
   * The same weights with room for more token ids: a new row of the embedding is the mean of the
   * old ones, which makes new tokens improbable but not impossible before they are trained. These
   * weights are closed.
   */
  public Gpt2Weights withVocabulary(int vocabulary, Gpt2Config config) {
    PtNDArray embedding = arrays.getFirst();
    int rows = config.vocabulary();
    int width = config.width();
    if (vocabulary < rows) {
      throw new IllegalArgumentException(
          "vocabulary must be at least " + rows + " but is " + vocabulary);
    }
    float[] old = embedding.toFloatArray();
    float[] extended = Arrays.copyOf(old, Math.multiplyExact(vocabulary, width));
    double[] mean = new double[width];
    for (int i = 0; i < old.length; i++) {
      mean[i % width] += old[i] / rows;
    }
    for (int i = old.length; i < extended.length; i++) {
      extended[i] = (float) mean[i % width];
    }
    PtNDManager newOwner = program.newScope();
    List<PtNDArray> copies = new ArrayList<>();
    copies.add((PtNDArray) newOwner.create(extended, new Shape(vocabulary, width)));
    for (PtNDArray array : arrays.subList(1, arrays.size())) {
      array.attach(newOwner);
      copies.add(array);
    }
    close();
    return new Gpt2Weights(
        program, newOwner, Gpt2Layout.of(config.withVocabulary(vocabulary)), copies);
  }

  /** The arrays in program order; they belong to this object. */
  public List<PtNDArray> arrays() {
    return arrays;
  }

  /** The weights' names and shapes, in the same order. */
  public List<Gpt2Layout.Weight> layout() {
    return layout;
  }

  /** Writes {@code model.safetensors} in Hugging Face's names and layout. */
  public void write(Path folder) throws IOException {
    Map<String, SafetensorsWriter.Tensor> tensors = new LinkedHashMap<>();
    for (int i = 0; i < layout.size(); i++) {
      Gpt2Layout.Weight weight = layout.get(i);
      PtNDArray array = arrays.get(i);
      tensors.put(
          "transformer." + weight.name(),
          new SafetensorsWriter.Tensor(weight.fileShape(), () -> fileBytes(weight, array)));
    }
    Files.createDirectories(folder);
    SafetensorsWriter.write(folder.resolve(FILE), tensors);
  }

  /** The array's values in the file's layout. */
  public ByteBuffer fileBytes(Gpt2Layout.Weight weight, PtNDArray array) {
    if (!weight.transposed()) {
      return array.toByteBuffer();
    }
    try (PtNDManager scope = program.newScope()) {
      return transposed(program, array, scope).toByteBuffer();
    }
  }

  @Override
  public void close() {
    owner.close();
  }
}
