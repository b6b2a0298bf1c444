package dev.repartee.common.gpt2;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** What matrix products and attention are computed in; everything else stays FP32. */
public enum Precision {
  FP32(6),
  FP16(5),
  BF16(15);

  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
  private static final Pattern BF16_FLAG = Pattern.compile("\\b(avx512_bf16|amx_bf16|bf16)\\b");

  private final int scalarType;

  Precision(int scalarType) {
    this.scalarType = scalarType;
  }

  /** libtorch's number of the type. */
  public int scalarType() {
    return scalarType;
  }

  /** BF16 where the CPU computes with it natively (it is slower than FP32 elsewhere), else FP32. */
  public static Precision best() {
    return cpuHasBf16() ? BF16 : FP32;
  }

  private static boolean cpuHasBf16() {
    try {
      return Files.isReadable(CPU_INFO) && BF16_FLAG.matcher(Files.readString(CPU_INFO)).find();
    } catch (IOException e) {
      return false;
    }
  }
}
