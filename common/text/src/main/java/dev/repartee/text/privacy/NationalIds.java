package dev.repartee.text.privacy;

import dev.repartee.text.privacy.PatternRule.Match;
import java.math.BigInteger;
import java.util.Locale;
import java.util.function.Predicate;

/** The check digits of the numbers under which states register people. */
final class NationalIds {

  private static final String LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE";
  private static final int[] ODD = {
    1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23
  };

  private NationalIds() {}

  /** The check that a rule of {@code rules.txt} names. */
  static Predicate<Match> check(String name) {
    Predicate<String> valid =
        switch (name) {
          case "isDutchId" -> id -> sum(id, 9, 8, 7, 6, 5, 4, 3, 2, -1) % 11 == 0;
          case "isBelgianId" ->
              id -> isBelgian(id.substring(0, 9), id) || isBelgian("2" + id.substring(0, 9), id);
          case "isGermanTaxId" -> NationalIds::isIso7064;
          case "isGermanPensionId" -> NationalIds::isPension;
          case "isFrenchId" -> NationalIds::isFrench;
          case "isSpanishId" -> id -> isSpanish(id, id);
          case "isSpanishResidentsId" ->
              id -> isSpanish("XYZ".indexOf(id.charAt(0)) + id.substring(1), id);
          case "isItalianId" -> NationalIds::isItalian;
          case "isPortugueseId" ->
              id -> id.charAt(8) - '0' == lastOf11(sum(id, 9, 8, 7, 6, 5, 4, 3, 2));
          case "isBrazilianId" ->
              id ->
                  id.charAt(9) - '0' == lastOf11(sum(id, 10, 9, 8, 7, 6, 5, 4, 3, 2))
                      && id.charAt(10) - '0' == lastOf11(sum(id, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2));
          case "isJapaneseId" ->
              id -> id.charAt(11) - '0' == lastOf11(sum(id, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2));
          case "isChineseId" -> NationalIds::isChinese;
          case "isPolishId" -> id -> sum(id, 1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1) % 10 == 0;
          case "isSwedishId" -> id -> RuleChecks.hasLuhnDigit(id.substring(id.length() - 10));
          case "isDanishId" -> id -> true; // no check digit is always kept, so the date decides
          default -> throw new IllegalArgumentException("no check is named '" + name + "'");
        };
    return match -> valid.test(match.typed().replaceAll("[ ./+-]", "").toUpperCase(Locale.ROOT));
  }

  private static int sum(String digits, int... weights) {
    int sum = 0;
    for (int i = 0; i < weights.length; i++) {
      sum += weights[i] * (digits.charAt(i) - '0');
    }
    return sum;
  }

  private static int lastOf11(int sum) {
    int rest = sum % 11;
    return rest < 2 ? 0 : 11 - rest;
  }

  private static boolean isChinese(String id) {
    int sum = sum(id, 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2);
    return "10X98765432".charAt(sum % 11) == id.charAt(17);
  }

  private static boolean isBelgian(String number, String id) {
    return 97 - Long.parseLong(number) % 97 == Integer.parseInt(id.substring(9));
  }

  /** ISO 7064 MOD 11,10. */
  private static boolean isIso7064(String id) {
    int product = 10;
    for (int i = 0; i < 10; i++) {
      int sum = (id.charAt(i) - '0' + product) % 10;
      product = (sum == 0 ? 10 : sum) * 2 % 11;
    }
    return (11 - product) % 10 == id.charAt(10) - '0';
  }

  private static boolean isPension(String id) {
    String digits =
        id.substring(0, 8) + "%02d".formatted(id.charAt(8) - 'A' + 1) + id.substring(9, 11);
    int[] weights = {2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1};
    int sum = 0;
    for (int i = 0; i < weights.length; i++) {
      int product = weights[i] * (digits.charAt(i) - '0');
      sum += product / 10 + product % 10;
    }
    return sum % 10 == id.charAt(11) - '0';
  }

  private static boolean isFrench(String id) {
    BigInteger number = new BigInteger(id.substring(0, 13).replace("2A", "19").replace("2B", "18"));
    int key = 97 - number.mod(BigInteger.valueOf(97)).intValue();
    return key == Integer.parseInt(id.substring(13));
  }

  private static boolean isSpanish(String digits, String id) {
    return LETTERS.charAt(Integer.parseInt(digits.substring(0, 8)) % 23)
        == id.charAt(id.length() - 1);
  }

  private static boolean isItalian(String id) {
    int sum = 0;
    for (int i = 0; i < 15; i++) {
      char c = id.charAt(i);
      int value = c <= '9' ? c - '0' : c - 'A';
      sum += i % 2 == 0 ? ODD[value] : value;
    }
    return id.charAt(15) == 'A' + sum % 26;
  }
}
