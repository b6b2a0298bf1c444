package dev.repartee.common.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactorTest {

  private final Redactor redactor = new Redactor();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Write to jo.doe+x@mail.example.org.     | Write to {email}.
          See https://example.org/a?b=1, please   | See {url}, please
          Go to WWW.example.org!                  | Go to {url}!
          Card 4111 1111 1111 1111 ok?            | Card {card} ok?
          Card 4111-1111-1111-1111                | Card {card}
          Call +49 170 1234567                    | Call {phone}
          Call +491701234567                      | Call {phone}
          Call (555) 123-4567 now                 | Call {phone} now
          Call 555-123-4567.                      | Call {phone}.
          Call +1 415 555 0134                    | Call {phone}
          Your order 12345678 is on its way       | Your order {number} is on its way
          Ticket AB123456                         | Ticket AB{number}
          """)
  void replacesByForm(String text, String redacted) {
    assertThat(redactor.redact(text)).isEqualTo(redacted);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "It is due on 2026-11-24 at 10:30.",
        "It is due on 24.11.2026.",
        "That is 1,299.50 for 2 nights.",
        "Take the 3 pm or the 4 pm one",
        "I am @ home",
        "No data at all",
        ""
      })
  void leavesEverydayTextAlone(String text) {
    assertThat(redactor.redact(text)).isEqualTo(text);
  }

  @Test
  void cardNumberWithWrongCheckDigitIsStillALongNumber() {
    assertThat(redactor.redact("4111111111111112")).isEqualTo("{number}");
  }

  @Test
  void redactingTwiceChangesNothing() {
    String once = redactor.redact("a@b.example or 555-123-4567 or www.x.example/1234567");
    assertThat(redactor.redact(once)).isEqualTo(once);
  }

  /** Stated in the documentation: a reader must not rely on what is not found. */
  @Test
  void namesAndShortNumbersAreNotFound() {
    assertThat(redactor.redact("Mr Smith, PIN 4021")).isEqualTo("Mr Smith, PIN 4021");
  }
}
