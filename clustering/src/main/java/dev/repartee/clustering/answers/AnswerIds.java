package dev.repartee.clustering.answers;

import dev.repartee.text.io.Sha256;

/** Names answers by what they say, so that an answer found again has the name it had. */
final class AnswerIds {

  /** Of 10,000 answers two share these 40 bits with a chance of 1 in 20,000. */
  private static final int HEX_DIGITS = 10;

  private AnswerIds() {}

  /** The id of the answer with this masked text. */
  static String of(String key) {
    return "a-" + Sha256.of(key).substring(0, HEX_DIGITS);
  }
}
