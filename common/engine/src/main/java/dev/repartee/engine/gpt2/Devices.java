package dev.repartee.engine.gpt2;

import ai.djl.Device;
import dev.repartee.engine.gpt2.Gpus.Gpu;
import dev.repartee.text.UserException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The devices that {@code --device} comes to on this machine.
 *
 * @param gpus the GPUs to compute on; none for the CPU
 * @param cpuWorkers how often the CPU was named; 0 for GPUs
 * @param why these, for people
 */
public record Devices(List<Gpu> gpus, int cpuWorkers, String why) {

  private static final String NAMES = "it takes auto, cpu, cuda, or a list such as cuda:0,cuda:1";

  /**
   * The devices that {@code choice} names: {@code auto} is every GPU that can be used, or the CPU
   * where there is none; {@code cpu}; {@code cuda} is the first GPU; lists such as {@code
   * cuda:0,cuda:1} name several. A CPU that is named several times trains with as many workers.
   *
   * @throws UserException (wrong usage) when it names something that is no device, or mixes them;
   *     (failure) when it names a GPU that is missing, with what is missing
   */
  public static Devices of(String choice, Gpus machine) {
    if (choice.equalsIgnoreCase("auto")) {
      return automatic(machine);
    }
    List<Integer> indices = new ArrayList<>();
    int cpus = 0;
    for (String part : choice.toLowerCase(Locale.ROOT).split(",", -1)) {
      String name = part.strip();
      if (name.equals("cpu")) {
        cpus++;
      } else if (name.matches("cuda(:\\d{1,3})?")) {
        indices.add(name.equals("cuda") ? 0 : Integer.parseInt(name.substring("cuda:".length())));
      } else {
        throw UserException.usage("--device '" + name + "' is unknown; " + NAMES);
      }
    }
    if (cpus > 0 && !indices.isEmpty()) {
      throw UserException.usage("--device " + choice + " mixes a CPU with GPUs; name one kind");
    }
    if (new HashSet<>(indices).size() < indices.size()) {
      throw UserException.usage("--device " + choice + " names a GPU twice");
    }
    return new Devices(
        indices.stream().map(index -> existing(index, machine)).toList(), cpus, "as --device says");
  }

  private static Devices automatic(Gpus machine) {
    Optional<String> missing = machine.missing();
    if (missing.isPresent()) {
      return new Devices(List.of(), 1, missing.get());
    }
    List<Gpu> usable = machine.all().stream().filter(gpu -> refusal(gpu).isEmpty()).toList();
    if (usable.isEmpty()) {
      return new Devices(List.of(), 1, refusal(machine.all().getFirst()).orElseThrow());
    }
    return new Devices(
        usable,
        0,
        usable.size() == 1
            ? "the GPU that is here"
            : "the " + usable.size() + " GPUs that are here");
  }

  private static Gpu existing(int index, Gpus machine) {
    List<Gpu> all = machine.all();
    String name = "--device cuda:" + index + ": ";
    if (index < all.size()) {
      refusal(all.get(index))
          .ifPresent(
              why -> {
                throw new UserException(name + why);
              });
    }
    machine
        .missing()
        .ifPresent(
            what -> {
              throw new UserException(
                  name + what + "; 'repartee doctor' shows more, --device cpu computes on the CPU");
            });
    if (index >= all.size()) {
      throw new UserException(
          "%sthere are %d GPUs here: %s"
              .formatted(
                  name,
                  all.size(),
                  all.stream().map(Gpu::toString).collect(Collectors.joining(", "))));
    }
    return all.get(index);
  }

  private static Optional<String> refusal(Gpu gpu) {
    return gpu.capability() >= Compute.LEAST_CAPABILITY
        ? Optional.empty()
        : Optional.of(gpu + " is too old: libtorch's CUDA 12.8 has no kernels below 7.5");
  }

  /** The first of them alone, for what runs on one device. */
  public Devices first() {
    return gpus.isEmpty()
        ? new Devices(List.of(), 1, why)
        : new Devices(gpus.subList(0, 1), 0, why);
  }

  /** All of them, as the engine names them. */
  public List<Device> list() {
    List<Device> list = new ArrayList<>();
    for (int i = 0; i < cpuWorkers; i++) {
      list.add(Device.cpu());
    }
    gpus.forEach(gpu -> list.add(Device.gpu(gpu.index())));
    return list;
  }

  /** Which devices, and why, in one line. */
  @Override
  public String toString() {
    String names =
        gpus.isEmpty()
            ? cpuWorkers == 1 ? "cpu" : cpuWorkers + " workers on the cpu"
            : gpus.stream().map(Gpu::toString).collect(Collectors.joining(", "));
    return names + " (" + why + ")";
  }
}
