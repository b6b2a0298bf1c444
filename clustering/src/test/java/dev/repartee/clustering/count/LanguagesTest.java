package dev.repartee.clustering.count;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LanguagesTest {

  private final Languages languages = new Languages();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          en | Thank you for your patience, I have reset your password for you.
          de | Vielen Dank für Ihre Geduld, ich habe Ihr Passwort zurückgesetzt.
          fr | Bonjour, comment puis-je vous aider aujourd'hui ?
          es | Buenos días, ¿en qué puedo ayudarle hoy?
          pt | Bom dia, em que posso ajudar você hoje?
          pl | Dzień dobry, w czym mogę dzisiaj pomóc?
          ja | お問い合わせいただきありがとうございます。少々お待ちください。
          zh | 您好，请问有什么可以帮您？您的订单已经发货，预计明天送达，感谢您的耐心等待。
          und | Ok, thanks!
          und | {email} {phone} {number} 1234567 1234567 1234567
          und | 12345 67890 12345 67890 ???
          """)
  void table(String language, String text) {
    assertThat(languages.of(text)).isEqualTo(language);
  }

  @Test
  void onlyTheStartOfALongTextIsRead() {
    String english = "Thank you for your patience, I have reset your password. ";
    assertThat(languages.of(english.repeat(6) + "Vielen Dank für Ihre Geduld. ".repeat(5_000)))
        .isEqualTo("en");
  }
}
