package dev.repartee.text.samples;

import dev.repartee.text.samples.Path.Ending;

/** How a conversation ends: with thanks, with a grumble, or with no word at all. */
final class Closing {

  private final Chat chat;

  Closing(Chat chat) {
    this.chat = chat;
  }

  /** After the customer was helped, or told that they cannot be. */
  void close(Ending ending) {
    if (ending == Ending.BAD) {
      afterBadNews();
    } else if (chat.chance(25)) {
      chat.agent("anything_else");
      chat.customer("no_more");
      chat.agent("bye");
    } else {
      chat.customer("thanks");
      afterThanks();
    }
  }

  private void afterThanks() {
    if (chat.chance(8)) {
      return;
    }
    if (chat.chance(55)) {
      chat.agent("welcome", "anything_else");
      chat.customer("no_more");
      if (chat.chance(90)) {
        chat.agent("bye");
      }
    } else if (chat.chance(50)) {
      chat.agent("welcome", "bye");
    } else {
      chat.agent("welcome");
    }
  }

  private void afterBadNews() {
    if (chat.chance(15)) {
      return;
    }
    chat.customer("grumble");
    chat.agent("regret");
    if (chat.chance(60)) {
      chat.agent("anything_else");
      chat.customer(chat.is(Mood.ANNOYED) ? "leave_angry" : "no_more");
      chat.agent("bye");
    } else if (chat.chance(50)) {
      chat.customer("resigned");
      chat.agent("bye");
    }
  }

  /** The customer has gone quiet. */
  void silence() {
    chat.agent("ping");
    if (chat.chance(25)) {
      chat.customer("back_later");
      chat.agent("come_back");
    } else {
      chat.agent("close_idle");
    }
  }

  /** The agent passes the customer on. */
  void handOver() {
    chat.agent(chat.chance(50) ? "handover" : "supervisor");
    if (chat.chance(65)) {
      chat.customer("handover_ok");
      if (chat.chance(75)) {
        chat.agent("handover_now");
      }
    }
  }
}
