package dev.repartee.engine.suggest;

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
import org.junit.jupiter.api.Test;

class RedactedViewTest {

  private final RedactedView view =
      RedactedView.of(
          List.of(
              Message.customer("Hi, my name is Alexis Miller. Can you come at 4 pm?"),
              Message.agent("At 4 pm we are busy, Alexis."),
              Message.customer("At 5:30 pm then. Write to alexis@example.org please")),
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
    assertThat(view.fill("See you at {time}. I wrote to {email}, order {reference}."))
        .isEqualTo("See you at 5:30 pm. I wrote to alexis@example.org, order {reference}.");
  }

  @Test
  void tellsWhatCannotBeFilledIn() {
    assertThat(view.isFilled(" at {time}, and your order")).isTrue();
    assertThat(view.isFilled(" at {time}, and your order {reference} is")).isFalse();
    assertThat(view.isFilled(" at {ti")).isFalse();
    assertThat(view.isFilled("_name} is the")).isFalse();
    assertThat(view.isFilled(" with nothing to fill")).isTrue();
  }

  @Test
  void theDraftIsRedactedButForTheWordBeingTyped() {
    assertThat(view.draft("")).isEmpty();
    assertThat(view.draft("Thank you Alexis, see you at 5:30 pm at the g"))
        .isEqualTo("Thank you {customer_name}, see you at {time} at the g");
    assertThat(view.draft("Thank you Alex")).isEqualTo("Thank you Alex");
    assertThat(view.draft("at 5:30 pm ")).isEqualTo("at {time} ");
  }

  @Test
  void publicFactsStayInContextAndDraft() {
    ConversationRedactor redactor =
        new ConversationRedactor(
            PublicFacts.of(List.of(new Fact(PersonalData.TIME, "8 pm", 10, 3))));
    RedactedView open =
        RedactedView.of(
            List.of(Message.customer("Is it at 8 PM or at 9 pm? Write to a@example.org")),
            redactor);
    assertThat(open.context().getFirst().text())
        .isEqualTo("Is it at 8 PM or at {time}? Write to {email}");
    assertThat(open.draft("It begins at 8 pm, not at 9 pm, so "))
        .isEqualTo("It begins at 8 pm, not at {time}, so ");
    assertThat(open.fill("at {time}")).isEqualTo("at 9 pm");
  }

  @Test
  void withoutAContextThereIsNothingToFillIn() {
    RedactedView empty = RedactedView.of(List.of(), new ConversationRedactor());
    assertThat(empty.context()).isEmpty();
    assertThat(empty.fill("Hello {customer_name}")).isEqualTo("Hello {customer_name}");
    assertThat(empty.isFilled("{customer_name}")).isFalse();
  }

  @Test
  void knowsWhatAWordMayBeTheBeginningOf() {
    assertThat(view.values("ale")).containsOnlyKeys("{customer_name}", "{email}");
    assertThat(view.values("5:3")).containsExactly(Map.entry("{time}", "5:30 pm"));
    assertThat(view.values("5:30 pm")).isEmpty();
  }

  @Test
  void onlyTheLatestMessagesAreRead() {
    Message long8000 = Message.customer("$x " + "111 ".repeat(1999));
    List<Message> worst = Collections.nCopies(32, long8000);
    assertThat(RedactedView.of(worst, new ConversationRedactor()).context()).hasSize(4);
    Message longest = Message.agent("hello ".repeat(RedactedView.MOST_CHARACTERS));
    List<Message> afterwards = List.of(Message.agent("Hi"), longest);
    assertThat(RedactedView.of(afterwards, new ConversationRedactor()).context())
        .containsExactly(longest);
  }

  /** Measured by what is allocated, since times differ from run to run. */
  @Test
  void aDraftIsRedactedWithoutItsConversation() {
    List<Message> worst = Collections.nCopies(500, Message.customer("1 a st " + "a".repeat(57)));
    ConversationRedactor redactor = new ConversationRedactor();
    var _ = RedactedView.of(worst, redactor).draft("Hello Ann, "); // loads classes and word lists
    long before = allocated();
    RedactedView read = RedactedView.of(worst, redactor);
    long opened = allocated();
    assertThat(read.draft("Thank you Ann, w")).isEqualTo("Thank you {customer_name}, w");
    assertThat(allocated() - opened).isLessThan((opened - before) / 10);
  }

  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }

  @Test
  void bracesThatPeopleTypeStay() {
    assertThat(view.fill("a {b} and {")).isEqualTo("a {b} and {");
  }
}
