package dev.repartee.clustering.count;

/**
 * 64-bit hashes that are the same on every machine: FNV-1a over UTF-16 units, mixed as in
 * MurmurHash3, so that the smallest ones are a fair sample.
 */
final class Hash64 {

  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  /** 2 to the 64 over the golden ratio: steps that spread over all values. */
  private static final long STEP = 0x9e3779b97f4a7c15L;

  private Hash64() {}

  static long of(String text) {
    long hash = FNV_OFFSET;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * FNV_PRIME;
    }
    return mixed(hash);
  }

  /** The hash of something's part {@code index}, from the hash of the whole. */
  static long of(long hash, int index) {
    return mixed(hash + (index + 1) * STEP);
  }

  private static long mixed(long hash) {
    long h = hash;
    h = (h ^ (h >>> 33)) * 0xff51afd7ed558ccdL;
    h = (h ^ (h >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return h ^ (h >>> 33);
  }
}
