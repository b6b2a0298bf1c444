package dev.repartee.clustering.answers;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Names answers by what they say, so that an answer found again has the name it had. */
final class AnswerIds {

  /** Of 10,000 answers two share these 40 bits with a chance of 1 in 20,000. */
  private static final int HEX_DIGITS = 10;

  private AnswerIds() {}

  /** The id of the answer with this masked text. */
  static String of(String key) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
      return "a-" + HexFormat.of().formatHex(hash).substring(0, HEX_DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
