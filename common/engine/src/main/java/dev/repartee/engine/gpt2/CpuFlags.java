package dev.repartee.engine.gpt2;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A processor's name and those of its instruction sets that libtorch has kernels for.
 *
 * @param model the processor's name, or the architecture's where the system does not give one
 * @param instructionSets as the kernel names them, such as {@code avx512_bf16}
 */
public record CpuFlags(String model, List<String> instructionSets) {

  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  /** x86's, then ARM's. */
  private static final List<String> USEFUL =
      List.of(
          "avx2",
          "fma",
          "avx512f",
          "avx512_vnni",
          "avx512_bf16",
          "amx_bf16",
          "amx_int8",
          "asimd",
          "sve",
          "bf16",
          "i8mm");

  /** This machine's; without instruction sets where the system does not list them. */
  public static CpuFlags ofThisMachine() {
    try {
      return parse(Files.isReadable(CPU_INFO) ? Files.readString(CPU_INFO) : "");
    } catch (IOException e) {
      return parse("");
    }
  }

  /** Reads the text of Linux's {@code /proc/cpuinfo}. */
  public static CpuFlags parse(String cpuInfo) {
    String model = System.getProperty("os.arch");
    Set<String> flags = new HashSet<>();
    for (String line : cpuInfo.lines().toList()) {
      int colon = line.indexOf(':');
      String key = colon < 0 ? "" : line.substring(0, colon).strip();
      String value = line.substring(colon + 1).strip();
      switch (key) {
        case "model name" -> model = value;
        case "flags", "Features" -> flags.addAll(Arrays.asList(value.split(" ")));
        default -> {
          // The other fields are not needed.
        }
      }
    }
    return new CpuFlags(model, USEFUL.stream().filter(flags::contains).toList());
  }
}
