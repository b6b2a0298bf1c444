package dev.repartee.text.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.privacy.ConversationRedactor.Memo;
import dev.repartee.text.privacy.RedactedConversation.PrivacyCounts;
import dev.repartee.text.privacy.RedactedText.Detection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConversationRedactorTest {

  private final ConversationRedactor redactor = new ConversationRedactor();

  private static Conversation conversation(Message... messages) {
    return new Conversation("c", Optional.of("a"), Optional.of("d"), List.of(messages));
  }

  private static List<String> texts(RedactedConversation redacted) {
    return redacted.conversation().messages().stream().map(Message::text).toList();
  }

  @Test
  void aNameLearnedAnywhereIsReplacedEverywhere() {
    RedactedConversation redacted =
        redactor.redact(
            conversation(
                Message.agent("Hello, this is Zorvan, how can I help?"),
                Message.customer("thanks zorvan. Xiulan told me to write"),
                Message.customer("My name is Quillmere Vossberg"),
                Message.agent("Sure, Quillmere. Is Ms. Vossberg you?"),
                Message.customer("yes. Is quillmere wrong? ask my friend Xiulan")));
    assertThat(texts(redacted))
        .containsExactly(
            "Hello, this is {agent_name}, how can I help?",
            "thanks {agent_name}. {name} told me to write",
            "My name is {customer_name}",
            "Sure, {customer_name}. Is {customer_name} you?",
            "yes. Is {customer_name} wrong? ask my friend {name}");
    assertThat(redacted.detections().getLast())
        .extracting(Detection::text)
        .containsExactly("quillmere", "Xiulan");
  }

  /** Others have their turns between a conversation's messages. */
  @Test
  void eachMessageIsSearchedInATurnOfItsOwn() {
    for (Conversation whole : SaltedCorpus.of(100, 5).conversations()) {
      List<Integer> turns = new ArrayList<>();
      RedactedConversation inTurns =
          redactor.redact(
              whole,
              search -> {
                turns.add(1);
                search.run();
              });
      assertThat(inTurns).isEqualTo(redactor.redact(whole));
      assertThat(turns).hasSizeBetween(whole.messages().size(), 2 * whole.messages().size());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 1000})
  void whatIsRememberedOfMessagesChangesNothing(int most) {
    for (Memo memo : List.of(Memo.ofNewest(most), Memo.ofFirst(most))) {
      ConversationRedactor remembering = new ConversationRedactor(PublicFacts.NONE, memo);
      for (Conversation whole : SaltedCorpus.of(100, 5).conversations()) {
        for (int end = 1; end <= whole.messages().size(); end++) {
          Conversation sofar = whole.withMessages(whole.messages().subList(0, end));
          assertThat(remembering.redact(sofar)).isEqualTo(redactor.redact(sofar));
        }
      }
    }
  }

  @Test
  void whatIsRememberedOfAMessageCountsOnlyInTheSamePlace() {
    ConversationRedactor remembering =
        new ConversationRedactor(PublicFacts.NONE, Memo.ofNewest(1000));
    Message answer = Message.customer("Li Na");
    Message question = Message.agent("What is your name, please?");
    assertThat(texts(remembering.redact(conversation(Message.agent("Where to?"), answer))))
        .last()
        .isEqualTo("Li Na");
    assertThat(texts(remembering.redact(conversation(question, answer))))
        .last()
        .isEqualTo("{customer_name}");
  }

  private List<String> named(String customer, String agent, Message... messages) {
    return texts(
        redactor.redact(
            new Conversation(
                "c",
                Optional.empty(),
                Optional.empty(),
                Optional.of(customer),
                Optional.of(agent),
                Optional.empty(),
                List.of(messages))));
  }

  @Test
  void aSubjectLineInPlaceOfAQueueIsRedactedToo() {
    Conversation read =
        new Conversation(
            "c",
            Optional.empty(),
            Optional.of("Refund for Vossberg, xiulan@example.com"),
            List.of(Message.customer("My name is Quillmere Vossberg")));
    assertThat(redactor.redact(read).conversation().domain())
        .contains("Refund for {customer_name}, {email}");
  }

  @Test
  void knownNamesAreFoundWhereNoBlankFollowsThem() {
    assertThat(
            named(
                "\uae40\ubbfc\uc218",
                "\u738b\u4f1f",
                Message.customer("\uae40\ubbfc\uc218\uc785\ub2c8\ub2e4."),
                Message.customer("\u738b\u4f1f\u5148\u751f\u60a8\u597d")))
        .containsExactly(
            "{customer_name}\uc785\ub2c8\ub2e4.", "{agent_name}\u5148\u751f\u60a8\u597d");
    String anita = "\u0905\u0928\u0940\u0924\u093e"; // with vowel signs
    assertThat(named(anita, "Ann", Message.customer(anita + " \u0939\u0942\u0901")))
        .containsExactly("{customer_name} \u0939\u0942\u0901");
  }

  @Test
  void smallWordsOfANameFieldAreNoNames() {
    assertThat(
            named(
                "M. et Mme Dupont",
                "Verein f\u00fcr Sport",
                Message.customer("Dupont et fils, pour le 3 et le 4"),
                Message.agent("Danke f\u00fcr alles")))
        .containsExactly("{customer_name} et fils, pour le 3 et le 4", "Danke f\u00fcr alles");
  }

  @Test
  void germanImIntroducesNobody() {
    assertThat(
            texts(
                redactor.redact(
                    conversation(
                        Message.agent("Die Rechnung finden Sie im Kundenkonto."),
                        Message.agent("Ihr Kundenkonto ist offen.")))))
        .containsExactly("Die Rechnung finden Sie im Kundenkonto.", "Ihr Kundenkonto ist offen.");
  }

  @Test
  void theWordsAfterAnIntroductionAreNotLearnedAsAName() {
    assertThat(
            texts(
                redactor.redact(
                    conversation(
                        Message.customer("mein name ist anna schulz und ich brauche hilfe"),
                        Message.agent("Und ich brauche Ihre Nummer, Frau Schulz.")))))
        .containsExactly(
            "mein name ist {customer_name} und ich brauche hilfe",
            "Und ich brauche Ihre Nummer, {customer_name}.");
    assertThat(
            texts(
                redactor.redact(
                    conversation(
                        Message.customer("Bonjour, je m'appelle Lucie et je paie la facture"),
                        Message.agent("Bonjour Lucie, je vérifie et je reviens.")))))
        .containsExactly(
            "Bonjour, je m'appelle {customer_name} et je paie la facture",
            "Bonjour {customer_name}, je vérifie et je reviens.");
  }

  @ParameterizedTest
  @CsvSource({
    "Wie heißen Sie?, Demirtaş",
    "Auf welchen Namen läuft der Vertrag?, Krähenbühl",
    "Comment vous appelez-vous ?, Quéméneur",
    "À quel nom est la commande ?, Quéméneur",
    "¿Cómo se llama usted?, Ruiz-Mateos",
    "¿Cómo se llama?, Etxeberria",
    "¿A nombre de quién está?, Etxeberria"
  })
  void questionsForANameInOtherLanguages(String question, String name) {
    assertThat(
            texts(redactor.redact(conversation(Message.agent(question), Message.customer(name)))))
        .containsExactly(question, "{customer_name}");
  }

  @Test
  void aQuestionForTheNameOfAThingAsksForNone() {
    assertThat(
            texts(
                redactor.redact(
                    conversation(
                        Message.agent("¿Cómo se llama el producto?"),
                        Message.customer("Quéméneur")))))
        .containsExactly("¿Cómo se llama el producto?", "Quéméneur");
  }

  /** Whom a colleague passes a customer on to is a person, and stays none of the public facts. */
  @ParameterizedTest
  @CsvSource({
    "Ich verbinde Sie mit Sabine Meier, sabine meier",
    "Ihre Ansprechpartnerin ist Sabine Meier, sabine meier",
    "Meine Kollegin Sabine Meier hilft, sabine meier",
    "Hier ist Sabine Meier, sabine meier",
    "Bonjour Bernadette Leclerc, bernadette leclerc",
    "Merci Bernadette Leclerc, bernadette leclerc",
    "Je vous passe Bernadette Leclerc, bernadette leclerc",
    "Estimada Carmen Ledesma, carmen ledesma",
    "I pass this on to John Smith, john smith",
    "It was escalated to John Smith, john smith",
    "John Smith looks after your account, john smith"
  })
  void cuesMakeANameAPersons(String text, String name) {
    assertThat(redactor.redact(conversation(Message.agent(text))).persons()).contains(name);
  }

  /** A name that only the draft tells of, one asked for, and one known from before. */
  @Test
  void whatIsWrittenNextIsRedactedAsInItsPlace() {
    List<Message> messages =
        List.of(
            Message.agent("Hello, this is Zorvan, may I have your full name?"),
            Message.customer("Quillmere Vossberg"),
            Message.agent("Thank you Quillmere, Zorvan here, call 555 0134 9987"),
            Message.customer("My name is Xiulan, not Vossberg"),
            Message.agent("Sorry Xiulan. Did Vossberg write at 10:30?"));
    for (int i = 0; i < messages.size(); i++) {
      List<Message> before = messages.subList(0, i);
      Message next = messages.get(i);
      assertThat(redactor.read(conversation(before.toArray(Message[]::new))).next().apply(next))
          .isEqualTo(
              redactor
                  .redact(conversation(messages.subList(0, i + 1).toArray(Message[]::new)))
                  .conversation()
                  .messages()
                  .getLast())
          .isNotEqualTo(next);
    }
  }

  @Test
  void whomAGreetingNamesIsTheReader() {
    assertThat(
            texts(
                redactor.redact(
                    conversation(
                        Message.agent("Hi Maria, how can I help you?"),
                        Message.customer("Hi Ben, my order is late. Maria")))))
        .containsExactly(
            "Hi {customer_name}, how can I help you?",
            "Hi {agent_name}, my order is late. {customer_name}");
  }

  @Test
  void namesOfTheMetadataAreFoundWithoutACueAndNotKept() {
    Conversation told =
        new Conversation(
            "c",
            Optional.of("a"),
            Optional.empty(),
            Optional.of("Zorvan Quillmere"),
            Optional.of("Rose"),
            Optional.empty(),
            List.of(
                Message.customer("zorvan waits"),
                Message.agent("Rose will check it, Mr. Quillmere. A rose is a flower."),
                Message.customer("It says ZORVAN QUILLMERE")));
    RedactedConversation redacted = redactor.redact(told);
    assertThat(texts(redacted))
        .containsExactly(
            "{customer_name} waits",
            "Rose will check it, {customer_name}. A rose is a flower.",
            "It says {customer_name}");
    assertThat(redacted.conversation().customerName()).isEmpty();
    assertThat(redacted.conversation().agentName()).isEmpty();
    assertThat(redacted.conversation().agentId()).contains("a");
  }

  @Test
  void titlesOfPlacesAreNotTheCustomer() {
    Conversation places =
        conversation(
            Message.customer("A table at the Shadyside Inn, please"),
            Message.agent("Sure, the Hilton Garden Inn or the Cactus Club?"));
    assertThat(redactor.redact(places).conversation().messages()).isEqualTo(places.messages());
  }

  @Test
  void theAnswerToAQuestionForANameIsOne() {
    assertThat(
            texts(
                redactor.redact(
                    conversation(
                        Message.agent("May I have your full name, please?"),
                        Message.customer("mark"),
                        Message.agent("And your last name?"),
                        Message.customer("Sure, it's zorvan"),
                        Message.agent("What is the name of your hotel?"),
                        Message.customer("Tamarind")))))
        .containsExactly(
            "May I have your full name, please?",
            "{customer_name}",
            "And your last name?",
            "Sure, it's {customer_name}",
            "What is the name of your hotel?",
            "Tamarind");
  }

  @Test
  void countsAreAddedUp() {
    PrivacyCounts counts =
        redactor
            .redact(
                conversation(
                    Message.customer("I'm Ben, it was $5 at 5pm"),
                    Message.agent("Ok"),
                    Message.agent("Was it $5?")))
            .counts();
    assertThat(counts.toJson())
        .hasToString(
            "{\"messages\":3,\"touched\":2,\"found\":{\"time\":1,\"money\":2,\"customer_name\":1}}");
    assertThat(counts.plus(counts).messages()).isEqualTo(6);
    assertThat(counts.plus(PrivacyCounts.NONE)).isEqualTo(counts);
  }

  /** Nobody vouches for a text that agents type: no form of an address is let through. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "acme . com",
        "acme .is",
        "acme. com",
        "acme..com",
        "acme(.)com",
        "acme,com",
        "acme-dot-com",
        "acme point it",
        "acmedotcom",
        "(//acme)",
        "\\\\acme",
        "acme.zip",
        "acme (at) gmail"
      })
  void aDomainIsAContactHoweverItIsWritten(String domain) {
    assertThat(new ConversationRedactor().contacts("Please pay at " + domain + " today."))
        .isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "At this point in time it is open.",
        "Fine. Is it still open? It is...",
        "Thanks {name}. In that case, so be it.",
        "See you @ {time}, and/or later."
      })
  void proseHasNoContact(String text) {
    assertThat(new ConversationRedactor().contacts(text)).isEmpty();
  }

  @Test
  void theHandleOfTheQueuesOwnAccountStays() {
    Conversation one =
        new Conversation(
            "c",
            Optional.empty(),
            Optional.of("Ask_Acme"),
            List.of(Message.customer("I asked @AskAcme. and @jo_1999 about it")));
    assertThat(new ConversationRedactor().redact(one).conversation().messages().getFirst().text())
        .isEqualTo("I asked @AskAcme. and {account} about it");
  }
}
