package dev.repartee.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EverydayWordsTest {

  private static final Map<String, String> EXAMPLES =
      Map.ofEntries(
          Map.entry("nl", "bestelling"),
          Map.entry("de", "rechnung"),
          Map.entry("fr", "livraison"),
          Map.entry("es", "pedido"),
          Map.entry("it", "ordine"),
          Map.entry("pt", "encomenda"),
          Map.entry("sv", "betala"),
          Map.entry("da", "betale"),
          Map.entry("no", "betale"),
          Map.entry("pl", "dziękuję"),
          Map.entry("tr", "teşekkürler"),
          Map.entry("ja", "電話"),
          Map.entry("zh", "谢谢"));

  @Test
  void eachLanguageHasAListOfWordsInLowerCase() {
    assertThat(EXAMPLES.keySet()).isEqualTo(EverydayWords.LANGUAGES);
    EXAMPLES.forEach(
        (language, word) -> {
          assertThat(EverydayWords.of(language)).as(language).hasSizeBetween(5_000, 20_000);
          assertThat(EverydayWords.of(language)).as(language).contains(word);
          assertThat(EverydayWords.of(language))
              .as(language)
              .allMatch(one -> one.equals(one.toLowerCase(Locale.ROOT)) && !one.isBlank());
        });
  }

  @Test
  void namesAreNoEverydayWords() {
    for (String language : EverydayWords.LANGUAGES) {
      assertThat(EverydayWords.of(language))
          .as(language)
          .doesNotContain("michael", "jessica", "johnson", "鈴木", "佐藤");
    }
  }

  @Test
  void otherLanguagesHaveNone() {
    assertThat(EverydayWords.of("xx")).isEmpty();
  }
}
