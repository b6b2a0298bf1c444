package dev.repartee.engine.gpt2;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.util.cuda.CudaUtils;
import dev.repartee.text.UserException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** The devices of this machine, what {@code --device} means, and the best precision of each. */
public final class Devices {

  private static final int BF16_CAPABILITY = 80;
  private static final int FP16_CAPABILITY = 70;

  private Devices() {}

  /** GPUs that the engine can use; 0 with an engine that was built for the CPU. */
  public static int gpus() {
    return Engine.getEngine("PyTorch").getGpuCount();
  }

  /**
   * The devices that {@code choice} names: {@code auto} is every GPU, or the CPU where there is
   * none; {@code cpu}; {@code cuda} is the first GPU; lists such as {@code cuda:0,cuda:1} name
   * several. A CPU that is named several times trains with as many workers.
   *
   * @throws UserException when it names a GPU that does not exist, or something that is no device
   */
  public static List<Device> parse(String choice) {
    int gpus = gpus();
    if (choice.equalsIgnoreCase("auto")) {
      return gpus == 0 ? List.of(Device.cpu()) : allGpus(gpus);
    }
    List<Device> devices = new ArrayList<>();
    for (String name : choice.toLowerCase(Locale.ROOT).split(",", -1)) {
      devices.add(device(name.strip(), gpus));
    }
    long gpuWorkers = devices.stream().filter(Device::isGpu).count();
    if (gpuWorkers > 0 && gpuWorkers < devices.size()) {
      throw UserException.usage("--device " + choice + " mixes a CPU with GPUs; name one kind");
    }
    for (Device device : devices) {
      if (device.isGpu() && Collections.frequency(devices, device) > 1) {
        throw UserException.usage("--device " + choice + " names a GPU twice");
      }
    }
    return List.copyOf(devices);
  }

  private static List<Device> allGpus(int gpus) {
    List<Device> devices = new ArrayList<>();
    for (int i = 0; i < gpus; i++) {
      devices.add(Device.gpu(i));
    }
    return List.copyOf(devices);
  }

  private static Device device(String name, int gpus) {
    if (name.equals("cpu")) {
      return Device.cpu();
    }
    if (!name.matches("cuda(:\\d{1,3})?")) {
      throw UserException.usage(
          "--device '"
              + name
              + "' is unknown; it takes auto, cpu, cuda, or a list such as cuda:0,cuda:1");
    }
    int index = name.equals("cuda") ? 0 : Integer.parseInt(name.substring("cuda:".length()));
    if (index >= gpus) {
      throw UserException.usage(
          "--device %s: the engine sees %d GPU(s); 'repartee doctor' says why, docs/gpu.md how to install one"
              .formatted(name, gpus));
    }
    return Device.gpu(index);
  }

  /**
   * A GPU's compute capability times ten, such as 75 for a T4. 0 for a CPU, and where CUDA does not
   * report it.
   */
  public static int computeCapability(Device device) {
    if (!device.isGpu()) {
      return 0;
    }
    String version = CudaUtils.getComputeCapability(device.getDeviceId());
    return version == null || version.isEmpty() ? 0 : Integer.parseInt(version.replace(".", ""));
  }

  /**
   * The precision for training. On a GPU, BF16 from compute capability 8.0 (Ampere) on, FP16 from
   * 7.0 on (Volta, and Turing's T4, which has no BF16 although the engine accepts it there), and
   * FP32 below. On a CPU what {@link FastestPrecision} measures.
   */
  public static Precision bestPrecision(Device device) {
    if (!device.isGpu()) {
      return FastestPrecision.forTraining();
    }
    return forCapability(computeCapability(device));
  }

  static Precision forCapability(int capability) {
    if (capability >= BF16_CAPABILITY) {
      return Precision.BF16;
    }
    return capability >= FP16_CAPABILITY ? Precision.FP16 : Precision.FP32;
  }
}
