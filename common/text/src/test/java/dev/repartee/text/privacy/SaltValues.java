package dev.repartee.text.privacy;

import dev.repartee.text.privacy.SaltedCorpus.Salt;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Makes up values of each kind in the formats in which people write them. */
final class SaltValues {

  private static final List<String> KNOWN_NAMES =
      List.of(
          "Maria Gonzalez",
          "John Smith",
          "Priya",
          "Ahmed Hassan",
          "Emily",
          "David O'Brien",
          "Sarah",
          "Michael van der Berg",
          "Anna-Lena Schmidt",
          "James T. Cooper",
          "Fatima",
          "Carlos",
          "Jean-Pierre Dubois",
          "Katarzyna Nowak",
          "Hiroshi Tanaka",
          "Jennifer Lee",
          "Olga",
          "José Martínez",
          "Zoë Müller",
          "Robert Brown",
          "Nguyen Linh",
          "Thomas");
  private static final List<String> ONSETS =
      List.of(
          "B", "Dr", "F", "G", "K", "L", "M", "N", "Qu", "R", "S", "Th", "V", "W", "X", "Z", "Tr");
  private static final List<String> RHYMES =
      List.of("alo", "exi", "olvan", "irma", "unto", "adrik", "orell", "ymir", "enka", "oszu");
  private static final List<String> ENDINGS =
      List.of("smere", "wick", "quist", "ovar", "ishi", "enko", "ulade", "thorn", "ezal", "bryn");
  private static final List<String> HOSTS =
      List.of("example", "qmail", "blue-sky", "nordwind", "zyxcorp", "my-shop24");
  private static final List<String> DOMAINS =
      List.of("com", "org", "net", "co.uk", "de", "io", "fr");
  private static final List<String> MONTHS =
      List.of(
          "January",
          "February",
          "March",
          "April",
          "May",
          "June",
          "July",
          "August",
          "September",
          "October",
          "November",
          "December");
  private static final List<String> SHORT_MONTHS =
      List.of("Jan", "Feb", "Mar", "Apr", "Jun", "Jul", "Aug", "Sept", "Oct", "Nov", "Dec");

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

  private final Random random;

  SaltValues(Random random) {
    this.random = random;
  }

  <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  String of(Salt kind, boolean cued) {
    return switch (kind) {
      case NAME -> cued && random.nextInt(3) > 0 ? unheardName() : pick(KNOWN_NAMES);
      case EMAIL -> email();
      case PHONE -> phone();
      case URL -> url();
      case CARD -> card();
      case ACCOUNT -> account();
      case ORDER -> order();
      case TICKET -> ticket();
      case DATE -> date();
      case TIME -> time();
      case MONEY -> money();
      case ADDRESS -> address();
    };
  }

  private String unheardName() {
    String given = pick(ONSETS) + pick(RHYMES);
    String family = pick(ONSETS) + pick(RHYMES) + pick(ENDINGS);
    return switch (random.nextInt(6)) {
      case 0 -> given;
      case 1 -> given + " " + pick(ONSETS).charAt(0) + ". " + family;
      case 2 -> given + "-" + pick(ONSETS) + pick(RHYMES) + " " + family;
      case 3 -> given + " O'" + family;
      default -> given + " " + family;
    };
  }

  private String email() {
    String user = (pick(ONSETS) + pick(RHYMES)).toLowerCase(Locale.ROOT);
    String host = pick(HOSTS);
    String domain = pick(DOMAINS);
    return switch (random.nextInt(7)) {
      case 0 -> user + "." + pick(RHYMES) + "@" + host + "." + domain;
      case 1 -> user + digits(2) + "@" + host + "." + domain;
      case 2 -> user + "+shop@mail." + host + "." + domain;
      case 3 -> (user + "_" + pick(RHYMES) + "@" + host + "." + domain).toUpperCase(Locale.ROOT);
      case 4 -> user + " at " + host + " dot " + domain.replace(".", " dot ");
      case 5 -> user + " (at) " + host + " (dot) " + domain.replace(".", " (dot) ");
      default -> user + "@" + host + "." + domain;
    };
  }

  private String phone() {
    String last = digits(4);
    return switch (random.nextInt(12)) {
      case 0 -> "(" + area() + ") 555-" + last;
      case 1 -> area() + "-555-" + last;
      case 2 -> area() + "." + area() + "." + last;
      case 3 -> "+1 " + area() + " 555 " + last;
      case 4 -> "+44 20 7946 " + last;
      case 5 -> "+49 170 " + digits(7);
      case 6 -> "0" + digits(2).replace('0', '3') + "/" + digits(7);
      case 7 -> "555-" + last;
      case 8 -> area() + "-555-" + last + " ext. " + digits(3);
      case 9 -> "+4917" + digits(8);
      case 10 -> area() + "555" + last;
      default -> "01 42 68 " + digits(2) + " " + digits(2);
    };
  }

  private String area() {
    return (2 + random.nextInt(7)) + digits(2);
  }

  private String url() {
    String site = pick(HOSTS) + "." + pick(DOMAINS);
    return switch (random.nextInt(7)) {
      case 0 -> "https://" + site + "/a/b?id=" + digits(3) + "&x=y";
      case 1 -> "http://www." + site;
      case 2 -> "www." + site + "/help";
      case 3 -> site;
      case 4 -> "shop." + site + "/p/" + digits(4) + ".html";
      case 5 -> "10." + random.nextInt(256) + ".0." + random.nextInt(256);
      default -> ("www." + site).toUpperCase(Locale.ROOT);
    };
  }

  private String card() {
    String number = withCheckDigit("4" + digits(14));
    String separator = pick(List.of("", " ", "-", ".", " "));
    if (random.nextInt(5) == 0) {
      String amex = withCheckDigit("37" + digits(12));
      return String.join(
          separator, amex.substring(0, 4), amex.substring(4, 10), amex.substring(10));
    }
    return String.join(
        separator,
        number.substring(0, 4),
        number.substring(4, 8),
        number.substring(8, 12),
        number.substring(12));
  }

  private static String withCheckDigit(String digits) {
    int sum = 0;
    for (int i = digits.length() - 1, place = 0; i >= 0; i--, place++) {
      int digit = digits.charAt(i) - '0';
      int value = place % 2 == 0 ? 2 * digit : digit;
      sum += value > 9 ? value - 9 : value;
    }
    return digits + (10 - sum % 10) % 10;
  }

  private String account() {
    return switch (random.nextInt(6)) {
      case 0 -> digits(8);
      case 1 -> digits(10);
      case 2 -> "DE89 3704 0044 0532 0130 00";
      case 3 -> "GB82WEST12345698765432";
      case 4 -> digits(4) + "-" + digits(6);
      default -> (100 + random.nextInt(900)) + "-" + digits(2) + "-" + digits(4);
    };
  }

  private String order() {
    return switch (random.nextInt(6)) {
      case 0 -> "#A-" + digits(5);
      case 1 -> "#" + digits(5);
      case 2 -> letters(2) + digits(2) + "-" + letters(2) + digits(2) + "-" + digits(2);
      case 3 -> digits(3) + "-" + digits(7) + "-" + digits(7);
      case 4 -> letters(2) + digits(1) + letters(1) + digits(1) + letters(1);
      default -> digits(7);
    };
  }

  private String ticket() {
    return switch (random.nextInt(6)) {
      case 0 -> "INC" + digits(7);
      case 1 -> "#" + digits(6);
      case 2 -> "CASE-" + digits(4);
      case 3 -> letters(3) + "-" + digits(4);
      case 4 -> "1Z" + letters(3) + digits(9);
      default -> "T" + digits(6);
    };
  }

  private String date() {
    int day = 1 + random.nextInt(28);
    String two = "%02d".formatted(day);
    String month = "%02d".formatted(1 + random.nextInt(12));
    int year = 2018 + random.nextInt(9);
    return switch (random.nextInt(12)) {
      case 0 -> year + "-" + month + "-" + two;
      case 1 -> month + "/" + two + "/" + year;
      case 2 -> two + "." + month + "." + year;
      case 3 -> pick(MONTHS) + " " + ordinal(day) + ", " + year;
      case 4 -> day + " " + pick(MONTHS);
      case 5 -> "the " + ordinal(day) + " of " + pick(MONTHS);
      case 6 -> pick(SHORT_MONTHS) + " " + day;
      case 7 -> two + "/" + month;
      case 8 -> day + " " + pick(SHORT_MONTHS) + " " + year;
      case 9 -> (pick(MONTHS) + " " + ordinal(day)).toLowerCase(Locale.ROOT);
      case 10 -> two + "-" + pick(SHORT_MONTHS) + "-" + year;
      default -> month + "/" + two + "/" + year % 100;
    };
  }

  private static String ordinal(int day) {
    return day
        + switch (day) {
          case 1, 21 -> "st";
          case 2, 22 -> "nd";
          case 3, 23 -> "rd";
          default -> "th";
        };
  }

  private String time() {
    int hour = 1 + random.nextInt(12);
    String minute = pick(List.of("00", "05", "15", "30", "45", "59"));
    return switch (random.nextInt(9)) {
      case 0 -> hour + "pm";
      case 1 -> hour + " AM";
      case 2 -> hour + ":" + minute;
      case 3 -> hour + ":" + minute + " p.m";
      case 4 -> (12 + random.nextInt(12)) + ":" + minute;
      case 5 -> hour + " o'clock";
      case 6 ->
          pick(List.of("half past ", "quarter to ")) + pick(List.of("five", "nine", "eleven"));
      case 7 -> hour + "." + minute + "pm";
      default -> pick(List.of("seven", "ten", "six thirty")) + " pm";
    };
  }

  private String money() {
    String whole = String.valueOf(1 + random.nextInt(900));
    return switch (random.nextInt(12)) {
      case 0 -> "$" + whole;
      case 1 -> "$1," + digits(3) + ".50";
      case 2 -> whole + " dollars";
      case 3 -> "EUR " + whole;
      case 4 -> "€1." + digits(3) + ",50";
      case 5 -> whole + "€";
      case 6 -> "£" + whole + ".99";
      case 7 -> whole + " bucks";
      case 8 -> pick(List.of("twenty dollars", "two hundred and fifty euros", "fifty cents"));
      case 9 -> "Rs " + whole;
      case 10 -> whole + ".00 USD";
      default -> "¥" + whole + "00";
    };
  }

  private String digits(int count) {
    StringBuilder text = new StringBuilder();
    text.append(1 + random.nextInt(9));
    for (int i = 1; i < count; i++) {
      text.append(random.nextInt(10));
    }
    return text.toString();
  }

  private String letters(int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append((char) ('A' + random.nextInt(26)));
    }
    return text.toString();
  }

  /** As they are written in several countries. */
  private String address() {
    int number = 1 + random.nextInt(990);
    String street = pick(STREETS) + " " + pick(TYPES);
    return switch (random.nextInt(14)) {
      case 0 -> number + " " + street;
      case 1 -> number + " " + street + ", " + pick(PLACES);
      case 2 -> number + " " + street + ", Apt " + (1 + number % 40) + ", " + pick(PLACES);
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
}
