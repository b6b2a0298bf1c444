package dev.repartee.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StopWordsTest {

  private static final Map<String, List<String>> TEXTS =
      Map.ofEntries(
          Map.entry(
              "en", List.of("Hello, how can I help you?", "I'm sorry to hear that.", "Thanks!")),
          Map.entry(
              "de",
              List.of("Guten Tag, wie kann ich Ihnen helfen?", "Danke!", "Das tut mir leid.")),
          Map.entry(
              "fr",
              List.of(
                  "Bonjour, comment puis-je vous aider ?", "C\u2019est l\u2019heure de partir.")),
          Map.entry(
              "es",
              List.of("Hola, \u00bfen qu\u00e9 puedo ayudarle?", "Su pedido est\u00e1 en camino.")),
          Map.entry(
              "it", List.of("Buongiorno, come posso aiutarla?", "Il suo ordine \u00e8 in arrivo.")),
          Map.entry(
              "nl", List.of("Goedendag, waarmee kan ik u helpen?", "Het spijt me dat te horen.")),
          Map.entry("pt", List.of("Ol\u00e1, como posso ajudar voc\u00ea?")),
          Map.entry("pl", List.of("Dzie\u0144 dobry, w czym mog\u0119 pom\u00f3c?")),
          Map.entry(
              "sv",
              List.of(
                  "Hej, vad kan jag hj\u00e4lpa dig med?", "Tack, ni f\u00e5r ett svar i dag.")),
          Map.entry("da", List.of("Hej, hvad kan jeg hj\u00e6lpe dig med?")),
          Map.entry(
              "ru",
              List.of(
                  "\u0417\u0434\u0440\u0430\u0432\u0441\u0442\u0432\u0443\u0439\u0442\u0435, \u0447\u0435\u043c \u044f \u043c\u043e\u0433\u0443 \u043f\u043e\u043c\u043e\u0447\u044c?")),
          Map.entry(
              "ja",
              List.of(
                  "\u304a\u554f\u3044\u5408\u308f\u305b\u3042\u308a\u304c\u3068\u3046\u3054\u3056\u3044\u307e\u3059")),
          Map.entry(
              "el",
              List.of("\u039a\u03b1\u03bb\u03b7\u03bc\u03ad\u03c1\u03b1 \u03c3\u03b1\u03c2")));

  @Test
  void greetingsTellTheirLanguage() {
    TEXTS.forEach(
        (language, texts) ->
            assertThat(texts)
                .allSatisfy(text -> assertThat(StopWords.language(text)).contains(language)));
  }

  @Test
  void whatSaysLittleIsUndecided() {
    assertThat(
            List.of("", "OK", "IBAN?", "{customer_name}, {order_number}", "Hallo", "12345", "Info"))
        .allSatisfy(text -> assertThat(StopWords.language(text)).isEmpty());
    assertThat(StopWords.language("Hello, how are you? Guten Tag, wie geht es Ihnen?")).isEmpty();
  }

  @Test
  void placeholdersBelongToNoLanguage() {
    assertThat(StopWords.language("Danke {the and you are}")).contains("de");
    assertThat(StopWords.language("Danke {")).contains("de");
  }

  @Test
  void partsCountAsTheWholeDoes() {
    StopWords.Tally greeting = StopWords.count("Hello, how are you? ");
    assertThat(greeting.plus(StopWords.count("I am fine.")).language()).contains("en");
    assertThat(greeting.plus(StopWords.count("Guten Tag, wie geht es Ihnen?")).language())
        .isEmpty();
  }

  @Test
  void onlyThePrimaryTagCounts() {
    assertThat(StopWords.primaryTag("de-AT")).contains("de");
    assertThat(StopWords.primaryTag("ZH-Hant-TW")).contains("zh");
    assertThat(StopWords.primaryTag("cmn")).contains("zh");
    assertThat(List.of("", "d", "german", "de_AT", "de-", "1a"))
        .allSatisfy(tag -> assertThat(StopWords.primaryTag(tag)).isEmpty());
    assertThat(StopWords.knows("de")).isTrue();
    assertThat(StopWords.knows("ja")).isTrue();
    assertThat(StopWords.knows("sl")).isFalse();
  }
}
