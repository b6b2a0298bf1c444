package dev.repartee.common.suggest;

import dev.repartee.common.tokenizer.Gpt2Tokenizer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Finds the tokens that can continue a text of which some bytes are fixed already: those that begin
 * with the fixed bytes, and those that the fixed bytes begin with.
 */
final class TokenIndex {

  private final byte[][] bytes; // by token id
  private final int[] sorted; // ids of non-empty tokens, by their bytes
  private final Map<List<Byte>, Integer> idOf = new HashMap<>();

  TokenIndex(Gpt2Tokenizer tokenizer) {
    bytes =
        IntStream.range(0, tokenizer.vocabularySize())
            .mapToObj(tokenizer::bytes)
            .toArray(byte[][]::new);
    sorted =
        IntStream.range(0, bytes.length)
            .filter(id -> bytes[id].length > 0)
            .boxed()
            .sorted(Comparator.comparing(id -> bytes[id], Arrays::compareUnsigned))
            .mapToInt(Integer::intValue)
            .toArray();
    for (int id : sorted) {
      idOf.put(key(bytes[id], bytes[id].length), id);
    }
  }

  private static List<Byte> key(byte[] bytes, int length) {
    Byte[] boxed = new Byte[length];
    for (int i = 0; i < length; i++) {
      boxed[i] = bytes[i];
    }
    return List.of(boxed);
  }

  /** The bytes that a token stands for; empty for a marker. */
  byte[] bytes(int id) {
    return id < bytes.length ? bytes[id] : new byte[0];
  }

  /** The ids of all tokens compatible with {@code fixed}, which is not empty. */
  int[] compatible(byte[] fixed) {
    IntStream.Builder ids = IntStream.builder();
    for (int length = 1; length < fixed.length; length++) {
      Integer id = idOf.get(key(fixed, length));
      if (id != null) {
        ids.add(id);
      }
    }
    for (int at = firstNotBelow(fixed); at < sorted.length; at++) {
      if (!startsWith(bytes[sorted[at]], fixed)) {
        break;
      }
      ids.add(sorted[at]);
    }
    return ids.build().toArray();
  }

  private int firstNotBelow(byte[] wanted) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Arrays.compareUnsigned(bytes[sorted[middle]], wanted) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  static boolean startsWith(byte[] text, byte[] prefix) {
    return text.length >= prefix.length
        && Arrays.equals(text, 0, prefix.length, prefix, 0, prefix.length);
  }
}
