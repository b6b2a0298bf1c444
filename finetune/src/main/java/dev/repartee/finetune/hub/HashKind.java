package dev.repartee.finetune.hub;

/** Which hash the hub gives of a file. */
enum HashKind {
  /** Of the content; for files in large file storage. */
  SHA256("SHA-256", 64),
  /** SHA-1 of {@code blob SIZE}, a zero byte and the content; for all other files. */
  GIT_BLOB("SHA-1", 40);

  private final String algorithm;
  private final int digits;

  HashKind(String algorithm, int digits) {
    this.algorithm = algorithm;
    this.digits = digits;
  }

  /** As {@code MessageDigest} names it. */
  String algorithm() {
    return algorithm;
  }

  /** The hash's length in hexadecimal. */
  int digits() {
    return digits;
  }
}
