package dev.repartee.engine.suggest;

import dev.repartee.engine.tokenizer.Gpt2Tokenizer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Finds the tokens that can continue a text of which some bytes are fixed already: those that begin
 * with the fixed bytes, and those that the fixed bytes begin with.
 */
final class TokenIndex {

  private final byte[][] bytes; // by token id
  private final int[] sorted; // ids of non-empty tokens, by their bytes

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
  }

  /** The bytes that a token stands for; empty for a marker. */
  byte[] bytes(int id) {
    return id < bytes.length ? bytes[id] : new byte[0];
  }

  /** Whether a word ends before a token. */
  boolean endsWord(int id) {
    return bytes(id).length == 0 || !Words.isWord(bytes(id)[0]);
  }

  /** The ids of all tokens compatible with {@code fixed}, which is not empty. */
  int[] compatible(byte[] fixed) {
    IntStream.Builder ids = IntStream.builder();
    for (int length = 1; length < fixed.length; length++) {
      byte[] prefix = Arrays.copyOf(fixed, length);
      int at = firstNotBelow(prefix);
      if (at < sorted.length && Arrays.equals(bytes[sorted[at]], prefix)) {
        ids.add(sorted[at]);
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
