package dev.repartee.engine.gpt2;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * The number format of matrix products and attention; everything else stays FP32. {@link #INT8} is
 * for inference on the CPU only, and rounds only what matrix products multiply.
 */
public enum Precision {
  FP32(6),
  FP16(5),
  BF16(15),
  INT8(12);

  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
  private static final Pattern BF16_FLAG = Pattern.compile("\\b(avx512_bf16|amx_bf16|bf16)\\b");

  private final int scalarType;

  Precision(int scalarType) {
    this.scalarType = scalarType;
  }

  /** libtorch's number of the type, its {@code ScalarType}. */
  public int scalarType() {
    return scalarType;
  }

  /**
   * Whether the CPU has BF16 instructions. Without them BF16 is emulated, a hundred times slower;
   * with them it can still be slower than FP32, which {@link FastestPrecision} measures.
   */
  static boolean cpuHasBf16() {
    try {
      return Files.isReadable(CPU_INFO) && BF16_FLAG.matcher(Files.readString(CPU_INFO)).find();
    } catch (IOException e) {
      return false;
    }
  }
}
