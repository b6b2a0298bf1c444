package dev.repartee.text.samples;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The agent asks for what is needed to look the case up, in no fixed order. */
final class Identification {

  private static final List<String> NAMING = List.of("email", "order", "account", "booking");

  private final Chat chat;

  Identification(Chat chat) {
    this.chat = chat;
  }

  /** Asks for every fact that the customer has not told by themselves. */
  void identify(List<String> needs) {
    List<String> open = new ArrayList<>(needs);
    open.removeIf(chat.facts()::isTold);
    Collections.shuffle(open, chat.random());
    while (!open.isEmpty()) {
      String first = open.removeFirst();
      if (!open.isEmpty() && chat.chance(20)) {
        String second = open.removeFirst();
        chat.agent("ask." + first, "ask_also." + second);
        give(first);
        give(second);
      } else {
        chat.agent("ask." + first);
        answer(first);
      }
    }
    if (needs.stream().anyMatch(NAMING::contains)) {
      chat.facts().tell("name");
    }
  }

  private void answer(String fact) {
    if (Chat.agentCan("explain." + fact) && chat.chance(13)) {
      chat.customer("where." + fact);
      chat.agent("explain." + fact);
      chat.customer("found." + fact);
    } else if (Chat.customerCan("wrong." + fact) && chat.chance(10)) {
      chat.customer("wrong." + fact);
      chat.agent("clarify." + fact);
      chat.customer("give." + fact);
    } else {
      give(fact);
    }
    chat.facts().tell(fact);
  }

  private void give(String fact) {
    chat.customer("give." + fact);
    chat.facts().tell(fact);
  }
}
