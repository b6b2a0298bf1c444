package dev.repartee.common.registry;

/**
 * How large files are downloaded.
 *
 * @param partBytes files of more bytes arrive in parts of as many
 * @param threads how many parts arrive at the same time
 */
record DownloadOptions(int partBytes, int threads) {

  DownloadOptions {
    if (partBytes < 1 || threads < 1) {
      throw new IllegalArgumentException(
          "partBytes and threads must be at least 1 but are " + partBytes + " and " + threads);
    }
  }

  static DownloadOptions defaults() {
    return new DownloadOptions(32 << 20, 4);
  }
}
