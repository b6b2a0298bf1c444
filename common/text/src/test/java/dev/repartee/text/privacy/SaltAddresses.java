package dev.repartee.text.privacy;

import java.util.List;
import java.util.Random;

/** Makes up postal addresses as they are written in several countries. */
final class SaltAddresses {

  private static final List<String> STREETS =
      List.of(
          "Main", "Oak", "Kestrel", "Old Mill", "Martin Luther King", "5th", "Zanthorpe", "Elm");
  private static final List<String> TYPES =
      List.of("Street", "St", "Ave", "Avenue", "Road", "Lane", "Drive", "Blvd", "Court", "Way");
  private static final List<String> PLACES =
      List.of(
          "Springfield, IL 62704",
          "Austin, TX 78701",
          "Quillford, NY 10001-1234",
          "Reno, NV 89501");

  private SaltAddresses() {}

  static String next(Random random) {
    int number = 1 + random.nextInt(990);
    String street = pick(STREETS, random) + " " + pick(TYPES, random);
    return switch (random.nextInt(14)) {
      case 0 -> number + " " + street;
      case 1 -> number + " " + street + ", " + pick(PLACES, random);
      case 2 -> number + " " + street + ", Apt " + (1 + number % 40) + ", " + pick(PLACES, random);
      case 3 -> number + "B " + street + ", London NW1 6XE";
      case 4 -> "PO Box " + number;
      case 5 -> "Hauptstraße " + number % 100 + ", 10115 Berlin";
      case 6 -> number % 100 + 1 + " rue de Rivoli, 75001 Paris";
      case 7 -> "Calle Mayor " + (1 + number % 90) + ", 28013 Madrid";
      case 8 -> "Hauptstr. " + number % 100 + " a\n10115 Berlin";
      case 9 -> number % 100 + 1 + " bis, impasse des Lilas, 75011 Paris";
      case 10 -> "Am Markt " + (1 + number % 90) + " in 04109 Leipzig";
      case 11 -> number + 100 + " Zanthorpe Crossing Suite " + number + "\nReno, NV 89501";
      case 12 -> "Merziger Str. " + number % 100 + "b";
      default -> "Flat 3, " + number + " " + street;
    };
  }

  private static String pick(List<String> list, Random random) {
    return list.get(random.nextInt(list.size()));
  }
}
