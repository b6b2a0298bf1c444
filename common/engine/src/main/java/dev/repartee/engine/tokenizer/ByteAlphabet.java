package dev.repartee.engine.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * GPT-2's alphabet: one visible character for each byte, in which vocabularies and merges are
 * written. Printable bytes of Latin-1 stand for themselves, the other 68 take the characters from
 * U+0100 on; the space becomes U+0120 (Ġ). Source: {@code bytes_to_unicode} in OpenAI's {@code
 * encoder.py}.
 */
public final class ByteAlphabet {

  /** How many bytes, and so characters, there are. */
  public static final int SIZE = 256;

  private static final char[] SYMBOL_OF_BYTE = new char[SIZE];
  private static final short[] BYTE_OF_SYMBOL = new short[2 * SIZE];

  static {
    Arrays.fill(BYTE_OF_SYMBOL, (short) -1);
    char next = SIZE;
    for (int value = 0; value < SIZE; value++) {
      char symbol = isPrintable(value) ? (char) value : next++;
      SYMBOL_OF_BYTE[value] = symbol;
      BYTE_OF_SYMBOL[symbol] = (short) value;
    }
  }

  private ByteAlphabet() {}

  private static boolean isPrintable(int value) {
    boolean softHyphen = value == 0xAD;
    return (value >= '!' && value <= '~') || (value >= 0xA1 && !softHyphen);
  }

  /** The characters of {@code bytes}, one each. */
  public static String symbols(byte[] bytes) {
    char[] symbols = new char[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      symbols[i] = SYMBOL_OF_BYTE[Byte.toUnsignedInt(bytes[i])];
    }
    return new String(symbols);
  }

  /**
   * The bytes that a token of a vocabulary stands for. A token with a character from outside the
   * alphabet stands for itself, in UTF-8, as in Hugging Face's decoder.
   */
  public static byte[] bytes(String token) {
    byte[] bytes = new byte[token.length()];
    for (int i = 0; i < bytes.length; i++) {
      char symbol = token.charAt(i);
      if (symbol >= BYTE_OF_SYMBOL.length || BYTE_OF_SYMBOL[symbol] < 0) {
        return token.getBytes(StandardCharsets.UTF_8);
      }
      bytes[i] = (byte) BYTE_OF_SYMBOL[symbol];
    }
    return bytes;
  }
}
