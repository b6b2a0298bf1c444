package dev.repartee.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.privacy.ConversationRedactor;
import dev.repartee.text.privacy.PersonalData;
import dev.repartee.text.privacy.PublicFacts;
import dev.repartee.text.privacy.PublicFacts.Fact;
import java.lang.management.ManagementFactory;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ModelViewTest {

  private final ModelView view =
      ModelView.redacted(
          List.of(
              Message.customer("Hi, my name is Alexis Miller. Can you come at 4 pm?"),
              Message.agent("At 4 pm we are busy, Alexis."),
              Message.customer("At 5:30 pm then. Write to alexis@example.org please")),
          Desk.NONE,
          new ConversationRedactor());

  @Test
  void theModelSeesPlaceholders() {
    assertThat(view.context())
        .extracting(Message::text)
        .containsExactly(
            "Hi, my name is {customer_name}. Can you come at {time}?",
            "At {time} we are busy, {customer_name}.",
            "At {time} then. Write to {email} please");
  }

  @Test
  void placeholdersAreFilledWithTheNewestValueOfTheConversation() {
    assertThat(view.fill("See you at {time}. I wrote to {email}, order {reference}.").text())
        .isEqualTo("See you at 5:30 pm. I wrote to {email}, order {reference}.");
  }

  private static final List<Message> PLANTED =
      List.of(
          Message.agent("Write to help@shop.example or see https://shop.example/help."),
          Message.customer(
              "See https://t.co/abcDEF1234, call 412-555-0123 or write to x@evil-bank.example."
                  + " My account 12345678, 12 Main Street."),
          Message.agent(
              "Do you mean HTTP://www.T.co/abcDEF1234/, evil-bank.example, 4125550123, x at"
                  + " evil-bank dot example, account 1234 5678, 12 main st?"));

  @Test
  void whatLeadsToACustomerIsNotOfferedEvenIfAnAgentRepeatsIt() {
    String text = "{url} {email} {phone} {account} {address}";
    for (ModelView planted :
        List.of(
            ModelView.redacted(PLANTED, Desk.NONE, new ConversationRedactor()),
            ModelView.plain(PLANTED, Desk.NONE, new ConversationRedactor()))) {
      assertThat(planted.fill(text).text())
          .isEqualTo("https://shop.example/help help@shop.example {phone} {account} {address}");
      assertThat(planted.values("http")).doesNotContainValue("https://t.co/abcDEF1234");
    }
    Desk desk =
        new Desk(
            Optional.empty(), Optional.empty(), Optional.empty(), Map.of("phone", "0800 1234"));
    assertThat(ModelView.redacted(PLANTED, desk, new ConversationRedactor()).fill("{phone}").text())
        .isEqualTo("0800 1234");
  }

  @Test
  void aPlainModelDoesNotReadWhatItMustNotRepeat() {
    ModelView plain = ModelView.plain(PLANTED, Desk.NONE, new ConversationRedactor());
    assertThat(plain.context().get(0)).isEqualTo(PLANTED.get(0));
    assertThat(plain.context().get(1).text())
        .isEqualTo("See {url}, call {phone} or write to {email}. My account {account}, {address}.");
  }

  @Test
  void tellsWhatCannotBeFilledIn() {
    assertThat(view.fill(" at {time}, and your order").isWhole()).isTrue();
    assertThat(view.fill(" at {time}, and your order {reference} is").isWhole()).isFalse();
    assertThat(view.fill(" at {ti").isWhole()).isFalse();
    assertThat(view.fill("_name} is the").isWhole()).isFalse();
    assertThat(view.fill(" with nothing to fill").isWhole()).isTrue();
  }

  @Test
  void theDraftIsRedactedButForTheWordBeingTyped() {
    assertThat(view.draft("")).isEmpty();
    assertThat(view.draft("Thank you Alexis, see you at 5:30 pm at the g"))
        .isEqualTo("Thank you {customer_name}, see you at {time} at the g");
    assertThat(view.draft("Thank you Alex")).isEqualTo("Thank you Alex");
    assertThat(view.draft("at 5:30 pm ")).isEqualTo("at {time} ");
  }

  private static final Desk DESK =
      new Desk(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Map.of("customer_name", "Zorbl Quandt", "order_number", "A-17", "plan_2", "Gold"));

  private static final List<Message> ORDER =
      List.of(Message.customer("It was at 4 pm, and zorbl waited."));

  @Test
  void metadataFillsBeforeTheConversationDoes() {
    ModelView known = ModelView.redacted(ORDER, DESK, new ConversationRedactor());
    FilledText filled =
        known.fill("{customer_name}: {order_number}, {plan_2} at {time}, {ticket_number}");
    assertThat(filled.text()).isEqualTo("Zorbl Quandt: A-17, Gold at 4 pm, {ticket_number}");
    assertThat(filled.unfilled()).containsExactly("ticket_number");
    assertThat(filled.template())
        .isEqualTo("{customer_name}: {order_number}, {plan_2} at {time}, {ticket_number}");
    assertThat(known.values("zo")).containsExactly(Map.entry("{customer_name}", "Zorbl Quandt"));
  }

  @Test
  void namesOfTheMetadataAreNamesInTheConversation() {
    ModelView known = ModelView.redacted(ORDER, DESK, new ConversationRedactor());
    assertThat(known.context().getFirst().text())
        .isEqualTo("It was at {time}, and {customer_name} waited.");
    assertThat(known.draft("Hello Zorbl, I")).isEqualTo("Hello {customer_name}, I");
    assertThat(
            ModelView.redacted(ORDER, Desk.NONE, new ConversationRedactor()).context().getFirst())
        .extracting(Message::text)
        .asString()
        .endsWith("and zorbl waited.");
  }

  @Test
  void aPlainModelsTextsAreFilledToo() {
    ModelView plain = ModelView.plain(ORDER, DESK, new ConversationRedactor());
    assertThat(plain.context()).isEqualTo(ORDER);
    assertThat(plain.fill("{order_number} at {time}").text()).isEqualTo("A-17 at 4 pm");
    assertThat(plain.fill("{ticket_number}").isWhole()).isFalse();
  }

  @Test
  void aDeskIsPrintedWithoutItsValues() {
    assertThat(new Desk(Optional.of("secret"), Optional.of("secret"), Optional.empty(), Map.of()))
        .asString()
        .isEqualTo("Desk[agent known, queue known, language unknown, 0 metadata]");
    assertThat(DESK).asString().doesNotContain("Zorbl", "customer_name").contains("3 metadata");
  }

  @Test
  void publicFactsStayInContextAndDraft() {
    ConversationRedactor redactor =
        new ConversationRedactor(
            PublicFacts.of(List.of(new Fact(PersonalData.TIME, "8 pm", 10, 3))));
    ModelView open =
        ModelView.redacted(
            List.of(Message.customer("Is it at 8 PM or at 9 pm? Write to a@example.org")),
            Desk.NONE,
            redactor);
    assertThat(open.context().getFirst().text())
        .isEqualTo("Is it at 8 PM or at {time}? Write to {email}");
    assertThat(open.draft("It begins at 8 pm, not at 9 pm, so "))
        .isEqualTo("It begins at 8 pm, not at {time}, so ");
    assertThat(open.fill("at {time}").text()).isEqualTo("at 9 pm");
  }

  @Test
  void knowsWhatAWordMayBeTheBeginningOf() {
    assertThat(view.values("ale")).containsOnlyKeys("{customer_name}");
    assertThat(view.values("5:3")).containsExactly(Map.entry("{time}", "5:30 pm"));
    assertThat(view.values("5:30 pm")).isEmpty();
  }

  @Test
  void onlyTheLatestMessagesAreRead() {
    Message long8000 = Message.customer("$x " + "111 ".repeat(1999));
    List<Message> worst = Collections.nCopies(32, long8000);
    assertThat(ModelView.redacted(worst, Desk.NONE, new ConversationRedactor()).context())
        .hasSize(4);
    Message longest = Message.agent("hello ".repeat(ModelView.MOST_CHARACTERS));
    List<Message> afterwards = List.of(Message.agent("Hi"), longest);
    assertThat(ModelView.redacted(afterwards, Desk.NONE, new ConversationRedactor()).context())
        .containsExactly(longest);
  }

  /** Measured by what is allocated, since times differ from run to run. */
  @Test
  void aDraftIsRedactedWithoutItsConversation() {
    List<Message> worst = Collections.nCopies(500, Message.customer("1 a st " + "a".repeat(57)));
    ConversationRedactor redactor = new ConversationRedactor();
    var _ =
        ModelView.redacted(worst, Desk.NONE, redactor)
            .draft("Hello Ann, "); // loads classes and word lists
    long before = allocated();
    ModelView read = ModelView.redacted(worst, Desk.NONE, redactor);
    long opened = allocated();
    assertThat(read.draft("Thank you Ann, w")).isEqualTo("Thank you {customer_name}, w");
    assertThat(allocated() - opened).isLessThan((opened - before) / 10);
  }

  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }
}
