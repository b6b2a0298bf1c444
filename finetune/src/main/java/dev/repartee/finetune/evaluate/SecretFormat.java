package dev.repartee.finetune.evaluate;

import java.util.Random;

/**
 * What a secret looks like: {@code #} stands for a random digit, {@code ?} for a random letter in
 * the secret's case, everything else for itself.
 */
record SecretFormat(String text) {

  private static final int DIGITS = 10;
  private static final int LETTERS = 26;

  /** Fewer could be guessed, and say nothing about memory. */
  private static final double LEAST_BITS = Math.log(10_000) / Math.log(2);

  SecretFormat {
    if (bits(text) < LEAST_BITS - 1e-9) {
      throw new IllegalArgumentException(
          "format '"
              + text
              + "' must leave 10000 secrets or more, which four '#' (digits) or three '?' (letters) do");
    }
  }

  /** The format of a secret in which every digit is random. */
  static SecretFormat of(String secret) {
    return new SecretFormat(secret.replaceAll("[0-9]", "#"));
  }

  private static boolean isRandom(char place) {
    return place == '#' || place == '?';
  }

  private static double bits(String text) {
    return text.chars()
        .filter(place -> isRandom((char) place))
        .mapToDouble(place -> Math.log(place == '#' ? DIGITS : LETTERS) / Math.log(2))
        .sum();
  }

  /** Of all secrets that look like this, the logarithm to base 2. */
  double bits() {
    return bits(text);
  }

  /** How many places from {@code from} to before {@code to} are random. */
  int randomPlaces(int from, int to) {
    return Math.toIntExact(
        text.substring(from, to).chars().filter(place -> isRandom((char) place)).count());
  }

  /** Whether {@code secret} looks like this. */
  boolean fits(String secret) {
    if (secret.length() != text.length()) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char place = text.charAt(i);
      char found = secret.charAt(i);
      boolean fits =
          switch (place) {
            case '#' -> found >= '0' && found <= '9';
            case '?' -> (found >= 'a' && found <= 'z') || (found >= 'A' && found <= 'Z');
            default -> found == place;
          };
      if (!fits) {
        return false;
      }
    }
    return true;
  }

  /** Another secret that looks like {@code secret}. */
  String another(String secret, Random random) {
    StringBuilder drawn = new StringBuilder();
    do {
      drawn.setLength(0);
      for (int i = 0; i < text.length(); i++) {
        drawn.append(
            switch (text.charAt(i)) {
              case '#' -> (char) ('0' + random.nextInt(DIGITS));
              case '?' ->
                  (char)
                      ((Character.isUpperCase(secret.charAt(i)) ? 'A' : 'a')
                          + random.nextInt(LETTERS));
              default -> secret.charAt(i);
            });
      }
    } while (drawn.toString().equals(secret));
    return drawn.toString();
  }
}
