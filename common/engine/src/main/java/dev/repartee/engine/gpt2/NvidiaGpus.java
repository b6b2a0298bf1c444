package dev.repartee.engine.gpt2;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import ai.djl.Device;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The GPUs by NVIDIA's driver API and management library, which come with every driver. DJL counts
 * GPUs by the CUDA runtime, which it finds only under a name that neither libtorch's archive nor
 * Python's package gives it.
 */
final class NvidiaGpus implements Gpus {

  static final Gpus THIS_MACHINE = new NvidiaGpus();

  private static final Logger log = LoggerFactory.getLogger(NvidiaGpus.class);

  private static final String DRIVER = "libcuda.so.1";
  private static final String MANAGEMENT = "libnvidia-ml.so.1";
  private static final int NO_DEVICE = 100; // CUDA_ERROR_NO_DEVICE
  private static final int CAPABILITY_MAJOR = 75; // CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR
  private static final int CAPABILITY_MINOR = 76;
  private static final int TEXT = 96; // bytes for a name

  /** nvmlMemory_t: total, free, used. */
  private static final MemoryLayout MEMORY = MemoryLayout.sequenceLayout(3, JAVA_LONG);

  /** nvmlUtilization_t: percent of the time in which the GPU computed, and read memory. */
  private static final MemoryLayout UTILIZATION = MemoryLayout.sequenceLayout(2, JAVA_INT);

  private Optional<Driver> driver; // null until asked
  private Optional<Library> management;
  private Optional<String> missing;

  /** The driver and what it says, which does not change while the process runs. */
  private record Driver(Library cuda, List<Gpu> gpus, String cudaVersion, int error) {}

  /** A library of C functions that return an error code, 0 for none. */
  @SuppressWarnings("restricted") // the launcher allows native access
  private record Library(String name, SymbolLookup symbols) {

    static Optional<Library> open(String name) {
      try {
        return Optional.of(new Library(name, SymbolLookup.libraryLookup(name, Arena.global())));
      } catch (IllegalArgumentException _) { // there is none
        return Optional.empty();
      }
    }

    /** Calls a function with pointers and 32-bit numbers. */
    int call(String function, Object... arguments) {
      MemoryLayout[] layouts = new MemoryLayout[arguments.length];
      for (int i = 0; i < arguments.length; i++) {
        layouts[i] = arguments[i] instanceof MemorySegment ? ADDRESS : JAVA_INT;
      }
      try {
        return (int)
            Linker.nativeLinker()
                .downcallHandle(
                    symbols.findOrThrow(function), FunctionDescriptor.of(JAVA_INT, layouts))
                .invokeWithArguments(arguments);
      } catch (RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) {
        throw new AssertionError(e); // C functions throw nothing
      }
    }

    void require(String function, Object... arguments) {
      int error = call(function, arguments);
      if (error != 0) {
        throw new IllegalStateException(name + ": " + function + " failed with " + error);
      }
    }
  }

  @Override
  public List<Gpu> all() {
    return driver().map(Driver::gpus).orElse(List.of());
  }

  @Override
  public Optional<String> cudaVersion() {
    return driver().map(Driver::cudaVersion);
  }

  @Override
  public synchronized Optional<String> missing() {
    if (missing == null) {
      missing = findMissing();
    }
    return missing;
  }

  private Optional<String> findMissing() {
    Optional<Driver> found = driver();
    if (found.isEmpty()) {
      return Optional.of("there is no NVIDIA driver (" + DRIVER + ")");
    }
    if (found.get().gpus().isEmpty()) {
      return Optional.of(
          "the NVIDIA driver shows no GPU (error %d)".formatted(found.get().error()));
    }
    return TorchScriptProgram.refusal(Device.gpu(found.get().gpus().getFirst().index()))
        .map(
            why ->
                "the driver shows %s, but libtorch does not compute on it: %s; docs/gpu.md says how to install CUDA's libraries"
                    .formatted(found.get().gpus().getFirst(), why));
  }

  private synchronized Optional<Driver> driver() {
    if (driver == null) {
      try {
        driver = Library.open(DRIVER).map(NvidiaGpus::ask);
      } catch (RuntimeException e) {
        log.warn("the NVIDIA driver cannot be queried: {}", e.getMessage());
        driver = Optional.empty();
      }
    }
    return driver;
  }

  private static Driver ask(Library cuda) {
    try (Arena arena = Arena.ofConfined()) {
      int error = cuda.call("cuInit", 0);
      MemorySegment number = arena.allocate(JAVA_INT);
      cuda.require("cuDriverGetVersion", number);
      int version = number.get(JAVA_INT, 0);
      String cudaVersion = version / 1000 + "." + version % 1000 / 10;
      if (error != 0) {
        return new Driver(cuda, List.of(), cudaVersion, error);
      }
      cuda.require("cuDeviceGetCount", number);
      int count = number.get(JAVA_INT, 0);
      List<Gpu> gpus = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        gpus.add(gpu(cuda, i, arena));
      }
      return new Driver(cuda, List.copyOf(gpus), cudaVersion, count == 0 ? NO_DEVICE : 0);
    }
  }

  private static Gpu gpu(Library cuda, int index, Arena arena) {
    MemorySegment number = arena.allocate(JAVA_INT);
    cuda.require("cuDeviceGet", number, index);
    int device = number.get(JAVA_INT, 0);
    MemorySegment name = arena.allocate(TEXT);
    cuda.require("cuDeviceGetName", name, TEXT, device);
    MemorySegment bytes = arena.allocate(JAVA_LONG);
    cuda.require("cuDeviceTotalMem_v2", bytes, device);
    cuda.require("cuDeviceGetAttribute", number, CAPABILITY_MAJOR, device);
    int capability = number.get(JAVA_INT, 0) * 10;
    cuda.require("cuDeviceGetAttribute", number, CAPABILITY_MINOR, device);
    capability += number.get(JAVA_INT, 0);
    return new Gpu(index, name.getString(0), capability, bytes.get(JAVA_LONG, 0));
  }

  /** Started once: a start takes longer than what is asked, which metrics do all the time. */
  private synchronized Optional<Library> management() {
    if (management == null) {
      Optional<Library> opened = Library.open(MANAGEMENT);
      opened.ifPresent(nvml -> nvml.require("nvmlInit_v2"));
      management = opened;
    }
    return management;
  }

  /** The management library knows a card by its bus, whatever CUDA_VISIBLE_DEVICES says. */
  @Override
  public Optional<Usage> usage(Gpu gpu) {
    try (Arena arena = Arena.ofConfined()) {
      Library cuda = driver().orElseThrow().cuda();
      Optional<Library> started = management();
      if (started.isEmpty()) {
        return Optional.empty();
      }
      Library nvml = started.get();
      MemorySegment number = arena.allocate(JAVA_INT);
      cuda.require("cuDeviceGet", number, gpu.index());
      MemorySegment bus = arena.allocate(TEXT);
      cuda.require("cuDeviceGetPCIBusId", bus, TEXT, number.get(JAVA_INT, 0));
      MemorySegment handle = arena.allocate(ADDRESS);
      nvml.require("nvmlDeviceGetHandleByPciBusId_v2", bus, handle);
      MemorySegment card = handle.get(ADDRESS, 0);
      MemorySegment memory = arena.allocate(MEMORY);
      nvml.require("nvmlDeviceGetMemoryInfo", card, memory);
      MemorySegment busy = arena.allocate(UTILIZATION);
      // Some virtual GPUs do not say.
      boolean said = nvml.call("nvmlDeviceGetUtilizationRates", card, busy) == 0;
      return Optional.of(
          new Usage(
              memory.getAtIndex(JAVA_LONG, 2),
              said ? busy.getAtIndex(JAVA_INT, 0) / 100.0 : Double.NaN));
    } catch (RuntimeException e) {
      log.debug("the GPU's usage is not known", e);
      return Optional.empty();
    }
  }
}
