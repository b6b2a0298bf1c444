package dev.repartee.engine.gpt2;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import dev.repartee.text.UserException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A model's FP32 weights in native memory: their order in the program, how they are initialised,
 * and how they are read from and written to a model folder. Owns the memory until closed.
 */
public final class Gpt2Weights implements AutoCloseable {

  /** The weights' file in a model folder. */
  public static final String FILE = "model.safetensors";

  private static final double INITIAL_DEVIATION = 0.02;

  private final Gpt2Program program;
  private final NDManager owner;
  private final List<Weight> layout;
  private final List<PtNDArray> arrays;

  private Gpt2Weights(
      Gpt2Program program, NDManager owner, List<Weight> layout, List<PtNDArray> arrays) {
    this.program = program;
    this.owner = owner;
    this.layout = List.copyOf(layout);
    this.arrays = List.copyOf(arrays);
  }

  /**
   * What one weight is called, and its shape.
   *
   * @param name in Hugging Face's files, without the {@code transformer.} prefix
   * @param fileShape as Hugging Face stores it
   * @param transposed whether the program holds the matrix the other way round: Hugging Face's
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
      return numbers(transposed ? fileShape.reversed() : fileShape);
    }
  }

  private static long[] numbers(List<Long> shape) {
    return shape.stream().mapToLong(Long::longValue).toArray();
  }

  /** All weights of a model in the program's order, which {@code gpt2.py} describes. */
  public static List<Weight> layout(Gpt2Config config) {
    long c = config.width();
    List<Weight> weights = new ArrayList<>();
    weights.add(new Weight("wte.weight", List.of((long) config.vocabulary(), c), false));
    weights.add(new Weight("wpe.weight", List.of((long) config.positions(), c), false));
    for (int i = 0; i < config.layers(); i++) {
      String layer = "h." + i + ".";
      addLayerNorm(weights, layer + "ln_1", c);
      addConv1d(weights, layer + "attn.c_attn", c, 3 * c);
      addConv1d(weights, layer + "attn.c_proj", c, c);
      addLayerNorm(weights, layer + "ln_2", c);
      addConv1d(weights, layer + "mlp.c_fc", c, 4 * c);
      addConv1d(weights, layer + "mlp.c_proj", 4 * c, c);
    }
    addLayerNorm(weights, "ln_f", c);
    return weights;
  }

  private static void addLayerNorm(List<Weight> weights, String name, long width) {
    weights.add(new Weight(name + ".weight", List.of(width), false));
    weights.add(new Weight(name + ".bias", List.of(width), false));
  }

  private static void addConv1d(List<Weight> weights, String name, long in, long out) {
    weights.add(new Weight(name + ".weight", List.of(in, out), true));
    weights.add(new Weight(name + ".bias", List.of(out), false));
  }

  /**
   * Random weights as GPT-2 was initialised: normal with deviation 0.02, divided by the square root
   * of twice the layers where a layer writes to the residual stream. The same seed gives the same
   * bytes.
   */
  public static Gpt2Weights random(Gpt2Config config, Gpt2Program program, long seed) {
    List<Weight> layout = layout(config);
    PtNDManager owner = program.newScope();
    Random random = new Random(seed);
    List<PtNDArray> arrays = new ArrayList<>();
    for (Weight weight : layout) {
      Shape shape = new Shape(weight.shape());
      float[] values = new float[Math.toIntExact(shape.size())];
      if (weight.isMatrix()) {
        double deviation =
            weight.name().endsWith("c_proj.weight")
                ? INITIAL_DEVIATION / Math.sqrt(2 * config.layers())
                : INITIAL_DEVIATION;
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) (random.nextGaussian() * deviation);
        }
      } else if (weight.name().endsWith(".weight")) { // of a layer norm
        Arrays.fill(values, 1);
      }
      arrays.add((PtNDArray) owner.create(values, shape));
    }
    return new Gpt2Weights(program, owner, layout, arrays);
  }

  /**
   * Reads the weights of a Hugging Face folder, FP32, FP16 or BF16, with or without the {@code
   * transformer.} prefix.
   *
   * @throws UserException when a file or a tensor is missing, unknown, or of another shape
   */
  public static Gpt2Weights read(Path folder, Gpt2Config config, Gpt2Program program) {
    PtNDManager owner = program.newScope();
    try (Checkpoint checkpoint = Checkpoint.open(folder, config)) {
      List<PtNDArray> arrays = new ArrayList<>();
      for (Weight weight : checkpoint.layout) {
        arrays.add(read(program, owner, checkpoint, weight));
      }
      return new Gpt2Weights(program, owner, checkpoint.layout, arrays);
    } catch (RuntimeException e) {
      owner.close();
      throw e;
    }
  }

  private static PtNDArray read(
      Gpt2Program program, PtNDManager owner, Checkpoint checkpoint, Weight weight) {
    try (PtNDManager scope = program.newScope()) {
      // A copy made outside inference mode: it can be trained, and outlives the mapped file.
      PtNDArray copy = (PtNDArray) stored(program, scope, checkpoint, weight, true).duplicate();
      copy.attach(owner);
      return copy;
    }
  }

  /**
   * Maps a folder's files, calls {@code use} with the weights, then frees these and unmaps the
   * files: nothing of them may be kept. FP32 weights on the CPU are the mapped bytes, of matrices a
   * transposed view. For inference, which makes its own form of each and needs no copy of all.
   *
   * @throws UserException as {@link #read} does
   */
  static void whileMapped(
      Path folder, Gpt2Config config, Gpt2Program program, Consumer<List<PtNDArray>> use) {
    try (Checkpoint checkpoint = Checkpoint.open(folder, config);
        PtNDManager scope = program.newScope()) {
      use.accept(
          checkpoint.layout.stream()
              .map(weight -> stored(program, scope, checkpoint, weight, false))
              .toList());
    }
  }

  /**
   * A weight of the mapped file, in the program's shape.
   *
   * @param copy as {@link Gpt2Program#transpose} takes it
   */
  private static PtNDArray stored(
      Gpt2Program program, PtNDManager scope, Checkpoint checkpoint, Weight weight, boolean copy) {
    PtNDArray stored =
        scope.create(
            checkpoint.fp32(weight), new Shape(numbers(weight.fileShape())), DataType.FLOAT32);
    if (!checkpoint.isMapped(weight)) {
      // Widened numbers lie in a buffer of Java's, whose memory is limited: one at a time.
      PtNDArray widened = stored;
      stored = (PtNDArray) widened.duplicate();
      widened.close();
    }
    return weight.transposed() ? program.transpose(stored, scope, copy) : stored;
  }

  /**
   * The same weights with room for more token ids. A new row of the embedding is the mean of the
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
    float[] old = program.read(embedding, PtNDArray::toFloatArray);
    float[] extended = Arrays.copyOf(old, Math.multiplyExact(vocabulary, width));
    double[] mean = new double[width];
    for (int i = 0; i < old.length; i++) {
      mean[i % width] += old[i] / rows;
    }
    for (int i = old.length; i < extended.length; i++) {
      extended[i] = (float) mean[i % width];
    }
    PtNDManager newOwner = program.newScope();
    List<PtNDArray> moved = new ArrayList<>();
    moved.add((PtNDArray) newOwner.create(extended, new Shape(vocabulary, width)));
    for (PtNDArray array : arrays.subList(1, arrays.size())) {
      array.attach(newOwner);
      moved.add(array);
    }
    close();
    return new Gpt2Weights(program, newOwner, layout(config.withVocabulary(vocabulary)), moved);
  }

  /** The arrays in program order; they belong to this object. */
  public List<PtNDArray> arrays() {
    return arrays;
  }

  /** The weights' names and shapes, in the same order. */
  public List<Weight> layout() {
    return layout;
  }

  /** Writes {@code model.safetensors} in Hugging Face's names and layout. */
  public void write(Path folder) throws IOException {
    Map<String, Safetensors.Tensor> tensors = new LinkedHashMap<>();
    for (int i = 0; i < layout.size(); i++) {
      Weight weight = layout.get(i);
      PtNDArray array = arrays.get(i);
      tensors.put(
          Checkpoint.PREFIX + weight.name(),
          new Safetensors.Tensor(weight.fileShape(), () -> fileBytes(weight, array)));
    }
    Files.createDirectories(folder);
    Safetensors.write(folder.resolve(FILE), tensors);
  }

  /** The values of an array, which has the shape of {@code weight}, in the file's layout. */
  public ByteBuffer fileBytes(Weight weight, PtNDArray array) {
    if (!weight.transposed()) {
      return program.read(array, PtNDArray::toByteBuffer);
    }
    try (PtNDManager scope = program.newScope()) {
      return program.transpose(array, scope, true).toByteBuffer();
    }
  }

  @Override
  public void close() {
    owner.close();
  }

  /** The safetensors file of a model folder, whose tensors are exactly those of a layout. */
  private static final class Checkpoint implements AutoCloseable {

    static final String PREFIX = "transformer.";

    /** Causal masks, which older exports hold, and the LM head, which is tied to the embedding. */
    private static final Pattern REDUNDANT =
        Pattern.compile("h\\.\\d+\\.attn\\.(bias|masked_bias)|lm_head\\.weight");

    private final Safetensors file;
    private final Map<String, String> tensors = new HashMap<>(); // names by those without prefix
    private final List<Weight> layout;

    private Checkpoint(Path folder, Safetensors file, Gpt2Config config) {
      this.file = file;
      for (String name : file.entries().keySet()) {
        tensors.put(name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name, name);
      }
      if (config.layers() > tensors.size()) { // or the layout of a damaged number takes all memory
        throw new UserException(
            "%s: n_layer is %d, but the weights have %d tensors; copy or download the folder again"
                .formatted(folder.resolve(Gpt2Config.FILE), config.layers(), tensors.size()));
      }
      this.layout = layout(config);
    }

    /**
     * Opens the folder's weights and compares them with {@code config}.
     *
     * @throws UserException naming missing and unknown tensors, wrong shapes, or the missing file
     */
    static Checkpoint open(Path folder, Gpt2Config config) {
      Path path = folder.resolve(FILE);
      if (!Files.isRegularFile(path)) {
        throw new UserException(missing(folder, path));
      }
      Safetensors file = Safetensors.open(path);
      try {
        Checkpoint checkpoint = new Checkpoint(folder, file, config);
        checkpoint.check(folder);
        return checkpoint;
      } catch (RuntimeException e) {
        file.close();
        throw e;
      }
    }

    private static String missing(Path folder, Path single) {
      try (Stream<Path> files = Files.list(folder)) {
        boolean pickled = files.anyMatch(file -> file.getFileName().toString().endsWith(".bin"));
        if (pickled) {
          return single
              + " is missing; the folder has a .bin file, which can run code when it is read:"
              + " convert it once with Python: from transformers import GPT2LMHeadModel;"
              + " GPT2LMHeadModel.from_pretrained('FOLDER').save_pretrained('FOLDER',"
              + " safe_serialization=True)";
        }
        return single + " is missing";
      } catch (IOException e) {
        return folder + " is not a readable folder";
      }
    }

    private void check(Path folder) {
      Set<String> wanted = layout.stream().map(Weight::name).collect(Collectors.toSet());
      Set<String> missing = new TreeSet<>(wanted);
      missing.removeAll(tensors.keySet());
      if (!missing.isEmpty()) {
        throw new UserException(folder + ": the weights lack " + some(missing));
      }
      Set<String> unknown = new TreeSet<>(tensors.keySet());
      unknown.removeAll(wanted);
      unknown.removeIf(name -> REDUNDANT.matcher(name).matches());
      if (!unknown.isEmpty()) {
        throw new UserException(
            folder + ": the weights have tensors that do not belong to GPT-2: " + some(unknown));
      }
      for (Weight weight : layout) {
        List<Long> shape = entry(weight).shape();
        if (!shape.equals(weight.fileShape())) {
          throw new UserException(
              "%s: tensor '%s' has shape %s but config.json asks for %s"
                  .formatted(file.file(), tensors.get(weight.name()), shape, weight.fileShape()));
        }
      }
    }

    private static String some(Set<String> names) {
      int shown = 5;
      String first = names.stream().limit(shown).collect(Collectors.joining("', '", "'", "'"));
      return names.size() <= shown ? first : first + " and " + (names.size() - shown) + " more";
    }

    Safetensors.Entry entry(Weight weight) {
      return file.entries().get(tensors.get(weight.name()));
    }

    /** Whether {@link #fp32} returns the file's own bytes. */
    boolean isMapped(Weight weight) {
      return entry(weight).dtype().equals("F32");
    }

    /**
     * The tensor's values as little-endian FP32 in a direct buffer: the file's own bytes where they
     * are FP32 already.
     */
    ByteBuffer fp32(Weight weight) {
      ByteBuffer bytes = file.bytes(tensors.get(weight.name()));
      String dtype = entry(weight).dtype();
      return switch (dtype) {
        case "F32" -> bytes;
        case "F16" -> widened(bytes, Float::float16ToFloat);
        case "BF16" -> widened(bytes, bits -> Float.intBitsToFloat(bits << Short.SIZE));
        default ->
            throw new UserException(
                "%s: tensor '%s' has type %s; F32, F16 and BF16 can be read"
                    .formatted(file.file(), weight.name(), dtype));
      };
    }

    @FunctionalInterface
    private interface ToFloat {
      float apply(short bits);
    }

    private static ByteBuffer widened(ByteBuffer bytes, ToFloat toFloat) {
      ShortBuffer narrow = bytes.asShortBuffer();
      ByteBuffer wide =
          ByteBuffer.allocateDirect(Math.multiplyExact(narrow.remaining(), Float.BYTES))
              .order(ByteOrder.LITTLE_ENDIAN);
      FloatBuffer values = wide.asFloatBuffer();
      for (int i = 0; i < narrow.limit(); i++) {
        values.put(i, toFloat.apply(narrow.get(i)));
      }
      return wide;
    }

    @Override
    public void close() {
      file.close();
    }
  }
}
