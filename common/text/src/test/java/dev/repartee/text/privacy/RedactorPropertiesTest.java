package dev.repartee.text.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactorPropertiesTest {

  private static final int LENGTH = 1_000_000;

  /** Far above what it takes: it only catches a search that never ends. */
  private static final Duration HANG = Duration.ofSeconds(20);

  private final Redactor redactor = new Redactor();

  @Test
  void redactingTwiceChangesNothing() {
    for (Conversation conversation : SaltedCorpus.of(1000, 11).conversations()) {
      for (Message message : conversation.messages()) {
        String once = redactor.redact(message.text()).text();
        assertThat(redactor.redact(once).text()).isEqualTo(once);
      }
    }
  }

  @Tag("slow")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "1 1 1 1 ", "a.a.a.a.", "((((", "my name is ", "@@@@", "-- -- ", "1234567890", "a@", "a ",
            "A ",
        "John ", "john smith ", "12 Main ", "Hi John, ", "{name}", "{", "$1,", "one two ", "www.",
            "http://",
        "1/1/", "a1-b2-", "#1", "at dot ", "ending in ", "\u0301", "order number ", "van der ",
            "Mr. ", "1\n",
        "x-x-x-", "bic ", "12-34-", "1 Aa Bb Cc Dd ", "a@b.co, ", "AA11 AAAA ", "Im Aa 5\n12345 ",
            "Van Den "
      })
  void hostileTextsTakeNoLongerThanOthers(String pattern) {
    String text = pattern.repeat(LENGTH / pattern.length());
    assertTimeoutPreemptively(HANG, () -> redactor.redact(text));
  }
}
