package dev.repartee.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.text.Passages.Passage;
import dev.repartee.text.Passages.Sentences;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PassagesTest {

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

  private static List<String> longest(String message, String... repeated) {
    return new Passages(message)
        .longest(passage -> List.of(repeated).contains(passage.key())).stream()
            .map(Passage::text)
            .toList();
  }

  @Test
  void theLongestThatRepeatsIsTaken() {
    String message = "Hello. How are you?\n\n- Close the lid.\n- Open the tap. Wait.\n\nBye.";
    assertThat(longest(message, "close the lid", "open the tap wait", "bye", "open the tap"))
        .containsExactly("Close the lid.", "Open the tap. Wait.", "Bye.");
    assertThat(longest(message, "close the lid open the tap wait", "close the lid", "how are you"))
        .containsExactly("How are you?", "Close the lid.\nOpen the tap. Wait.");
    assertThat(new Passages(message).message().orElseThrow().whole()).isTrue();
    assertThat(longest(message, "hello how are you close the lid open the tap wait bye"))
        .containsExactly("Hello. How are you?\n\nClose the lid.\nOpen the tap. Wait.\n\nBye.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"- Save it", "* Save it", "'- Save it", "1. Save it", "(2) Save it"})
  void marksOfListsAreNoPartOfAPassage(String line) {
    assertThat(new Passages("> I lost it\n" + line).all())
        .containsExactly(new Passage("Save it", "save it", true));
  }

  @Test
  void aLinkBehindASentenceIsAPartOfItsOwn() {
    String message = "Please write to us. https://example.org/a";
    assertThat(longest(message, "please write to us")).containsExactly("Please write to us.");
  }

  @Test
  void aLinkKeepsItsForm() {
    String link = "https://docs.example.org/a.b/c?d=1";
    assertThat(new Passages(link).all()).extracting(Passage::text).containsExactly(link);
  }
}
