package dev.repartee.finetune.tools;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.pytorch.engine.PtEngine;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.util.Utils;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.repartee.engine.gpt2.Compute;
import dev.repartee.engine.gpt2.CpuFlags;
import dev.repartee.engine.gpt2.DeviceOption;
import dev.repartee.engine.gpt2.Devices;
import dev.repartee.engine.gpt2.Gpt2Config;
import dev.repartee.engine.gpt2.Gpt2Program;
import dev.repartee.engine.gpt2.Gpus;
import dev.repartee.engine.gpt2.Gpus.Gpu;
import dev.repartee.text.cli.Output;
import dev.repartee.text.io.Folders;
import dev.repartee.text.page.Quantities;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * Shows what this machine has for Repartee. The exit code is 1 where something is missing, a device
 * that {@code --device} names included.
 */
@Command(
    name = "doctor",
    footer = {"  repartee doctor"},
    description = "Shows Java, engine, device and threads, what is missing and how to get it.")
public final class DoctorCommand implements Callable<Integer> {

  private static final long NEEDED_DISK = 1L << 30;

  private static final Gpt2Config SMALLEST = new Gpt2Config(2, 2, 2, 1, 1, 1e-5);

  /**
   * The result of a check.
   *
   * @param name of what was checked, as it stands in the JSON
   * @param summary one line for people
   * @param advice what to do; empty only if the status is {@code OK}
   */
  record Finding(
      @JsonIgnore String name,
      Status status,
      String summary,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> advice) {

    /** How bad it is. */
    enum Status {
      OK,
      /** Works, but slower or less than it could. */
      WARNING,
      /** Something needed is not there. */
      MISSING;

      /** The name in text and JSON. */
      @JsonValue
      String id() {
        return name().toLowerCase(Locale.ROOT);
      }
    }

    static Finding ok(String name, String summary) {
      return new Finding(name, Status.OK, summary, Optional.empty());
    }

    static Finding warning(String name, String summary, String advice) {
      return new Finding(name, Status.WARNING, summary, Optional.of(advice));
    }

    static Finding missing(String name, String summary, String advice) {
      return new Finding(name, Status.MISSING, summary, Optional.of(advice));
    }
  }

  private final List<Supplier<Finding>> checks;

  @Mixin private Output output;

  @Mixin private DeviceOption device = new DeviceOption();

  public DoctorCommand() {
    this(ofThisMachine());
  }

  DoctorCommand(List<Supplier<Finding>> checks) {
    this.checks = List.copyOf(checks);
  }

  @Override
  public Integer call() {
    List<Finding> findings = checks.stream().map(Supplier::get).toList();
    boolean ok = findings.stream().noneMatch(finding -> finding.status() == Finding.Status.MISSING);
    List<String> lines = new ArrayList<>();
    Map<String, Object> json = new LinkedHashMap<>(Map.of("ok", ok));
    for (Finding finding : findings) {
      json.put(finding.name(), finding);
      lines.add(
          "%-8s %-10s %s".formatted(finding.status().id(), finding.name(), finding.summary()));
      finding.advice().ifPresent(advice -> lines.add(" ".repeat(19) + " -> " + advice));
    }
    lines.add(ok ? "ready" : "not ready: see what is missing above");
    output.print(json, lines);
    device.all(); // fails, after the report, where one is missing
    return ok ? 0 : 1;
  }

  /** In the order in which they are shown. No check throws: what goes wrong is its finding. */
  private static List<Supplier<Finding>> ofThisMachine() {
    return List.of(
        DoctorCommand::java,
        DoctorCommand::cpu,
        DoctorCommand::engine,
        () -> gpu(Gpus.ofThisMachine()),
        () -> natives(Utils.getCacheDir()));
  }

  /** An older Java could not have loaded this class. */
  private static Finding java() {
    return Finding.ok(
        "java",
        "%s (%s) in %s"
            .formatted(
                System.getProperty("java.runtime.version"),
                System.getProperty("java.vm.vendor"),
                System.getProperty("java.home")));
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
        "%s, %d core%s usable, %s".formatted(cpu.model(), cores, cores == 1 ? "" : "s", sets));
  }

  /** Loads the GPT-2 program into libtorch, and counts the threads that it would use. */
  private static Finding engine() {
    try {
      // The program first: its class keeps the engine from reporting its use.
      Gpt2Program.open(SMALLEST, Device.cpu()).close();
      int cores = Runtime.getRuntime().availableProcessors();
      int threads = JniUtils.getNumThreads();
      String summary =
          "DJL %s, libtorch %s, %d thread%s"
              .formatted(
                  Engine.getDjlVersion(),
                  Engine.getEngine(PtEngine.ENGINE_NAME).getVersion(),
                  threads,
                  threads == 1 ? "" : "s");
      return threads > cores
          ? Finding.warning(
              "engine",
              summary,
              "more threads than the %d usable cores wait for each other: set OMP_NUM_THREADS=%d"
                  .formatted(cores, cores))
          : Finding.ok("engine", summary);
    } catch (RuntimeException | LinkageError e) {
      return Finding.missing(
          "engine",
          "libtorch does not load: " + e,
          "the native library must be for this system ("
              + System.getProperty("os.name")
              + " "
              + System.getProperty("os.arch")
              + "): build here with 'mvn package', and see that the native folder is writable"
              + " and the C++ runtime installed (apt-get install libstdc++6)");
    }
  }

  /** What training and serving would use of the GPUs, or what is missing to use one. */
  static Finding gpu(Gpus gpus) {
    Devices used = Devices.of("auto", gpus);
    String onCpu = used.why() + ": all is computed on the CPU";
    if (gpus.all().isEmpty()) {
      return Finding.ok("gpu", "none, since " + onCpu);
    }
    if (used.gpus().isEmpty()) {
      return Finding.warning(
          "gpu",
          onCpu,
          gpus.missing().isPresent()
              ? "install CUDA's native libraries and set PYTORCH_LIBRARY_PATH: docs/gpu.md"
              : "a GPU of compute capability 7.5 or higher: docs/gpu.md");
    }
    String names = used.gpus().stream().map(Gpu::device).collect(Collectors.joining(","));
    return Finding.ok(
        "gpu",
        "%s; driver for CUDA %s; training takes %s, serving and evaluation %s"
            .formatted(
                used.gpus().stream()
                    .map(
                        gpu ->
                            "%s, %s: %s"
                                .formatted(
                                    gpu, Quantities.bytes(gpu.memoryBytes()), Compute.best(gpu)))
                    .collect(Collectors.joining("; ")),
                gpus.cudaVersion().orElse("of an unknown version"),
                names,
                used.gpus().getFirst().device()));
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
    long free = Folders.freeBytes(existing).orElse(0);
    String summary = "%s; %s free".formatted(folder, Quantities.bytes(free));
    String advice =
        "set DJL_CACHE_DIR to a folder with %s free".formatted(Quantities.bytes(NEEDED_DISK));
    if (!Files.isWritable(existing)) {
      return Finding.missing(
          "natives", summary + "; not writable", "make it writable, or " + advice);
    }
    return free < NEEDED_DISK
        ? Finding.warning("natives", summary, "free some, or " + advice)
        : Finding.ok("natives", summary);
  }
}
