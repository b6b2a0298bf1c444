package dev.repartee.text;

/**
 * FNV-1a with 64 bits, over the UTF-16 units of a text: the same on every machine and in every
 * version, so files may hold it. Source: Fowler, Noll and Vo, draft-eastlake-fnv, with units of 16
 * bits instead of bytes.
 */
public final class Fnv {

  private static final long BASIS = 0xcbf29ce484222325L;
  private static final long PRIME = 0x100000001b3L;

  private Fnv() {}

  public static long hash(CharSequence text) {
    return hash(text, 0, text.length(), 0);
  }

  /**
   * Of a part of a text.
   *
   * @param salt tells kinds of texts apart; 0 for none
   */
  public static long hash(CharSequence text, int from, int to, long salt) {
    long hash = BASIS + salt;
    for (int i = from; i < to; i++) {
      hash = (hash ^ text.charAt(i)) * PRIME;
    }
    return hash;
  }
}
