package dev.repartee.clustering.extract;

import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A contact center with three agents of whom one has a phrase of her own. */
final class SmallCorpus {

  static final List<List<String>> CLOSINGS =
      List.of(
          List.of("Is there anything else I can help you with?", "Thank you and goodbye."),
          List.of("Is there anything else I can help you with?", "Thank you, goodbye!"),
          List.of("is there anything else i can help with", "Thank you and goodbye."),
          List.of("Is there anything else I can help you with today?", "thank you and goodbye"));

  private SmallCorpus() {}

  /** Twelve conversations; {@code c-0}, {@code c-3}, ... are agent 0's. */
  static List<Conversation> conversations() {
    List<Conversation> conversations = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      List<Message> messages = new ArrayList<>();
      messages.add(Message.customer("My order number is 1234567, where is it?"));
      messages.add(Message.agent("It left us on day " + (i + 1) + ", call 555-010-99" + (10 + i)));
      if (i % 3 == 0) {
        messages.add(Message.agent("Stay sunny side up, my dear!"));
      }
      CLOSINGS.get(i % 4).forEach(text -> messages.add(Message.agent(text)));
      conversations.add(
          new Conversation("c-" + i, Optional.of("agent-" + i % 3), Optional.empty(), messages));
    }
    return conversations;
  }
}
