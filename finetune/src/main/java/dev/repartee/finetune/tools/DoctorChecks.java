package dev.repartee.finetune.tools;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.pytorch.engine.PtEngine;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.util.Utils;
import com.sun.management.OperatingSystemMXBean;
import dev.repartee.engine.gpt2.Compute;
import dev.repartee.engine.gpt2.CpuFlags;
import dev.repartee.engine.gpt2.Devices;
import dev.repartee.engine.gpt2.FastestPrecision;
import dev.repartee.engine.gpt2.Gpt2Config;
import dev.repartee.engine.gpt2.Gpt2Program;
import dev.repartee.engine.gpt2.Gpus;
import dev.repartee.engine.gpt2.Gpus.Gpu;
import dev.repartee.engine.gpt2.Precision;
import dev.repartee.engine.tokenizer.Gpt2Tokenizer;
import dev.repartee.finetune.gpt2.ComputeRate;
import dev.repartee.finetune.gpt2.RandomShape;
import dev.repartee.finetune.gpt2.StandardVocabulary;
import dev.repartee.finetune.gpt2.TrainingPrecision;
import dev.repartee.text.io.Folders;
import dev.repartee.text.page.Quantities;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.function.Supplier;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What {@code doctor} checks, in the order in which it is shown. No check throws: what goes wrong
 * is its {@link Finding}.
 */
final class DoctorChecks {

  /** GPT-2 124M in FP32 (0.5 GB) as it is read and converted, and the Java heap. */
  private static final long NEEDED_MEMORY = 2L << 30;

  private static final long NEEDED_DISK = 1L << 30;

  private static final Gpt2Config SMALLEST = new Gpt2Config(2, 2, 2, 1, 1, 1e-5);

  /** What {@code recipe} trains. */
  private static final Gpt2Config RECIPE = RandomShape.SMALL.config(8000);

  private static final String SAMPLE = "Hello world";

  /**
   * The result of a check.
   *
   * @param name of what was checked, as it stands in the JSON
   * @param summary one line for people
   * @param advice what to do; empty only if the status is {@code OK}
   * @param details for programs, by name, in the order in which they are shown
   */
  record Finding(
      String name,
      Status status,
      String summary,
      Optional<String> advice,
      Map<String, Object> details) {

    /** How bad it is. */
    enum Status {
      OK,
      /** Works, but slower or less than it could. */
      WARNING,
      /** Something needed is not there. */
      MISSING;

      /** The name in text and JSON. */
      String id() {
        return name().toLowerCase(Locale.ROOT);
      }
    }

    Finding {
      details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
      if (status == Status.OK == advice.isPresent()) {
        throw new IllegalArgumentException(
            "advice goes with a problem, and only with one: " + name);
      }
    }

    static Finding ok(String name, String summary) {
      return new Finding(name, Status.OK, summary, Optional.empty(), Map.of());
    }

    static Finding warning(String name, String summary, String advice) {
      return new Finding(name, Status.WARNING, summary, Optional.of(advice), Map.of());
    }

    static Finding missing(String name, String summary, String advice) {
      return new Finding(name, Status.MISSING, summary, Optional.of(advice), Map.of());
    }

    /** This finding with one more detail. */
    Finding with(String detail, Object value) {
      Map<String, Object> more = new LinkedHashMap<>(details);
      more.put(detail, value);
      return new Finding(name, status, summary, advice, more);
    }
  }

  private DoctorChecks() {}

  static List<Supplier<Finding>> ofThisMachine() {
    return List.of(
        DoctorChecks::java,
        DoctorChecks::cpu,
        DoctorChecks::precision,
        DoctorChecks::engine,
        () -> gpu(Gpus.ofThisMachine(), ComputeRate::matmulPeak),
        DoctorChecks::tokenizer,
        () -> natives(Utils.getCacheDir()),
        DoctorChecks::memory);
  }

  /** An older Java could not have loaded this class. */
  private static Finding java() {
    String version = System.getProperty("java.runtime.version");
    String vendor = System.getProperty("java.vm.vendor");
    String home = System.getProperty("java.home");
    return Finding.ok("java", version + " (" + vendor + ") in " + home)
        .with("version", version)
        .with("vendor", vendor)
        .with("home", home);
  }

  private static Finding cpu() {
    CpuFlags cpu = CpuFlags.ofThisMachine();
    int cores = Runtime.getRuntime().availableProcessors();
    String sets =
        cpu.instructionSets().isEmpty()
            ? "instruction sets unknown"
            : String.join(" ", cpu.instructionSets());
    return Finding.ok(
            "cpu",
            "%s, %d core%s usable, %s".formatted(cpu.model(), cores, cores == 1 ? "" : "s", sets))
        .with("model", cpu.model())
        .with("usable_cores", cores)
        .with("instruction_sets", cpu.instructionSets());
  }

  /** What {@code --precision auto} chooses on this CPU, for training and for inference, and why. */
  private static Finding precision() {
    try {
      Map<Precision, Double> steps = TrainingPrecision.seconds(RECIPE);
      Precision training = TrainingPrecision.fastest(steps);
      Precision inference = FastestPrecision.forInference(false);
      Precision allowed = FastestPrecision.forInference(true);
      Map<Precision, Double> products = FastestPrecision.inferenceSeconds();
      return Finding.ok(
              "precision",
              "training in %s (%s), inference in %s, or %s for models that allow it (products took %s)"
                  .formatted(
                      training,
                      steps.size() == 1
                          ? "this CPU has no other"
                          : "passes took " + milliseconds(steps),
                      inference,
                      allowed,
                      milliseconds(products)))
          .with("chosen", training)
          .with("inference", inference)
          .with("inference_int8_allowed", allowed)
          .with("training_pass_seconds", steps)
          .with("inference_product_seconds", products);
    } catch (RuntimeException | LinkageError e) {
      return Finding.warning("precision", "unknown: " + e, "see what engine says")
          .with("chosen", null);
    }
  }

  private static String milliseconds(Map<Precision, Double> seconds) {
    StringJoiner text = new StringJoiner(", ");
    seconds.forEach((precision, value) -> text.add("%s %.2f ms".formatted(precision, value * 1e3)));
    return text.toString();
  }

  /** Loads the GPT-2 program into libtorch, and counts the threads that it would use. */
  private static Finding engine() {
    try {
      // The program first: its class keeps the engine from reporting its use.
      Gpt2Program.open(SMALLEST, Device.cpu()).close();
      return engine(Engine.getEngine(PtEngine.ENGINE_NAME), JniUtils.getNumThreads());
    } catch (RuntimeException | LinkageError e) {
      return Finding.missing(
              "engine",
              "libtorch does not load: " + e,
              "the native library must be for this system ("
                  + System.getProperty("os.name")
                  + " "
                  + System.getProperty("os.arch")
                  + "): build here with 'mvn package', and see that the native folder is writable"
                  + " and the C++ runtime installed (apt-get install libstdc++6)")
          .with("error", e.toString());
    }
  }

  private static Finding engine(Engine engine, int threads) {
    int cores = Runtime.getRuntime().availableProcessors();
    String summary =
        "DJL %s, libtorch %s, %d thread%s"
            .formatted(
                Engine.getDjlVersion(), engine.getVersion(), threads, threads == 1 ? "" : "s");
    Finding finding =
        threads > cores
            ? Finding.warning(
                "engine",
                summary,
                "more threads than the %d usable cores wait for each other: set OMP_NUM_THREADS=%d"
                    .formatted(cores, cores))
            : Finding.ok("engine", summary);
    return finding
        .with("djl", Engine.getDjlVersion())
        .with("libtorch", engine.getVersion())
        .with("threads", threads)
        .with("omp_num_threads", System.getenv().getOrDefault("OMP_NUM_THREADS", ""));
  }

  /**
   * Tests each GPU by a product, and says what training and serving would use. Without a GPU it
   * says what is missing.
   *
   * @param product multiplies matrices on a device and returns its rate in FLOP/s
   */
  static Finding gpu(Gpus gpus, ToDoubleBiFunction<Device, Precision> product) {
    Optional<String> missing = gpus.missing();
    Devices used = Devices.of("auto", gpus);
    List<Map<String, Object>> devices = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    List<String> failures = new ArrayList<>();
    for (Gpu gpu : missing.isPresent() ? List.<Gpu>of() : used.gpus()) {
      Precision precision = Compute.best(gpu);
      Map<String, Object> device = new LinkedHashMap<>();
      device.put("device", gpu.device());
      device.put("name", gpu.name());
      device.put("compute_capability", gpu.capability() / 10.0);
      device.put("precision", precision);
      device.put("memory_bytes", gpu.memoryBytes());
      try {
        double rate = product.applyAsDouble(Device.gpu(gpu.index()), precision);
        device.put("product_flops", rate);
        texts.add(
            "%s, %s: %s at %.1f TFLOP/s"
                .formatted(gpu, Quantities.bytes(gpu.memoryBytes()), precision, rate / 1e12));
      } catch (RuntimeException | LinkageError e) {
        failures.add(gpu + " does not multiply: " + e);
      }
      devices.add(device);
    }
    Optional<String> why = missing;
    Finding finding;
    if (missing.isPresent()) {
      finding =
          gpus.all().isEmpty()
              ? Finding.ok("gpu", "none, since " + missing.get() + ": all is computed on the CPU")
              : Finding.warning(
                  "gpu",
                  missing.get() + ": all is computed on the CPU",
                  "install CUDA's native libraries and set PYTORCH_LIBRARY_PATH: docs/gpu.md");
    } else if (!failures.isEmpty()) {
      finding =
          Finding.missing(
              "gpu",
              String.join("; ", failures),
              "see docs/gpu.md, or compute on another device with --device");
    } else if (used.gpus().isEmpty()) {
      why = Optional.of(used.why());
      finding =
          Finding.warning(
              "gpu",
              used.why() + ": all is computed on the CPU",
              "a GPU of compute capability 7.5 or higher: docs/gpu.md");
    } else {
      String names = used.gpus().stream().map(Gpu::device).collect(Collectors.joining(","));
      finding =
          Finding.ok(
              "gpu",
              "%s; training takes %s, serving and evaluation %s"
                  .formatted(String.join("; ", texts), names, used.gpus().getFirst().device()));
    }
    finding = finding.with("gpus", devices.size()).with("devices", devices);
    if (gpus.cudaVersion().isPresent()) {
      finding = finding.with("driver_cuda", gpus.cudaVersion().get());
    }
    return why.isPresent() ? finding.with("missing", why.get()) : finding;
  }

  /** Encodes and decodes a text with the tokenizer's native library. */
  private static Finding tokenizer() {
    try (Gpt2Tokenizer tokenizer = StandardVocabulary.tokenizer()) {
      if (!tokenizer.decode(tokenizer.encode(SAMPLE)).equals(SAMPLE)) {
        return brokenTokenizer("it does not restore '" + SAMPLE + "'");
      }
      int size = tokenizer.vocabularySize();
      return Finding.ok("tokenizer", "GPT-2's, %,d tokens".formatted(size))
          .with("vocabulary", size);
    } catch (RuntimeException | LinkageError e) {
      return brokenTokenizer(e.toString());
    }
  }

  private static Finding brokenTokenizer(String error) {
    return Finding.missing(
            "tokenizer",
            "the tokenizer does not work: " + error,
            "see that the native folder is writable, and build again with 'mvn clean package'")
        .with("error", error);
  }

  /**
   * The folder into which DJL unpacks native libraries at the first start. If it cannot be written
   * every start would fail; if the disk is full, the start with the next version's libraries.
   */
  static Finding natives(Path folder) {
    Path existing = folder.toAbsolutePath();
    while (!Files.exists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    try {
      List<String> cached = cached(folder);
      long free = Folders.freeBytes(existing).orElse(0);
      String summary =
          "%s holds %s; %s free"
              .formatted(
                  folder,
                  cached.isEmpty() ? "nothing yet" : String.join(", ", cached),
                  Quantities.bytes(free));
      String advice =
          "set DJL_CACHE_DIR to a folder with %s free".formatted(Quantities.bytes(NEEDED_DISK));
      Finding finding;
      if (!Files.isWritable(existing)) {
        finding =
            Finding.missing(
                "natives", summary + "; not writable", "make it writable, or " + advice);
      } else if (free < NEEDED_DISK) {
        finding = Finding.warning("natives", summary, "free some, or " + advice);
      } else {
        finding = Finding.ok("natives", summary);
      }
      return finding
          .with("folder", folder.toString())
          .with("cached", cached)
          .with("free_bytes", free);
    } catch (IOException e) {
      return Finding.missing(
              "natives",
              folder + " cannot be read: " + e,
              "fix its permissions, or set DJL_CACHE_DIR to another folder")
          .with("folder", folder.toString());
    }
  }

  /** A library and its version each, such as {@code pytorch/2.7.1-20250812-cpu-linux-x86_64}. */
  private static List<String> cached(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    int depth = folder.getNameCount() + 2;
    try (Stream<Path> paths = Files.walk(folder, 2)) {
      return paths
          .filter(path -> Files.isDirectory(path) && path.getNameCount() == depth)
          .map(path -> folder.relativize(path).toString().replace('\\', '/'))
          .sorted()
          .toList();
    }
  }

  /** Main memory; a container's limit counts as the machine's. */
  private static Finding memory() {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return memory(
        system.getTotalMemorySize(), system.getFreeMemorySize(), Runtime.getRuntime().maxMemory());
  }

  static Finding memory(long total, long free, long heap) {
    String summary =
        "%s, of which %s free; Java heap up to %s"
            .formatted(Quantities.bytes(total), Quantities.bytes(free), Quantities.bytes(heap));
    // Free memory is shown only: the system's file cache counts against it, and gives way.
    Finding finding =
        total < NEEDED_MEMORY
            ? Finding.warning(
                "memory",
                summary,
                "GPT-2 124M needs about %s; use a smaller model, or a larger machine or limit"
                    .formatted(Quantities.bytes(NEEDED_MEMORY)))
            : Finding.ok("memory", summary);
    return finding.with("total_bytes", total).with("free_bytes", free).with("max_heap_bytes", heap);
  }
}
