package dev.repartee.engine.gpt2;

import java.util.Set;

/**
 * The number format of matrix products and attention; everything else stays FP32. {@link #INT8} is
 * for inference on the CPU only, and rounds only what matrix products multiply.
 */
public enum Precision {
  FP32(6),
  FP16(5),
  BF16(15),
  INT8(12);

  private static final Set<String> BF16_FLAGS = Set.of("avx512_bf16", "amx_bf16", "bf16");

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
  public static boolean cpuHasBf16() {
    return CpuFlags.ofThisMachine().instructionSets().stream().anyMatch(BF16_FLAGS::contains);
  }
}
