package dev.repartee.registry.models;

/**
 * How files come and go.
 *
 * @param partBytes files of more bytes travel in parts of as many
 * @param threads how many parts and files travel at the same time
 */
record TransferOptions(int partBytes, int threads) {

  TransferOptions {
    if (partBytes < 1 || threads < 1) {
      throw new IllegalArgumentException(
          "partBytes and threads must be at least 1 but are " + partBytes + " and " + threads);
    }
  }

  static TransferOptions defaults() {
    return new TransferOptions(32 << 20, 4);
  }
}
