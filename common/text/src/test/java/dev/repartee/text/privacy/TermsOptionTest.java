package dev.repartee.text.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.repartee.text.UserException;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.privacy.PublicFacts.Fact;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class TermsOptionTest {

  private static final List<String> PRODUCTS =
      List.of(
          ("Thunderbird Firefox Photoshop Dropbox OneDrive Skype LibreOffice Evernote Trello Zendesk"
                  + " Netflix Spotify Kubernetes Chromebook Quillmail QuillPad Vossdrive Zorvanet"
                  + " Brellabox Tarnkey Wifimax Plixo Quillnote OAuth2 Sync2Go MailMate Logikon Ubuntu"
                  + " Debian K-9")
              .split(" ", -1));

  private static final List<String> NAMES =
      List.of(
          ("James Mary Robert Patricia John Jennifer Michael Linda David Elizabeth William Barbara"
                  + " Richard Susan Joseph Jessica Thomas Sarah Christopher Karen Charles Lisa Daniel"
                  + " Nancy Matthew Betty Anthony Sandra Maria Anna")
              .split(" ", -1));

  @TempDir private Path folder;

  private PublicFacts facts(String... lines) throws Exception {
    Path file = Files.write(folder.resolve("terms.txt"), List.of(lines));
    TermsOption option = new TermsOption();
    new CommandLine(CommandLine.Model.CommandSpec.create().addMixin("terms", spec(option)))
        .parseArgs("--terms", file.toString());
    return option.facts();
  }

  private static CommandLine.Model.CommandSpec spec(TermsOption option) {
    return CommandLine.Model.CommandSpec.forAnnotatedObject(option);
  }

  private static Conversation conversation(Optional<String> agentName, String text) {
    return new Conversation(
        "1",
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        agentName,
        Optional.empty(),
        List.of(Message.customer(text), Message.agent("Open it again, please.")));
  }

  private static String redacted(PublicFacts facts, Optional<String> agentName, String text) {
    return new ConversationRedactor(facts)
        .redact(conversation(agentName, text))
        .conversation()
        .messages()
        .getFirst()
        .text();
  }

  private static String redacted(PublicFacts facts, String text) {
    return redacted(facts, Optional.empty(), text);
  }

  @Test
  void productsStayAndGivenNamesGoWithTermsAndWithout() throws Exception {
    PublicFacts terms = facts(PRODUCTS.toArray(String[]::new));
    for (PublicFacts facts : List.of(PublicFacts.NONE, terms)) {
      for (String product : PRODUCTS) {
        String text =
            "Basics Name: %1$s Version: 3.2 OS: x. Restart %1$s, it is at the top right of the %1$s window."
                .formatted(product);
        assertThat(redacted(facts, text)).isEqualTo(text);
      }
      for (String name : NAMES) {
        String text =
            "Name: %1$s Version: 3.2 OS: x. Hi %1$s, I am %1$s and I spoke with %1$s."
                .formatted(name);
        assertThat(redacted(facts, text)).doesNotContain(name);
      }
    }
    for (String product : PRODUCTS) {
      String text = "Hi %1$s, my name is %1$s. Name: %1$s\nThanks,\n%1$s".formatted(product);
      assertThat(redacted(terms, text)).isEqualTo(text);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Hi Quillmail, I am Zorvan                 | Hi Quillmail, I am {customer_name}
          hi quillmail's team, ask Vosspay Plus     | hi quillmail's team, ask Vosspay Plus
          ask Vosspay about WX24000                 | ask {name} about WX24000
          write to zorvan@quillmail.com             | write to {email}
          I live at 12 Quillmail Street             | I live at {address}
          the order is WX24000-77341                | the order is WX24000-{number}
          """)
  void aTermIsNoNameAndNoCode(String text, String redacted) throws Exception {
    PublicFacts terms = facts("# products", "", "Quillmail", "Vosspay Plus", "WX24000");
    assertThat(redacted(terms, text)).isEqualTo(redacted);
  }

  @Test
  void aNameOfTheMetadataIsNoTerm() throws Exception {
    PublicFacts terms = facts("Quillmail", "Quillmail Pro");
    assertThat(redacted(terms, Optional.of("Zorvan Quillmail"), "Is Quillmail Pro from Quillmail?"))
        .isEqualTo("Is Quillmail Pro from {agent_name}?");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Maria", "maria gomez", "Rose", "Rose Miller", "Jean-Pierre", "Sanne"})
  void aGivenNameIsRefused(String name) {
    assertThatThrownBy(() -> facts("# ours", "", "Quillmail", name))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "--terms %s: line 4: '%s' is a given name, which is always redacted; remove it"
                .formatted(folder.resolve("terms.txt"), name));
  }

  @Test
  void boundsAreNamed() {
    assertThatThrownBy(() -> facts("Quillmail", "x".repeat(61)))
        .hasMessageContaining("line 2: ")
        .hasMessageContaining("must have a letter and at most 60 characters");
    assertThatThrownBy(() -> facts("24000")).hasMessageContaining("must have a letter");
    String[] many = IntStream.range(0, 1001).mapToObj(i -> "q" + i).toArray(String[]::new);
    assertThatThrownBy(() -> facts(many))
        .hasMessageContaining("line 1001: 'q1000' is one more than the bound of 1000");
  }

  @Test
  void candidatesStandInManyConversationsWithoutACue() {
    TermsOption.Candidates candidates = new TermsOption.Candidates();
    ConversationRedactor redactor = new ConversationRedactor();
    Stream.concat(
            Stream.of("Hi Quillmail, it is slow", "My name is Zorvan", "I spoke with Maria"),
            IntStream.range(0, 10)
                .mapToObj(i -> "I use Quillmail here. Maria sent it. My name is Zorvan."))
        .map(text -> conversation(Optional.empty(), text))
        .forEach(one -> candidates.add(one, redactor.redact(one)));
    assertThat(candidates.words()).containsExactly("quillmail");
  }

  @Test
  void termsStayWithOtherFacts() throws Exception {
    PublicFacts terms = facts("Quillmail");
    assertThat(PublicFacts.NONE.with(terms).named(java.util.Map.of()).facts())
        .containsExactly(Fact.term("Quillmail"));
  }
}
