package dev.repartee.text.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.text.io.Resources;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Forms of personal data that have a form of their own, or stand after a cue in one of six
 * languages: made-up values in the sentences of {@code salted-forms.txt}.
 */
class SaltedFormsTest {

  private static final Pattern LINE =
      Pattern.compile("(?<kind>[a-z]+) (?<language>[a-z]{2}): (?<sentence>.*)");

  /** How many values are planted in each sentence. */
  private static final int TIMES = 5;

  private static final String CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  private static final String DIGITS = "0123456789";
  private static final String HEX = DIGITS + "ABCDEF";
  private static final String LETTERS = CAPITALS + CAPITALS.toLowerCase(Locale.ROOT);
  private static final List<String> USERS = List.of("jo", "jo.smith", "anna-lena", "kees77", "p_r");
  private static final List<String> HOSTS =
      List.of("example", "mail", "acme-shop", "posteo", "webmail");
  private static final List<String> TOPS = List.of("com", "nl", "de", "fr", "es", "it", "org");
  private static final List<String> DOTS = List.of(" dot ", " . ", " (dot) ", "[dot]");
  private static final Map<String, List<String>> STREETS =
      Map.of(
          "en",
          List.of("12 baker street", "7 old mill lane, leeds", "221 oak avenue", "3 church close"),
          "nl",
          List.of("kerkstraat 12", "prinsengracht 263", "lange weg 4", "wittelaan 17"),
          "de",
          List.of("hauptstraße 5", "goethestr. 12", "lindenallee 3", "markt 7"),
          "fr",
          List.of("12 rue de la paix", "5 avenue victor hugo", "3 bis chemin des vignes"),
          "es",
          List.of("calle mayor 5", "avenida de la paz 12", "plaza nueva 3"),
          "it",
          List.of("via roma 10", "piazza garibaldi 4", "corso venezia 21"));

  private record Form(String kind, String language, String sentence) {}

  private static List<Form> forms;

  private final Redactor redactor = new Redactor();

  @BeforeAll
  static void read() {
    forms =
        Resources.text(SaltedFormsTest.class, "salted-forms.txt")
            .lines()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .map(SaltedFormsTest::form)
            .toList();
  }

  private static Form form(String line) {
    Matcher matcher = LINE.matcher(line);
    assertThat(matcher.matches()).as(line).isTrue();
    return new Form(matcher.group("kind"), matcher.group("language"), matcher.group("sentence"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "booking",
        "cardcode",
        "password",
        "email",
        "mac",
        "key",
        "plate",
        "money",
        "street",
        "link"
      })
  void nearlyAllOfAKindAreGone(String kind) {
    Random random = new Random(1);
    int planted = 0;
    List<String> missed = new ArrayList<>();
    for (Form form : forms) {
      for (int time = 0; form.kind().equals(kind) && time < TIMES; time++) {
        String value = value(kind, form.language(), random);
        int bar = form.sentence().indexOf('|');
        String tail = form.sentence().substring(bar + 1).replaceFirst("^(?:en|nl|de|fr|es|it)", "");
        String text = form.sentence().substring(0, bar) + value + tail;
        planted++;
        if (!SaltedCorpus.isGone(
            text, bar, bar + value.length(), redactor.redact(text).detections())) {
          missed.add(text);
        }
      }
    }
    assertThat(missed).as("of %d", planted).hasSizeLessThanOrEqualTo(planted / 20);
  }

  @Test
  void cleanSentencesStayAsTheyAre() {
    List<String> touched = new ArrayList<>();
    long clean = 0;
    for (Form form : forms) {
      if (form.kind().equals("clean")) {
        clean++;
        String after = redactor.redact(form.sentence()).text();
        if (!after.equals(form.sentence())) {
          touched.add(form.sentence() + " -> " + after);
        }
      }
    }
    assertThat(touched).as("of %d", clean).hasSizeLessThanOrEqualTo((int) (clean / 100));
  }

  /** A made-up value. */
  private static String value(String kind, String language, Random random) {
    return switch (kind) {
      case "booking" -> some(CAPITALS, 6, random);
      case "cardcode" -> some(DIGITS, 3 + random.nextInt(8) / 7, random);
      case "password" ->
          switch (random.nextInt(4)) {
            case 0 -> some(LETTERS, 5, random) + some(DIGITS, 3, random);
            case 1 -> "hunter" + some(DIGITS, 2, random);
            case 2 -> "Summer" + some(DIGITS, 4, random) + "!";
            default -> "t" + some(DIGITS, 1, random) + "u$" + some(LETTERS, 4, random);
          };
      case "email" -> {
        String dot = one(DOTS, random);
        String user = one(USERS, random);
        yield random.nextBoolean()
            ? user + " at " + one(HOSTS, random) + " dot " + one(TOPS, random)
            : user + " @ " + one(HOSTS, random) + dot + one(TOPS, random);
      }
      case "mac" -> {
        List<String> bytes = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
          bytes.add(some(HEX, 2, random));
        }
        String mac =
            switch (random.nextInt(3)) {
              case 0 -> String.join(":", bytes);
              case 1 -> String.join("-", bytes);
              default -> "%s%s.%s%s.%s%s".formatted(bytes.toArray());
            };
        yield random.nextBoolean() ? mac : mac.toLowerCase(Locale.ROOT);
      }
      case "key" ->
          switch (random.nextInt(5)) {
            case 0 -> "AKIA" + some(CAPITALS + "234567", 16, random);
            case 1 -> "ghp_" + some(LETTERS + DIGITS, 36, random);
            case 2 -> "AIza" + some(LETTERS + DIGITS + "_-", 35, random);
            case 3 -> "sk_live_" + some(LETTERS + DIGITS, 24, random);
            default -> "xoxb-" + some(DIGITS, 12, random) + "-" + some(LETTERS, 24, random);
          };
      case "plate" ->
          switch (random.nextInt(4)) {
            case 0 ->
                some(CAPITALS, 2, random)
                    + some(DIGITS, 2, random)
                    + " "
                    + some(CAPITALS, 3, random);
            case 1 ->
                some(CAPITALS, 2, random)
                    + "-"
                    + some(CAPITALS, 2, random)
                    + " "
                    + some(DIGITS, 3, random);
            case 2 ->
                some(CAPITALS, 2, random)
                    + "-"
                    + some(DIGITS, 3, random)
                    + "-"
                    + some(CAPITALS, 2, random);
            default -> some(DIGITS, 4, random) + " " + some(CAPITALS, 3, random);
          };
      case "money" -> {
        String amount = one(List.of("12", "12,50", "1.250,00", "1 250", "99.95", "50.-"), random);
        String unit =
            one(
                List.of(
                    "€", "EUR", "£", "zł", "PLN", "Kč", "CZK", "Ft", "HUF", "lei", "RON", "лв",
                    "BGN", "kr", "SEK", "NOK", "DKK", "CHF", "ISK", "RSD", "₴", "UAH", "₺", "TRY",
                    "din.", "MKD", "lek", "ALL", "₽"),
                random);
        yield random.nextBoolean() ? amount + " " + unit : unit + " " + amount;
      }
      case "street" -> one(Objects.requireNonNull(STREETS.get(language)), random);
      case "link" ->
          one(
              List.of(
                  "acme-refund.click/pay",
                  "acme-refund.click",
                  "refunds.acme.link/x?id=1",
                  "acme-pay.top",
                  "acme.support/help",
                  "https://acme.vip",
                  "http://pay.internalzone/x",
                  "acme-bank.zip/login",
                  "пример.рф",
                  "xn--e1afmkfd.xn--p1ai/a",
                  "xn--e1afmkfd.xn--p1ai",
                  "shop.münchen-acme.бел",
                  "acme-login.unbekannt/pay"),
              random);
      default -> throw new IllegalArgumentException(kind);
    };
  }

  private static String one(List<String> values, Random random) {
    return values.get(random.nextInt(values.size()));
  }

  private static String some(String characters, int count, Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(characters.charAt(random.nextInt(characters.length())));
    }
    return text.toString();
  }
}
