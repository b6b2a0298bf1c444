package dev.repartee.engine.suggest;

import dev.repartee.engine.gpt2.Compute;
import dev.repartee.engine.gpt2.DeviceOption;
import dev.repartee.engine.gpt2.Devices;
import dev.repartee.engine.gpt2.FastestPrecision;
import dev.repartee.engine.gpt2.Gpus.Gpu;
import dev.repartee.engine.gpt2.Precision;
import dev.repartee.text.UserException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code --device} and {@code --precision}: the one place that decides what a model is computed on
 * and in. Each decision is logged with its reason. Whatever is named and cannot be had is refused;
 * nothing takes another device in silence.
 */
public final class ComputeOptions {

  private static final Logger log = LoggerFactory.getLogger(ComputeOptions.class);

  private enum Choice {
    AUTO,
    FP32,
    FP16,
    BF16,
    INT8
  }

  @Mixin private final DeviceOption device;

  @Option(
      names = "--precision",
      defaultValue = "auto",
      paramLabel = "TYPE",
      description = "auto (the fastest good one), fp32, fp16, bf16, int8.")
  private Choice precision = Choice.AUTO;

  public ComputeOptions() {
    this(new DeviceOption());
  }

  ComputeOptions(DeviceOption device) {
    this.device = device;
  }

  /**
   * For running the model of {@code folder}. On the CPU, INT8 is chosen only where the model's card
   * says that its quality was checked and holds.
   *
   * @throws UserException when the card cannot be read, or the machine lacks what was named
   */
  public Compute forInference(Path folder) {
    return one(() -> FastestPrecision.forInference(int8Allowed(folder)));
  }

  /** For calibration, which finds out whether INT8 is good enough. */
  public Compute forCalibration() {
    return one(() -> FastestPrecision.forInference(true));
  }

  /**
   * The GPU that a model would run on; empty for the CPU.
   *
   * @throws UserException when the machine lacks what was named
   */
  public Optional<Gpu> gpu() {
    return device.one().gpus().stream().findFirst();
  }

  private Compute one(Supplier<Precision> fastestOnCpu) {
    Devices devices = device.one();
    if (devices.gpus().isEmpty() && precision == Choice.FP16) {
      throw UserException.usage(
          "--precision fp16 is for GPUs, a CPU computes it slower than fp32: take auto, fp32, bf16 or"
              + " int8");
    }
    Precision chosen = precision(devices, fastestOnCpu);
    log(devices, chosen, precision == Choice.AUTO ? why(devices) : "as --precision says");
    return new Compute(devices.list().getFirst(), chosen);
  }

  /**
   * For training: one for each device, all in one precision.
   *
   * @param before the precision of the run that is resumed, which {@code auto} keeps: another
   *     machine may measure other speeds
   * @param fastestOnCpu measures which precision is fastest for the model at hand
   * @throws UserException for INT8, in which gradients are no use
   */
  public List<Compute> forTraining(Optional<Precision> before, Supplier<Precision> fastestOnCpu) {
    if (precision == Choice.INT8) {
      throw UserException.usage(
          "--precision int8 is for running a model, not for training one: train with auto, fp32 or"
              + " bf16, then give int8 to evaluate, suggest or serve");
    }
    Devices devices = device.all();
    boolean goesOn = precision == Choice.AUTO && before.isPresent();
    Precision chosen = goesOn ? before.get() : precision(devices, fastestOnCpu);
    devices.gpus().forEach(gpu -> Compute.check(gpu, chosen));
    log(
        devices,
        chosen,
        goesOn
            ? "as the run began"
            : precision == Choice.AUTO ? why(devices) : "as --precision says");
    return devices.list().stream().map(one -> new Compute(one, chosen)).toList();
  }

  /** On several GPUs what the weakest of them has. */
  private Precision precision(Devices devices, Supplier<Precision> fastestOnCpu) {
    if (precision != Choice.AUTO) {
      Precision named = Precision.valueOf(precision.name());
      devices.gpus().forEach(gpu -> Compute.check(gpu, named));
      return named;
    }
    return devices.gpus().stream()
        .map(Compute::best)
        .reduce((a, b) -> a == b ? a : Precision.FP16)
        .orElseGet(fastestOnCpu);
  }

  private static String why(Devices devices) {
    if (devices.gpus().isEmpty()) {
      return "the fastest here by measurement";
    }
    return devices.gpus().stream().map(Compute::best).allMatch(Precision.BF16::equals)
        ? "which GPUs from compute capability 8.0 on have"
        : "since compute capability " + capability(devices.gpus()) + " has no BF16";
  }

  private static double capability(List<Gpu> gpus) {
    return gpus.stream().mapToInt(Gpu::capability).min().orElseThrow() / 10.0;
  }

  private static void log(Devices devices, Precision precision, String why) {
    log.info("device: {}; precision: {} ({})", devices, precision, why);
  }

  /** A folder without a card is no model; whoever loads it says so. */
  private static boolean int8Allowed(Path folder) {
    return Files.isRegularFile(folder.resolve(ModelCard.FILE))
        && Boolean.TRUE.equals(ModelCard.read(folder).int8Allowed());
  }
}
