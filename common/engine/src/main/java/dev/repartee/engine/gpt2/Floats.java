package dev.repartee.engine.gpt2;

import dev.repartee.text.UserException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;

/** Floating-point tensors as files hold them, widened to FP32 without passing through libtorch. */
final class Floats {

  private Floats() {}

  /**
   * The tensor's values as little-endian FP32 in a direct buffer: the file's own bytes where they
   * are FP32 already.
   */
  static ByteBuffer decode(String name, Safetensors.Entry entry, ByteBuffer bytes) {
    return switch (entry.dtype()) {
      case "F32" -> bytes;
      case "F16" -> widen(bytes, Float::float16ToFloat);
      case "BF16" -> widen(bytes, bits -> Float.intBitsToFloat(bits << Short.SIZE));
      default ->
          throw new UserException(
              "tensor '%s' has type %s; F32, F16 and BF16 can be read"
                  .formatted(name, entry.dtype()));
    };
  }

  @FunctionalInterface
  private interface ToFloat {
    float apply(short bits);
  }

  private static ByteBuffer widen(ByteBuffer bytes, ToFloat toFloat) {
    ShortBuffer narrow = bytes.asShortBuffer();
    ByteBuffer wide =
        ByteBuffer.allocateDirect(Math.multiplyExact(narrow.remaining(), Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    FloatBuffer values = wide.asFloatBuffer();
    for (int i = 0; i < narrow.limit(); i++) {
      values.put(i, toFloat.apply(narrow.get(i)));
    }
    return wide;
  }
}
