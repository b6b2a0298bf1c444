package dev.repartee.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WordBreaksTest {

  private static List<Integer> boundaries(String text) {
    return IntStream.rangeClosed(1, text.length())
        .filter(at -> WordBreaks.isBoundary(text, at))
        .boxed()
        .toList();
  }

  @Test
  void wordsHoldALetterOrADigitInAnyScript() {
    assertThat(WordBreaks.words("Hello, Wi-Fi costs 12.50 €!"))
        .containsExactly("hello", "wi", "fi", "costs", "12.50");
    assertThat(WordBreaks.words("お問い合わせ、ありがとうございます。")).startsWith("お", "問い合わせ", "ありがとう");
    assertThat(WordBreaks.words("请问有什么可以帮您？")).contains("请问", "什么", "可以");
    assertThat(WordBreaks.words("สวัสดีครับ")).hasSize(2);
    assertThat(WordBreaks.words("नमस्ते दुनिया")).containsExactly("नमस्ते", "दुनिया");
    assertThat(WordBreaks.words(":-) ... !")).isEmpty();
    assertThat(WordBreaks.words("")).isEmpty();
  }

  @Test
  void anApostropheSeparates() {
    assertThat(WordBreaks.words("l'ordine don\u2019t 'quoted'"))
        .containsExactly("l", "ordine", "don", "t", "quoted");
  }

  @Test
  void positionsHoldWhereLowerCaseIsLonger() {
    assertThat(WordBreaks.words("\u0130stanbul var", "\u0130stanbul ".length()))
        .containsExactly("var");
  }

  @Test
  void wordsThatEndBeforeAPositionAreLeftOut() {
    assertThat(WordBreaks.words("good morning", 5)).containsExactly("morning");
    assertThat(WordBreaks.words("good morning", 4)).containsExactly("good", "morning");
  }

  @Test
  void aBoundaryDoesNotStandWithinAWord() {
    assertThat(boundaries("don't go")).containsExactly(5, 6, 8);
    assertThat(boundaries("東京へ行く")).contains(2, 3, 5).doesNotContain(1);
  }

  @Test
  void theLastWordOfATextWithoutBlanksIsNotTheWholeText() {
    assertThat(WordBreaks.lastWord("good mor")).isEqualTo(5);
    assertThat(WordBreaks.lastWord("good ")).isEqualTo(5);
    assertThat(WordBreaks.lastWord("東京へ行く")).isEqualTo(3);
    assertThat(WordBreaks.lastWord("")).isZero();
  }

  @Test
  void piecesMakeTheTextAgain() {
    for (String text : List.of("parcel.", "ご予約は、明日ですか?", "、", "12時", "OK、了解です。")) {
      assertThat(String.join("", WordBreaks.pieces(text))).isEqualTo(text);
    }
    assertThat(WordBreaks.pieces("wi-fi,")).containsExactly("wi-fi,");
    assertThat(WordBreaks.pieces("東京です。はい")).containsExactly("東京", "です。", "はい");
  }

  @Test
  void aRuleSplitsATextAndMakesItAgain() {
    for (String text :
        List.of("Where is it?", "東京 です", "明日は東京です。", "", " a  b ", "Yes.\nIt is \n\nhere\n")) {
      List<String> pieces = WordRule.split(text);
      String again = pieces.getFirst();
      for (String piece : pieces.subList(1, pieces.size())) {
        again = WordRule.append(again, piece);
      }
      assertThat(again).isEqualTo(text);
    }
  }
}
