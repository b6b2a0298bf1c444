package dev.repartee.engine.suggest;

import dev.repartee.engine.memory.Words;
import dev.repartee.engine.tokenizer.Gpt2Tokenizer;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * What tokens stand for, and whether they can continue a text of which some bytes are fixed
 * already.
 */
final class TokenIndex {

  private final byte[][] bytes; // by token id

  TokenIndex(Gpt2Tokenizer tokenizer) {
    bytes =
        IntStream.range(0, tokenizer.vocabularySize())
            .mapToObj(tokenizer::bytes)
            .toArray(byte[][]::new);
  }

  /** The bytes that a token stands for; empty for a marker. */
  byte[] bytes(int id) {
    return id < bytes.length ? bytes[id] : new byte[0];
  }

  /** Whether a word ends before a token. */
  boolean endsWord(int id) {
    return bytes(id).length == 0 || !Words.isWord(bytes(id)[0]);
  }

  /** Whether a token begins with {@code fixed}, or {@code fixed} with it; neither is empty. */
  boolean isCompatible(int id, byte[] fixed) {
    byte[] token = bytes(id);
    if (token.length == 0 || token[0] != fixed[0]) {
      return false; // most
    }
    return startsWith(token, fixed) || startsWith(fixed, token);
  }

  static boolean startsWith(byte[] text, byte[] prefix) {
    return text.length >= prefix.length
        && Arrays.equals(text, 0, prefix.length, prefix, 0, prefix.length);
  }
}
