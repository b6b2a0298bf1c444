package dev.repartee.engine.gpt2;

import static java.util.regex.Matcher.quoteReplacement;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtEngine;
import ai.djl.pytorch.engine.PtModel;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A TorchScript program that libtorch compiles from its source text, without Python and without an
 * export step. The source is packed into the archive that libtorch loads: an uncompressed ZIP of
 * the source, a pickle of the module's attributes, an empty table of constants and the format
 * version. Owns everything native until closed.
 *
 * <p>The source is one class in the language of {@code torch.jit.script}. It cannot import
 * anything: operators are {@code torch.name} for ATen's and {@code ops.namespace.name} for others,
 * types are libtorch's numbers. Named constants are replaced before libtorch reads the source: a
 * constant is a line {@code NAME = integer} at the margin, with or without a comment.
 */
public class TorchScriptProgram implements AutoCloseable {

  private static final byte[] NO_CONSTANTS = {(byte) 0x80, 2, ')', '.'};

  /** Newer overloads, such as {@code gelu(approximate=)}, are missing below version 10. */
  private static final String VERSION = "10\n";

  private static final Pattern CONSTANT =
      Pattern.compile("^([A-Z][A-Z0-9_]*) += +(-?\\d+)( *#.*)?$", Pattern.MULTILINE);
  private static final Pattern COMMENT_OR_NAME = Pattern.compile("#.*|\\b[A-Z][A-Z0-9_]*\\b");

  static {
    // Otherwise the engine reports its use to its makers at the first start.
    System.setProperty("OPT_OUT_TRACKING", "true");
  }

  private final Model model;
  private final PtSymbolBlock block;
  private final Device device;

  /**
   * Compiles a program.
   *
   * @param source defines the class that {@code attributes} names
   * @throws IllegalStateException when libtorch refuses it
   */
  public TorchScriptProgram(String source, Attributes attributes, Device device) {
    this.device = device;
    this.model = Model.newInstance("program", device, "PyTorch");
    var _ = allThreads(); // ends the process in another way from now on
    try {
      ((PtModel) model).load(new ByteArrayInputStream(archive(source, attributes)), Map.of());
      // DJL makes an empty folder for it, and deletes that at the exit, which a kill does not
      // reach.
      Files.deleteIfExists(model.getModelPath());
    } catch (IOException | MalformedModelException e) {
      model.close();
      throw new IllegalStateException("libtorch refuses the program", e);
    }
    this.block = (PtSymbolBlock) model.getBlock();
  }

  public Device device() {
    return device;
  }

  /** Why libtorch cannot compute on {@code device}, in its own words; empty where it can. */
  static Optional<String> refusal(Device device) {
    try (NDManager manager = NDManager.newBaseManager(device, PtEngine.ENGINE_NAME)) {
      manager.create(1f).toFloatArray();
      return Optional.empty();
    } catch (RuntimeException | LinkageError e) {
      return Optional.of(String.valueOf(e.getMessage()).lines().findFirst().orElse("?"));
    }
  }

  /** A manager for short-lived arrays; the caller closes it. */
  public PtNDManager newScope() {
    return (PtNDManager) model.getNDManager().newSubManager();
  }

  /**
   * What {@code reader} reads of an array, such as {@code PtNDArray::toByteBuffer}. From an array
   * on another device than the CPU, DJL reads by way of a copy that it attaches to the array's
   * owner, and that stays until the owner is closed; here it is closed at once. The array must not
   * be in use by another thread.
   */
  public <T> T read(PtNDArray array, Function<PtNDArray, T> reader) {
    try (PtNDManager scope = newScope()) {
      array.tempAttach(scope); // for so long the owner; it gives the array back when it is closed
      return reader.apply(array);
    }
  }

  /** Runs a method in inference mode. The caller owns arguments and result. */
  public IValue run(String method, IValue... arguments) {
    prepareThread();
    return IValueUtils.runMethod(block, method, arguments);
  }

  /**
   * Runs a method that calls autograd and returns one tensor, which {@code scope} owns.
   *
   * @param arguments in the method's order; neighbours named {@code name[]} form one list
   */
  public NDArray differentiate(String method, NDList arguments, PtNDManager scope) {
    prepareThread();
    NDArray marker = scope.create(0f);
    marker.setName("module_method:" + method);
    NDList named = new NDList(marker);
    named.addAll(arguments);
    boolean gradients = JniUtils.isGradMode();
    JniUtils.setGradMode(true);
    try {
      NDArray result = IValueUtils.forward(block, named, true).singletonOrThrow();
      result.attach(scope);
      return result;
    } finally {
      JniUtils.setGradMode(gradients);
    }
  }

  /** Opens libtorch, which takes half a second, unless it is open. */
  public static void openLibtorch() {
    var _ = Engine.getEngine(PtEngine.ENGINE_NAME);
  }

  /** Seeds libtorch's random numbers, which dropout draws, for the whole process. */
  public static void seed(long seed) {
    JniUtils.setSeed(seed);
  }

  /** Made when libtorch is open, before anything computes. */
  private static final class Libtorch {

    /** What {@link #threads} was before anything set it. */
    static final int THREADS = open();

    private static int open() {
      openLibtorch(); // until then its functions are missing
      try {
        // Not at once: libtorch makes more static objects while it computes, which go first.
        Runtime.getRuntime()
            .addShutdownHook(new Thread(Libtorch::skipDestructors, "skip-destructors"));
      } catch (IllegalStateException e) {
        skipDestructors(); // the process ends already
      }
      return JniUtils.getNumThreads();
    }

    /**
     * Ends the process without the destructors of libtorch's static objects. A signal may end it
     * while threads compute, and these may crash in what was destroyed: Java then writes a report
     * of a fatal error, and ends with another exit code.
     */
    private static void skipDestructors() {
      Linker linker = Linker.nativeLinker();
      Optional<MemorySegment> onExit = linker.defaultLookup().find("on_exit"); // in glibc
      Optional<MemorySegment> exit = linker.defaultLookup().find("_exit");
      if (onExit.isPresent() && exit.isPresent()) {
        register(linker, onExit.get(), exit.get());
      }
    }

    /** What is registered last is called first, with the exit code. Java is done by then. */
    @SuppressWarnings("restricted") // both functions are glibc's, with these signatures
    private static void register(Linker linker, MemorySegment onExit, MemorySegment exit) {
      FunctionDescriptor signature =
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS);
      try {
        var _ =
            (int) linker.downcallHandle(onExit, signature).invokeExact(exit, MemorySegment.NULL);
      } catch (Throwable e) {
        throw new IllegalStateException("on_exit cannot be called", e);
      }
    }
  }

  /**
   * How many threads an operator may use unless {@link #setThreads} says otherwise: a thread that
   * has not run anything yet begins with what another one set last.
   */
  public static int allThreads() {
    return Libtorch.THREADS;
  }

  /** How many threads an operator may use, on the calling thread. */
  public static int threads() {
    var _ = allThreads(); // opens libtorch
    return JniUtils.getNumThreads();
  }

  /** Sets {@link #threads} for the calling thread, and for those that have not run anything yet. */
  public static void setThreads(int threads) {
    var _ = allThreads(); // while it is still known
    JniUtils.setNumThreads(threads);
  }

  private static void prepareThread() {
    // Otherwise the graph optimizer recompiles for every new shape. The setting is the thread's.
    JniUtils.setGraphExecutorOptimize(false);
  }

  @Override
  public void close() {
    model.close();
  }

  private static byte[] archive(String source, Attributes attributes) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      store(zip, "program/data.pkl", attributes.toByteArray());
      store(
          zip, "program/code/__torch__.py", withConstants(source).getBytes(StandardCharsets.UTF_8));
      store(zip, "program/constants.pkl", NO_CONSTANTS);
      store(zip, "program/version", VERSION.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }

  /**
   * Replaces named constants by their values. Their lines become empty, so that libtorch's messages
   * name the right line.
   *
   * @throws IllegalArgumentException when a name is defined twice
   */
  static String withConstants(String source) {
    Map<String, String> values = new HashMap<>();
    String rest =
        CONSTANT
            .matcher(source)
            .replaceAll(
                line -> {
                  if (values.put(line.group(1), line.group(2)) != null) {
                    throw new IllegalArgumentException(line.group(1) + " is defined twice");
                  }
                  return "";
                });
    return COMMENT_OR_NAME
        .matcher(rest)
        .replaceAll(found -> quoteReplacement(values.getOrDefault(found.group(), found.group())));
  }

  private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    CRC32 crc = new CRC32();
    crc.update(content);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }

  /**
   * The class of a program and the initial values of its attributes: one pickled object, in the
   * subset of pickle protocol 2 that libtorch reads. Every attribute that the source declares must
   * be put.
   */
  public static final class Attributes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /**
     * @param className the program's class, as its source names it
     */
    public Attributes(String className) {
      out.writeBytes(new byte[] {(byte) 0x80, 2});
      global("__torch__", className);
      op(")\u0081}("); // empty arguments, new object, empty attributes, start of their items
    }

    public Attributes put(String key, boolean value) {
      key(key);
      out.write(value ? 0x88 : 0x89);
      return this;
    }

    public Attributes put(String key, long value) {
      key(key);
      out.write(0x8a); // LONG1: byte count, little-endian two's complement
      out.write(8);
      out.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
      return this;
    }

    public Attributes put(String key, double value) {
      key(key);
      out.write('G');
      out.writeBytes(ByteBuffer.allocate(8).putDouble(value).array());
      return this;
    }

    public Attributes putEmptyTensorList(String key) {
      key(key);
      global("torch.jit._pickle", "build_tensorlist");
      op("(]tR"); // called with a tuple of one empty list
      return this;
    }

    /** A dictionary whose type libtorch takes from the attribute's. */
    public Attributes putEmptyDict(String key) {
      key(key);
      op("}");
      return this;
    }

    private byte[] toByteArray() {
      op("ub."); // set the items, build the object, stop
      return out.toByteArray();
    }

    private void key(String key) {
      byte[] utf8 = key.getBytes(StandardCharsets.UTF_8);
      out.write('X');
      out.writeBytes(
          ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(utf8.length).array());
      out.writeBytes(utf8);
    }

    private void global(String module, String name) {
      op("c" + module + "\n" + name + "\n");
    }

    private void op(String codes) {
      out.writeBytes(codes.getBytes(StandardCharsets.ISO_8859_1));
    }
  }
}
