package dev.repartee.text.samples;

import dev.repartee.text.conversation.Message;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** A conversation while it is being written: two voices, what they can say, what was said. */
final class Chat {

  private static final Phrasebook AGENT = new Phrasebook("agent.txt");
  private static final Phrasebook CUSTOMER = new Phrasebook("customer.txt");

  private final AgentVoice agent;
  private final CustomerVoice customer;
  private final Facts facts;
  private final Random random;
  private final List<Message> messages = new ArrayList<>();

  Chat(AgentVoice agent, CustomerVoice customer, Facts facts, Random random) {
    this.agent = agent;
    this.customer = customer;
    this.facts = facts;
    this.random = random;
  }

  /** The agent does these things, in one message or in several, as is their habit. */
  void agent(String... acts) {
    agent(Arrays.stream(acts).map(AGENT::pool).toArray(Pool[]::new));
  }

  void agent(Pool... pools) {
    String message = "";
    for (Pool pool : pools) {
      String text = agent.say(pool);
      if (message.isEmpty()) {
        message = text;
      } else if (agent.joins()) {
        boolean open = Character.isLetterOrDigit(message.charAt(message.length() - 1));
        message = message + (open ? ", " : " ") + text;
      } else {
        messages.add(Message.agent(message));
        message = text;
      }
    }
    messages.add(Message.agent(message));
  }

  /** The customer does these things in one message, in the words of the day's mood. */
  void customer(String... acts) {
    String mood = customer.mood().id();
    customer(Stream.of(acts).map(act -> CUSTOMER.pool(act, mood)).toArray(Pool[]::new));
  }

  void customer(Pool... pools) {
    String text = "";
    for (Pool pool : pools) {
      boolean open = !text.isEmpty() && Character.isLetterOrDigit(text.charAt(text.length() - 1));
      text = text + (open ? ". " : " ") + customer.say(pool);
    }
    messages.add(Message.customer(text.strip()));
  }

  /** A question of the customer's and the agent's answer to it. */
  void exchange(Exchange exchange) {
    customer(new Pool(exchange.question(), List.of(exchange.question())));
    agent(answer(exchange));
  }

  static Pool answer(Exchange exchange) {
    return new Pool(exchange.answer(), List.of(exchange.answer()));
  }

  static Pool agentPool(String act) {
    return AGENT.pool(act);
  }

  static Pool customerPool(String act) {
    return CUSTOMER.pool(act);
  }

  static boolean agentCan(String act) {
    return AGENT.has(act);
  }

  static boolean customerCan(String act) {
    return CUSTOMER.has(act);
  }

  boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  <T> T any(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  boolean is(Mood mood) {
    return customer.mood() == mood;
  }

  Facts facts() {
    return facts;
  }

  Random random() {
    return random;
  }

  List<Message> messages() {
    return List.copyOf(messages);
  }
}
