package dev.repartee.text.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.privacy.PublicFacts.Counter;
import dev.repartee.text.privacy.PublicFacts.Fact;
import dev.repartee.text.privacy.PublicFacts.Spelling;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.commons.lang3.SerializationUtils;
import org.junit.jupiter.api.Test;

class PublicFactsTest {

  private static final ConversationRedactor STRICT = new ConversationRedactor();

  private final List<Conversation> conversations = new ArrayList<>();

  private void add(String agent, Message... messages) {
    conversations.add(
        new Conversation(
            "c-" + conversations.size(),
            Optional.of(agent).filter(id -> !id.isEmpty()),
            Optional.empty(),
            List.of(messages)));
  }

  /** The messages in {@code times} conversations of three agents in turn. */
  private void repeat(int times, Message... messages) {
    for (int i = 0; i < times; i++) {
      add("agent-" + i % 3, messages);
    }
  }

  private static Counter counted(List<Conversation> conversations) {
    Counter counter = new Counter();
    conversations.forEach(one -> counter.add(one, STRICT.redact(one)));
    return counter;
  }

  private PublicFacts facts() {
    return counted(conversations).facts();
  }

  private static String redacted(PublicFacts facts, String text) {
    Conversation one =
        new Conversation("x", Optional.empty(), Optional.empty(), List.of(Message.customer(text)));
    return new ConversationRedactor(facts).redact(one).conversation().messages().getFirst().text();
  }

  @Test
  void aTimeThatTenConversationsOfThreeAgentsHoldStays() {
    repeat(9, Message.agent("We close at 7:30 pm."));
    assertThat(facts().isEmpty()).isTrue();
    add("agent-0", Message.agent("The last show starts at 7:30PM"));
    assertThat(redacted(facts(), "is 7:30 pm fine, or 8:15 pm?"))
        .isEqualTo("is 7:30 pm fine, or {time}?");
  }

  @Test
  void aPlainLinkStaysAfterThreeConversationsAndAnyOtherAfterTen() {
    String plain = "https://help.acme.example/hc/en-us/requests/new";
    String secret = "https://acme.example/reset/x9Kd83Lq27";
    String number = "https://acme.example/orders/204233943";
    String query = "https://acme.example/start?user=7";
    String text = "See %s or %s or %s or %s".formatted(plain, secret, number, query);
    for (int i = 0; i < 3; i++) {
      add("agent-0", Message.agent(text));
    }
    assertThat(facts().isEmpty()).as("one agent").isTrue();
    conversations.removeLast();
    add("agent-1", Message.agent(text));
    assertThat(redacted(facts(), text)).isEqualTo("See " + plain + " or {url} or {url} or {url}");
    repeat(7, Message.agent(text));
    assertThat(redacted(facts(), text)).isEqualTo(text);
  }

  @Test
  void aLinkThatACustomerWroteFirstIsTheCustomers() {
    Message link = Message.customer("Is http://bit.example/help yours?");
    repeat(6, link, Message.agent("Yes, http://bit.example/help is ours."));
    assertThat(facts().isEmpty()).isTrue();
    repeat(3, Message.agent("See https://bit.example/other"));
    assertThat(facts().facts()).hasSize(1);
  }

  @Test
  void aPlainLinkThatAgentsWriteFirstMoreOftenIsTheirs() {
    String plain = "https://help.acme.example/start";
    String secret = "https://acme.example/reset/x9Kd83Lq27";
    Message text = Message.agent("See %s or %s".formatted(plain, secret));
    repeat(12, text);
    repeat(12, Message.customer(text.text()), text);
    assertThat(redacted(facts(), text.text())).isEqualTo("See " + plain + " or {url}");
    repeat(1, Message.customer("I read " + plain));
    assertThat(facts().isEmpty()).as("more often the customers").isTrue();
  }

  @Test
  void threeAgentsAreNeededWhereAgentsAreKnown() {
    for (int i = 0; i < 20; i++) {
      add("agent-" + i % 2, Message.agent("It costs $19.99"));
      add("", Message.agent("It costs $29.99"));
    }
    assertThat(redacted(facts(), "$19.99 or $29.99")).isEqualTo("{money} or $29.99");
  }

  @Test
  void whatCustomersWriteDoesNotCount() {
    repeat(30, Message.customer("Are you open at 7:30 pm?"), Message.agent("yes"));
    assertThat(facts().isEmpty()).isTrue();
  }

  @Test
  void aNumberOrDateThatIsReadBackDoesNotCount() {
    repeat(
        20,
        Message.customer("I was born on March 3rd, 1986, customer 48213"),
        Message.agent("Is it March 3rd, 1986, customer 48213?"));
    assertThat(facts().isEmpty()).isTrue();
    repeat(10, Message.agent("We are closed on March 4th, 1986. There are 48214 stores."));
    assertThat(redacted(facts(), "March 4th, 1986, March 3rd, 1986, 48214, 48213"))
        .isEqualTo("March 4th, 1986, {date}, 48214, {number}");
  }

  @Test
  void aHotlineStaysAndACallersNumberDoesNot() {
    repeat(12, Message.agent("Our hotline is 1-800-555-0199, or see www.example.com/help"));
    repeat(
        20,
        Message.customer("My number is 412-555-0123"),
        Message.agent("Thanks, I will use 412-555-0123."));
    assertThat(redacted(facts(), "1-800-555-0199 www.example.com/help 412-555-0123"))
        .isEqualTo("1-800-555-0199 www.example.com/help {phone}");
  }

  @Test
  void aNumberThatOneCustomerWroteFirstIsPrivateUntilAHundredConversationsHoldIt() {
    add("agent-0", Message.customer("I called 1-800-555-0199"));
    repeat(99, Message.agent("Our hotline is 1-800-555-0199"));
    assertThat(facts().isEmpty()).isTrue();
    add("agent-0", Message.agent("Our hotline is 1-800-555-0199"));
    assertThat(facts().facts()).hasSize(1);
  }

  private static final List<List<String>> WAYS_TO_WRITE =
      List.of(
          List.of("my number is 4125550123", "Thanks, I noted 412-555-0123"),
          List.of("my number is 412-555-0123 ext. 12", "Thanks, I noted (412) 555-0123"),
          List.of("four one two five five five zero one two three", "So it is 412-555-0123."),
          List.of("vier eins zwei fünf fünf fünf null eins zwei drei", "So it is 412-555-0123."),
          List.of("quatre un deux cinq cinq cinq zéro un deux trois", "So it is 412-555-0123."),
          List.of("noemie point ndiaye arobase gmx point fr", "Merci, noemie.ndiaye@gmx.fr"),
          List.of("meine Nummer ist +49 176 1234567", "Danke, also die 0176 1234567"),
          List.of("jane dot roe at gmx dot de", "Thanks, that is jane.roe@gmx.de"),
          List.of("write to jane.roe [at] gmx.de", "Thanks, that is Jane.Roe@gmx.de"),
          List.of("I live at 12 Elm Road, Leeds LS1 4AB", "Thanks, I noted 12 Elm Road"),
          List.of("I live at Flat 3, 12 Elm Road, Leeds", "Thanks, I noted 12 Elm Road"),
          List.of("born 03.03.1986", "Thanks, 3 March 1986 it is"),
          List.of("born April 3rd, 1986", "Thanks, 1986-04-03 it is"),
          List.of("nacida el martes 3 de abril de 1986", "Gracias, 03/04/1986."),
          List.of("my order number is 882134", "Thanks, I see 882134 here."));

  @Test
  void aValueIsTheCustomersHoweverTheAgentWritesIt() {
    for (List<String> way : WAYS_TO_WRITE) {
      conversations.clear();
      repeat(12, Message.agent(way.getLast()));
      assertThat(facts().facts()).as("without the customer: " + way).hasSize(1);
      conversations.clear();
      repeat(12, Message.customer(way.getFirst()), Message.agent(way.getLast()));
      assertThat(facts().facts()).as(way.toString()).isEmpty();
    }
  }

  @Test
  void aCustomersContactInAnotherFormCountsInOtherConversations() {
    repeat(12, Message.agent("Am I speaking to 412-555-0123?"));
    add("agent-0", Message.customer("my number is 4125550123"));
    assertThat(facts().isEmpty()).isTrue();
  }

  @Test
  void anotherValueOfTheCustomerLeavesAFactPublic() {
    repeat(
        12,
        Message.customer("I am at 14 Elm Road, 412-555-0123, jane at gmx dot de, born 04.03.1986"),
        Message.agent("We are at 12 Elm Road, 1-800-555-0199, help@gmx.de since 3 May 1986."));
    assertThat(facts().facts())
        .extracting(Fact::kind)
        .containsExactlyInAnyOrder(
            PersonalData.ADDRESS, PersonalData.PHONE, PersonalData.EMAIL, PersonalData.DATE);
  }

  @Test
  void aFactCountsInEachSpellingThatTheAgentWroteFirst() {
    repeat(
        12,
        Message.agent("Our hotline is 1-800-555-0199."),
        Message.customer("18005550199?"),
        Message.agent("Yes, 1 800 555 0199."));
    assertThat(facts().holds(PersonalData.PHONE, "1-800-555-0199")).isTrue();
    assertThat(facts().holds(PersonalData.PHONE, "1 800 555 0199")).isTrue();
  }

  @Test
  void theNumberAtWhichACustomerIsCalledIsPrivate() {
    repeat(8, Message.agent("We can call you back on 412-555-0123"));
    repeat(30, Message.agent("I have 412-555-0123 here"));
    assertThat(facts().isEmpty()).isTrue();
  }

  private static final List<String> OF_CUSTOMER =
      """
      Is 500 Main Street, Springfield still your address?
      Your address is 500 Main Street, Springfield, right?
      Is 412-555-0123 still your number?
      Is 412-555-0123 the best number to reach you?
      I have 412-555-0123 on file for you.
      I have 412-555-0123 for you, is that right?
      I have jane.roe@gmx.de as your e-mail address.
      Ihre Adresse ist Birkenweg 14, 12345 Berlin, richtig?
      Ist Birkenweg 14, 12345 Berlin noch Ihre Anschrift?
      Ihre bei uns hinterlegte Lieferadresse lautet Birkenweg 14, 12345 Berlin.
      Ist Ihre Nummer noch 0176 1234567?
      Wir rufen Sie unter 0176 1234567 zurück.
      Kann ich Sie gleich unter der Nummer 0176 1234567 erreichen?
      Ihre E-Mail lautet jane.roe@gmx.de, richtig?
      Wir schicken Ihnen die Rechnung an jane.roe@gmx.de.
      Ich habe jane.roe@gmx.de hinterlegt.
      Votre adresse est bien 47 quai de Jemmapes ?
      47 quai de Jemmapes, c'est toujours votre adresse ?
      Nous vous rappelons au 06 12 34 56 78.
      Puis-je vous joindre au 06 12 34 56 78 ?
      ¿Su dirección sigue siendo calle Mayor 30?
      ¿La calle Mayor 30 sigue siendo su dirección?
      Le llamamos al 612 345 678.
      Podemos llamarle al 612 345 678.
      Su correo es jane.roe@gmx.es, ¿verdad?
      I see your date of birth is 3 March 1986.
      I have 3 March 1986 as your date of birth.
      Sie sind am 3. März 1986 geboren, richtig?
      Ihr Geburtsdatum ist der 3. März 1986.
      Vous êtes né le 3 mars 1986 ?
      Usted nació el 3 de marzo de 1986.
      Your balance is $1,283.17.
      I see $1,283.17 as your current balance.
      Ihr Kontostand beträgt 1.283,17 €.
      Votre solde est de 1283,17 €.
      Su saldo es de 1.283,17 €.
      """
          .lines()
          .toList();

  private static final List<String> OF_CENTER =
      """
      You can call us at 1-800-555-0199.
      Our number is 1-800-555-0199, for your convenience.
      Thank you for your call, our number is 1-800-555-0199.
      Please call us if you need help: 1-800-555-0199.
      1-800-555-0199 is the number of our hotline.
      Call 1-800-555-0199. Your phone number is needed.
      Our store is at 500 Main Street, Springfield. Is that near your address?
      Please write to help@example.com with your phone number.
      Sie erreichen uns unter 0800 1234567.
      Rufen Sie uns unter 0800 1234567 an.
      Bitte rufen Sie unter 0800 1234567 an.
      Wir sind für Sie unter 0800 1234567 da.
      Unsere Nummer ist 0800 1234567.
      Ihr könnt die Nummer 0800 1234567 anrufen.
      Ihre Anfrage senden Sie an info@example.de.
      Ihre Anfrage richten Sie bitte per E-Mail an info@example.de.
      Bitte schicken Sie Ihre E-Mail an info@example.de.
      Unsere Filiale ist im Birkenweg 14, 12345 Berlin.
      Vous pouvez nous appeler au 09 12 34 56 78.
      Si vous appelez le 09 12 34 56 78, un conseiller répond.
      Envoyez votre demande à info@example.fr.
      Tu peux appeler le numéro 09 12 34 56 78.
      Notre magasin est au 47 quai de Jemmapes.
      Le recomendamos llamar al 912 345 678.
      Puede enviarlo a info@example.es.
      Envíe su consulta al correo info@example.es.
      Nuestra tienda está en la calle Mayor 30.
      We are closed on 3 March 2031.
      Wir haben am 3. März 2031 geschlossen.
      The fee is $1,283.17.
      It needs a minimum balance of $1,283.17.
      """
          .lines()
          .toList();

  @Test
  void whatIsBesideACueOfTheCustomerIsPrivate() {
    assertThat(OF_CUSTOMER.stream().filter(text -> isPublic(text))).isEmpty();
  }

  @Test
  void whatIsBesideACueOfTheCenterIsPublic() {
    assertThat(OF_CENTER.stream().filter(text -> !isPublic(text))).isEmpty();
  }

  private boolean isPublic(String text) {
    conversations.clear();
    repeat(12, Message.agent(text));
    return !facts().isEmpty();
  }

  @Test
  void cardsAccountsAndReferencesAreNeverPublic() {
    repeat(
        50,
        Message.agent("Pay to IBAN DE89370400440532013000"),
        Message.agent("card 4111 1111 1111 1111"),
        Message.agent("See order #48213"));
    assertThat(facts().isEmpty()).isTrue();
    assertThatThrownBy(() -> new Fact(PersonalData.CARD, "4111 1111 1111 1111", 50, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'card'");
  }

  @Test
  void valuesAreReplacedHoweverTheyAreWrittenButNotWithinOthers() {
    PublicFacts facts =
        PublicFacts.of(
            List.of(
                new Fact(PersonalData.TIME, "7 pm", 10, 3),
                new Fact(PersonalData.NUMBER, "7", 10, 3),
                new Fact(PersonalData.PHONE, "1-800-555-0199", 10, 3),
                new Fact(PersonalData.NAME, "Larkfield Bank", 10, 3),
                new Fact(PersonalData.NAME, "\u6771\u4eac\u9280\u884c", 10, 3)));
    assertThat(facts.replacedIn("Call 1\u2013800\u2013555\u20130199, 7PM or 7\u00a0Pm"))
        .isEqualTo("Call {phone}, {time} or {time}");
    assertThat(facts.replacedIn("LARKFIELD  bank's app, Larkfield Banking, 7 apps, 7:30, 17"))
        .isEqualTo("{name}'s app, Larkfield Banking, {number} apps, 7:30, 17");
    assertThat(facts.replacedIn("\u3053\u306e\u6771\u4eac\u9280\u884c\u306f"))
        .isEqualTo("\u3053\u306e{name}\u306f");
    PublicFacts parts =
        PublicFacts.of(
            List.of(
                new Fact(PersonalData.URL, "firma.de", 10, 3),
                new Fact(PersonalData.PHONE, "555-0100", 10, 3)));
    assertThat(parts.replacedIn("info@firma.de, firma.de/hilfe, 1-800-555-0100"))
        .isEqualTo("info@firma.de, firma.de/hilfe, 1-800-555-0100");
    assertThat(parts.replacedIn("See firma.de. Call 555-0100!"))
        .isEqualTo("See {url}. Call {phone}!");
    assertThat(PublicFacts.NONE.replacedIn("7 pm")).isEqualTo("7 pm");
  }

  @Test
  void theNameOfAThingStays() {
    repeat(10, Message.agent("Walk to the stop at Forbes and Murray."));
    assertThat(redacted(facts(), "is it Forbes and Murray?")).isEqualTo("is it Forbes and Murray?");
  }

  @Test
  void aCueOfAPersonAnywhereMakesANamePrivate() {
    for (String cue :
        List.of(
            "Hi Murray, how are you?",
            "My name is Murray",
            "Regards,\nMurray",
            "I saw Dr. Murray",
            "my husband Murray",
            "the driver is Murray",
            "my name is Murray Vossberg",
            "Murray has joined the chat")) {
      conversations.clear();
      repeat(500, Message.agent("Walk to the stop at Forbes and Murray."));
      assertThat(facts().facts()).hasSize(1);
      add("agent-0", Message.customer(cue));
      assertThat(facts().facts()).as(cue).isEmpty();
    }
    conversations.clear();
    repeat(500, Message.agent("Walk to the stop at Forbes and Murray."));
    add("agent-0", Message.agent("May I have your name?"), Message.customer("murray"));
    assertThat(facts().facts()).isEmpty();
  }

  @Test
  void aCueOnOneWordOfANameMakesTheWholeNamePrivate() {
    for (String cue :
        List.of(
            "Is Mr Ramachandran in today?",
            "My name is Anjali",
            "Dear Ms Anjali Ramachandran,\nthank you")) {
      conversations.clear();
      repeat(500, Message.agent("Trains to Anjali Ramachandran leave here."));
      assertThat(facts().holds(PersonalData.NAME, "Anjali Ramachandran")).isTrue();
      add("agent-0", Message.customer(cue));
      assertThat(facts().facts()).as(cue).isEmpty();
    }
  }

  @Test
  void aCueOnAnotherNameLeavesANamePublic() {
    repeat(12, Message.agent("Trains to Winona Harriet leave here."));
    repeat(30, Message.customer("Is Mr Ramachandran in today?"));
    assertThat(facts().facts()).extracting(Fact::kind).containsOnly(PersonalData.NAME);
  }

  @Test
  void aNameIsPrivateWhereAFullCounterLeavesOutItsWords() {
    repeat(12, Message.agent("Trains to Anjali Ramachandran leave here."));
    assertThat(counted(conversations, 2).facts().facts()).hasSize(1);
    assertThat(counted(conversations, 1).facts().facts()).isEmpty();
  }

  @Test
  void theNamesOfTheMetadataArePrivate() {
    repeat(20, Message.agent("Walk to the stop at Forbes and Murray."));
    conversations.add(
        new Conversation(
            "told",
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of("Murray"),
            Optional.empty(),
            List.of(Message.agent("hello"))));
    assertThat(facts().isEmpty()).isTrue();
  }

  @Test
  void commonFirstNamesAreNeverPublic() {
    repeat(200, Message.agent("Unfortunately George is busy."));
    assertThat(facts().isEmpty()).isTrue();
  }

  @Test
  void aPublicNameIsReplacedWhereAPersonBearsIt() {
    repeat(10, Message.agent("Walk to the stop at Forbes and Murray."));
    assertThat(redacted(facts(), "My name is Murray")).isEqualTo("My name is {customer_name}");
    assertThat(redacted(facts(), "my husband Murray is at Forbes and Murray"))
        .isEqualTo("my husband {name} is at Forbes and {name}");
  }

  @Test
  void countersMergeInAnyGrouping() {
    repeat(40, Message.agent("We close at 7:30 pm."));
    repeat(7, Message.agent("Call 1-800-555-0199 or 412-555-0123"));
    add("agent-9", Message.customer("412-555-0123 is mine. My name is Murray"));
    repeat(7, Message.agent("Forbes and Murray is open until 9 pm"));
    repeat(12, Message.agent("Trains to Anjali Ramachandran leave here."));
    add("agent-2", Message.customer("Is Mr Ramachandran in today?"));
    Counter whole = counted(conversations);
    Collections.shuffle(conversations, new Random(3));
    Counter merged = counted(conversations.subList(0, 20));
    merged.merge(SerializationUtils.clone(counted(conversations.subList(20, 25))));
    Counter rest = counted(conversations.subList(25, conversations.size()));
    rest.merge(merged);
    assertThat(rest).usingRecursiveComparison().isEqualTo(whole);
    assertThat(rest.facts()).isEqualTo(counted(conversations).facts());
  }

  @Test
  void aFullCounterKeepsTheSameValuesInAnyOrder() {
    for (int i = 0; i < 60; i++) {
      repeat(10, Message.agent("It costs $" + (100 + i)));
    }
    Counter whole = counted(conversations, 20);
    assertThat(whole.facts().facts()).hasSize(20);
    Collections.shuffle(conversations, new Random(5));
    Counter half = counted(conversations.subList(0, 300), 20);
    half.merge(counted(conversations.subList(300, 600), 20));
    assertThat(half).usingRecursiveComparison().isEqualTo(whole);
  }

  private static Counter counted(List<Conversation> conversations, int most) {
    Counter counter = new Counter(most);
    conversations.forEach(one -> counter.add(one, STRICT.redact(one)));
    return counter;
  }

  @Test
  void aCounterHoldsNoText() {
    repeat(20, Message.agent("Forbes and Murray closes at 7:30 pm, call 1-800-555-0199"));
    byte[] sent = SerializationUtils.serialize(counted(conversations));
    String bytes = new String(sent, StandardCharsets.ISO_8859_1);
    assertThat(bytes).doesNotContainIgnoringCase("murray").doesNotContain("7:30", "555");
  }

  @Test
  void aFactIsNamedInTheMostUsedSpelling() {
    repeat(6, Message.agent("We close at 7:30PM"));
    repeat(7, Message.agent("We close at 7:30 pm"));
    PublicFacts found = facts();
    Map<Spelling, Long> uses = new HashMap<>();
    conversations.forEach(
        one ->
            new ConversationRedactor(found)
                .redact(one)
                .open()
                .forEach(
                    open -> uses.merge(new Spelling(open.kind(), open.text()), 1L, Long::sum)));
    assertThat(found.named(uses).facts())
        .containsExactly(new Fact(PersonalData.TIME, "7:30 pm", 13, 3));
    assertThat(found.without(PublicFacts.of(found.named(uses).facts())).isEmpty()).isTrue();
  }
}
