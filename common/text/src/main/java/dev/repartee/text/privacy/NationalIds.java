package dev.repartee.text.privacy;

import static dev.repartee.text.privacy.PatternRule.cased;

import dev.repartee.text.privacy.PatternRule.Match;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The numbers under which states register people, which check digits tell from other numbers. */
final class NationalIds {

  private static final String BEFORE = "(?<![\\p{IsLatin}\\p{N}.-])";
  private static final String AFTER = "(?![\\p{IsLatin}\\p{N}]|[.-]\\d)";
  private static final String LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE";
  private static final int[] ODD = {
    1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23
  };

  private NationalIds() {}

  /** The rules of these regions; {@code other} tells numbers that a cue makes something else. */
  static List<PatternRule> of(List<String> regions, Predicate<Match> other) {
    return regions.stream()
        .flatMap(NationalIds::of)
        .map(
            id ->
                cased(Signs.FOUR_DIGITS, BEFORE + "(?:" + id.pattern() + ")" + AFTER)
                    .when(
                        match ->
                            !other.test(match)
                                && id.check()
                                    .test(
                                        match
                                            .typed()
                                            .replaceAll("[ ./+-]", "")
                                            .toUpperCase(Locale.ROOT))))
        .toList();
  }

  private record Id(String pattern, Predicate<String> check) {}

  private static Stream<Id> of(String region) {
    return switch (region) {
      case "NL" -> // burgerservicenummer
          Stream.of(
              new Id(
                  "\\d{9}|\\d{4}\\.\\d{2}\\.\\d{3}|\\d{3}[ .]\\d{3}[ .]\\d{3}",
                  id -> sum(id, 9, 8, 7, 6, 5, 4, 3, 2, -1) % 11 == 0));
      case "BE" -> // rijksregisternummer, numéro national
          Stream.of(
              new Id(
                  "\\d{2}\\.?\\d{2}\\.?\\d{2}[ -]?\\d{3}[ .]?\\d{2}",
                  id ->
                      isBelgian(id.substring(0, 9), id)
                          || isBelgian("2" + id.substring(0, 9), id)));
      case "DE" ->
          Stream.of(
              // Steueridentifikationsnummer
              new Id("[1-9]\\d ?\\d{3} ?\\d{3} ?\\d{3}", NationalIds::isIso7064),
              // Rentenversicherungsnummer
              new Id("\\d{2} ?\\d{6} ?[A-Za-z] ?\\d{2} ?\\d", NationalIds::isPension));
      case "FR" -> // numéro de sécurité sociale
          Stream.of(
              new Id(
                  "[12] ?\\d{2} ?\\d{2} ?(?:\\d{2}|2[ABab]) ?\\d{3} ?\\d{3} ?\\d{2}",
                  NationalIds::isFrench));
      case "ES" -> // DNI, NIE
          Stream.of(
              new Id("\\d{2}\\.?\\d{3}\\.?\\d{3}[ -]?[A-Za-z]", id -> isSpanish(id, id)),
              new Id(
                  "[XYZxyz][ -]?\\d{7}[ -]?[A-Za-z]",
                  id -> isSpanish("XYZ".indexOf(id.charAt(0)) + id.substring(1), id)));
      case "IT" -> // codice fiscale
          Stream.of(
              new Id(
                  "[A-Za-z]{3} ?[A-Za-z]{3} ?\\d{2}[A-Za-z]\\d{2} ?[A-Za-z]\\d{3}[A-Za-z]",
                  NationalIds::isItalian));
      case "PT" -> // NIF
          Stream.of(
              new Id(
                  "\\d{3} ?\\d{3} ?\\d{3}",
                  id -> id.charAt(8) - '0' == lastOf11(sum(id, 9, 8, 7, 6, 5, 4, 3, 2))));
      case "BR" -> // CPF
          Stream.of(
              new Id(
                  "\\d{3}\\.?\\d{3}\\.?\\d{3}[ -]?\\d{2}",
                  id ->
                      id.charAt(9) - '0' == lastOf11(sum(id, 10, 9, 8, 7, 6, 5, 4, 3, 2))
                          && id.charAt(10) - '0'
                              == lastOf11(sum(id, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2))));
      case "JP" -> // individual number
          Stream.of(
              new Id(
                  "\\d{4}[ -]?\\d{4}[ -]?\\d{4}",
                  id -> id.charAt(11) - '0' == lastOf11(sum(id, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2))));
      case "CN" -> // resident identity number
          Stream.of(
              new Id(
                  "\\d{17}[\\dXx]",
                  id ->
                      "10X98765432"
                              .charAt(
                                  sum(id, 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2) % 11)
                          == id.charAt(17)));
      case "PL" -> // PESEL
          Stream.of(
              new Id(
                  "\\d{2}(?:[02468][1-9]|[13579][0-2])(?:0[1-9]|[12]\\d|3[01])\\d{5}",
                  id -> sum(id, 1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1) % 10 == 0));
      case "SE" -> // personnummer
          Stream.of(
              new Id("(?:19|20)?\\d{6}[+-]\\d{4}", id -> isLuhn(id.substring(id.length() - 10))));
      case "DK" -> // CPR: its check digit is no longer always kept, so the date decides
          Stream.of(new Id("(?:0[1-9]|[12]\\d|3[01])(?:0[1-9]|1[0-2])\\d{2}-\\d{4}", id -> true));
      default -> Stream.of();
    };
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

  private static boolean isLuhn(String digits) {
    int sum = 0;
    for (int i = 0; i < digits.length(); i++) {
      int value = (digits.charAt(digits.length() - 1 - i) - '0') * (1 + i % 2);
      sum += value / 10 + value % 10;
    }
    return sum % 10 == 0;
  }
}
