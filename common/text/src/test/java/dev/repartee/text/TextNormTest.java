package dev.repartee.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.repartee.text.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class TextNormTest {

  /** Written by the reference implementation of the metric, but for digits in words when masked. */
  @Test
  void equalsTheReferenceImplementation() throws IOException {
    try (InputStream in = TextNormTest.class.getResourceAsStream("norm.jsonl")) {
      String lines = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(lines.lines()).hasSizeGreaterThan(30);
      lines
          .lines()
          .forEach(
              line -> {
                JsonNode json = Json.COMPACT.readTree(line);
                String text = json.get("text").asString();
                assertThat(TextNorm.norm(text)).as(line).isEqualTo(json.get("norm").asString());
                assertThat(TextNorm.mask(text)).as(line).isEqualTo(json.get("mask").asString());
              });
    }
  }

  @Test
  void spellingsOfOneReplyAreEqual() {
    assertThat(TextNorm.norm("I\u2019m sorry - that DOESN'T work!"))
        .isEqualTo(TextNorm.norm("im sorry, that doesnt work"))
        .isEqualTo("im sorry that doesnt work");
  }

  @Test
  void wordingsDifferInWhatChangesTheMeaning() {
    List<List<String>> different =
        List.of(
            List.of(
                "Have a nice day",
                "Have a nice day \ud83d\ude00",
                "Have a nice day:(",
                "Have a nice day :-P"),
            List.of("5 of it", "$5 of it", "5 % of it", "\u20ac5 of it", "-5 of it"),
            List.of("It costs 1.5", "It costs 15", "It costs 1 5", "It costs 1:5"),
            // Hindi for "well" and two other words, which differ in vowel signs
            List.of("\u0920\u0940\u0915", "\u0920\u0941\u0915", "\u0920\u0915"));
    for (List<String> texts : different) {
      assertThat(texts.stream().map(TextNorm::wording)).doesNotHaveDuplicates();
    }
    assertThat(TextNorm.norm("Have a nice day :("))
        .isEqualTo(TextNorm.norm("have a nice day \ud83d\ude00"));
  }

  @Test
  void wordingsDoNotDifferInCaseSpacesAndPlainPunctuation() {
    for (String text :
        List.of(
            "It's sent - on Friday, OK?",
            "its sent on friday \u2013 ok!!",
            "\u201cIt\u2019s sent\u201d; on\u00a0Friday (ok)...",
            "its_sent on friday: ok")) {
      assertThat(TextNorm.wording(text))
          .isEqualTo(TextNorm.norm(text))
          .isEqualTo("its sent on friday ok");
    }
    assertThat(TextNorm.wording("5% of it")).isEqualTo(TextNorm.wording("5 % of it."));
    assertThat(TextNorm.wording("a\u2764\ufe0fb")).isEqualTo(TextNorm.wording("a \u2764 b"));
    assertThat(TextNorm.wording(" ?! ")).isEqualTo("?!");
    assertThat(TextNorm.maskedWording("{number} at 7:30, $5")).isEqualTo("0 at 0 $ 0");
  }

  @Test
  void digitsTellRepliesApartUnlessMasked() {
    assertThat(TextNorm.norm("at 10:30")).isEqualTo("at 10 30");
    assertThat(TextNorm.mask("at 10:30")).isEqualTo("at 0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"OAuth2", "key4.db", "H264", "2FA", "24hrs", "v1.2.3", "mp3-320", "2nd"})
  void digitsInAWordAreNoNumber(String word) {
    assertThat(TextNorm.mask("use " + word)).isEqualTo(TextNorm.norm("use " + word));
    assertThat(TextNorm.mask(word + ", 5 of 10")).endsWith(" 0 of 0");
  }

  @Test
  void digitsBetweenLettersWithoutBlanksAreANumber() {
    assertThat(TextNorm.mask("24小时")).isEqualTo("0小时");
  }

  @Test
  void punctuationAloneKeepsItself() {
    assertThat(TextNorm.norm(" ?! ")).isEqualTo("?!");
    assertThat(TextNorm.norm("  ")).isEmpty();
  }

  @Test
  void noBreakSpacesAreStripped() {
    assertThat(TextNorm.strip("\u00a0 a b\u2007\u0085")).isEqualTo("a b");
    assertThat(TextNorm.stripTrailing(" a\u00a0\t")).isEqualTo(" a");
  }

  @Test
  void supplementaryCodePointsSortAfterAllOthers() {
    assertThat("\uffee".compareTo("\ud83d\udc4d")).isPositive();
    assertThat(TextNorm.BY_CODE_POINT.compare("\uffee", "\ud83d\udc4d")).isNegative();
  }

  @Test
  void codePointOrderIsThatOfTheCodePoints() {
    List<String> parts =
        List.of(
            "", "a", "ab", "\ud83d", "\ude00", "\ud83d\ude00", "\ud83d\ude01", "\uffff", "\ue000");
    List<String> texts =
        parts.stream()
            .flatMap(a -> parts.stream().flatMap(b -> parts.stream().map(c -> a + b + c)))
            .toList();
    List<int[]> points = texts.stream().map(text -> text.codePoints().toArray()).toList();
    for (int i = 0; i < texts.size(); i++) {
      for (int k = 0; k < texts.size(); k++) {
        int order = Integer.signum(TextNorm.BY_CODE_POINT.compare(texts.get(i), texts.get(k)));
        if (order != Integer.signum(Arrays.compare(points.get(i), points.get(k)))) {
          fail(
              "%s compared with %s gives %d",
              Arrays.toString(points.get(i)), Arrays.toString(points.get(k)), order);
        }
      }
    }
  }

  @Test
  void controlCharactersAreNotVisible() {
    assertThat(TextNorm.visible("a\u0000b\u001b[0m\u202e c\r\n\t\ufeffd\u00a0"))
        .isEqualTo("ab[0m c\r\n\td\u00a0");
    assertThat(TextNorm.visible("👩‍💻 नमस्ते‌")).isEqualTo("👩‍💻 नमस्ते‌");
  }

  @Test
  void whatStandsForANumberIsMaskedLikeOne() {
    assertThat(TextNorm.mask("Room {number} at {time}"))
        .isEqualTo(TextNorm.mask("room 41 at time"));
  }

  @Test
  void aBeginningSplitsNoCharacter() {
    assertThat(TextNorm.beginning("a👋b", 1)).isEqualTo("a");
    assertThat(TextNorm.beginning("a👋b", 2)).isEqualTo("a");
    assertThat(TextNorm.beginning("a👋b", 3)).isEqualTo("a👋");
    assertThat(TextNorm.beginning("👋", 0)).isEmpty();
  }

  @Test
  void anEndingSplitsNoCharacter() {
    assertThat(TextNorm.ending("a👋b", 1)).isEqualTo("b");
    assertThat(TextNorm.ending("a👋b", 2)).isEqualTo("b");
    assertThat(TextNorm.ending("a👋b", 3)).isEqualTo("👋b");
    assertThat(TextNorm.ending("👋", 0)).isEmpty();
    assertThat(TextNorm.ending("👋", 9)).isEqualTo("👋");
  }
}
