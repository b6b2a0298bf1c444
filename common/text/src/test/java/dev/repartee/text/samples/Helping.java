package dev.repartee.text.samples;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The middle of a conversation: waiting, what the agent finds, what is done about it. */
final class Helping {

  private static final List<Exchange> SMALL_TALK =
      new Phrasebook("smalltalk.txt").exchanges("smalltalk");

  private final Chat chat;

  Helping(Chat chat) {
    this.chat = chat;
  }

  /** The agent looks the case up, and the customer waits as their mood has it. */
  void hold() {
    if (chat.chance(50)) {
      chat.agent("noted", "hold");
    } else {
      chat.agent("hold");
    }
    if (chat.is(Mood.ANNOYED) && chat.chance(45)) {
      chat.customer("impatient");
      chat.agent("sorry_wait");
    } else if (chat.chance(chat.is(Mood.CHATTY) ? 60 : 5)) {
      chat.exchange(chat.any(SMALL_TALK));
    } else if (chat.chance(55)) {
      chat.customer("wait");
    }
  }

  /** Walks the path to its end. */
  void walk(Path path, boolean waited) {
    for (Turn turn : path.turns()) {
      boolean returns = waited && turn.equals(path.turns().getFirst()) && chat.chance(45);
      switch (turn) {
        case Turn.AgentSays says when returns -> chat.agent(Chat.agentPool("back"), says.pool());
        case Turn.AgentSays says -> chat.agent(says.pool());
        case Turn.CustomerSays says -> chat.customer(says.pool());
        case Turn.Questions questions -> ask(questions.exchanges());
      }
    }
  }

  private void ask(List<Exchange> exchanges) {
    int most = chat.is(Mood.TERSE) ? 1 : 2;
    List<Exchange> shuffled = new ArrayList<>(exchanges);
    Collections.shuffle(shuffled, chat.random());
    int count = Math.min(chat.random().nextInt(most + 1), shuffled.size());
    shuffled.subList(0, count).forEach(chat::exchange);
  }
}
