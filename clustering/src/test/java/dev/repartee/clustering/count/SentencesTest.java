package dev.repartee.clustering.count;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.clustering.count.ConversationCounter.Sentences;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SentencesTest {

  private final Sentences sentences = new Sentences();

  /** A bar stands where a sentence ends. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Hello.",
        "Hello!|How can I help you?",
        "Sure thing|let me look",
        "Your total is $3.50.|Anything else?",
        "Version 2.5.1 is out.|Try it.",
        "Please see www.example.com for more.|Thanks.",
        "Wait...|Is it 5?",
        "Thanks!!!|Bye.",
        "Mr. Smith will call.|He knows.",
        "Ask Mrs. Jones or Ms. Lee.|They know.",
        "Dr. Who and Prof. X are in.",
        "We are in St. Louis.|Come by.",
        "It is No. 5 on the list.",
        "No.|I cannot do that.",
        "Some fruit, e.g. Apples.|Or pears.",
        "A verb, i.e. Running.",
        "Cats vs. Dogs.",
        "Approx. 5 days.|Then it is there.",
        "Open until 5 p.m. EST.|Come in.",
        "Open until 5 p.m.|Come in.",
        "Bring forms etc.|They are needed.",
        "Acme Inc. 2024 report.",
        "Acme Ltd.|We are here.",
        "J. Smith is here.|Good.",
        "So do I.|Thanks.",
        "1. Open the settings.|Save them.",
        "It costs 5.|Fine?",
        "Das dauert ca. 5 Tage.|Danke.",
        "Zahlen Sie z.B. Montag.|Danke.",
        "Es ist Nr. 7.|Danke.",
        "La Sra. García y el Sr. Ruiz.|Gracias.",
        "¿Cómo está?|¡Bien!",
        "はい。|ありがとう。",
        "He said (see Dr. No).|Fine.",
        "?",
        "..."
      })
  void table(String marked) {
    List<String> expected = Stream.of(marked.split("\\|", -1)).toList();
    String separator = expected.getFirst().equals("Sure thing") ? "\n" : " ";
    assertThat(sentences.of(String.join(separator, expected))).isEqualTo(expected);
  }

  @Test
  void lineBreaksEndSentencesAndBlankOnesAreNone() {
    assertThat(sentences.of("Hello\n\n there,\r\nyou \u00a0\n \n"))
        .containsExactly("Hello", "there,", "you");
    assertThat(sentences.of("")).isEmpty();
  }

  @Test
  void aMessageOfAMebibyteIsSplit() {
    assertThat(sentences.of("This is fine. ".repeat(75_000))).hasSize(75_000);
    assertThat(sentences.of("x".repeat(1 << 20))).hasSize(1);
    assertThat(sentences.of("a. ".repeat(350_000))).isNotEmpty();
    assertThat(sentences.of("1.".repeat(1 << 19))).isNotEmpty();
    assertThat(sentences.of(".".repeat(1 << 20))).hasSize(1);
  }
}
