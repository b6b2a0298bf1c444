package dev.repartee.text.samples;

import dev.repartee.text.conversation.Message;
import dev.repartee.text.samples.CustomerVoice.Mood;
import dev.repartee.text.samples.Domain.Ending;
import dev.repartee.text.samples.Domain.Exchange;
import dev.repartee.text.samples.Domain.Issue;
import dev.repartee.text.samples.Domain.Path;
import dev.repartee.text.samples.Domain.Turn;
import dev.repartee.text.samples.Phrasebook.Pool;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Decides the course of one conversation and writes it. */
final class Story {

  private static final Phrasebook AGENT = new Phrasebook("agent.txt");
  private static final Phrasebook CUSTOMER = new Phrasebook("customer.txt");
  private static final List<Exchange> SMALL_TALK =
      new Phrasebook("smalltalk.txt")
          .pool("smalltalk").lines().stream().map(Exchange::parse).toList();

  /** Facts after which the agent also knows the customer's name. */
  private static final List<String> NAMING = List.of("email", "order", "account", "booking");

  private final Domain domain;
  private final AgentVoice agent;
  private final CustomerVoice customer;
  private final Facts facts;
  private final Random random;
  private final List<Message> messages = new ArrayList<>();

  Story(Domain domain, AgentVoice agent, CustomerVoice customer, Facts facts, Random random) {
    this.domain = domain;
    this.agent = agent;
    this.customer = customer;
    this.facts = facts;
    this.random = random;
  }

  /** Of a hundred conversations, this many take each course. */
  List<Message> tell(Issue issue) {
    int course = random.nextInt(100);
    if (course < 16) {
      question();
    } else if (course < 22) {
      wrongDepartment();
    } else if (course < 29) {
      leaves(issue);
    } else if (course < 37) {
      handOver(issue);
    } else if (course < 51) {
      twoRequests(issue);
    } else {
      close(help(issue));
    }
    return List.copyOf(messages);
  }

  // The courses.

  private Ending help(Issue issue) {
    open(issue);
    identify(issue.needs());
    boolean hold = !issue.needs().isEmpty() && chance(65);
    if (hold) {
      hold();
    }
    Path path = any(issue.paths());
    walk(path, hold);
    return path.ending();
  }

  private void question() {
    Exchange exchange = any(domain.faq());
    boolean ungreeted = askFirst(new Pool("faq", List.of(exchange.question())), false);
    answerFirst(ungreeted, exchange.answerPool());
    if (chance(65)) {
      close(Ending.GOOD);
    }
  }

  private void wrongDepartment() {
    boolean ungreeted = askFirst(CUSTOMER.pool("elsewhere." + domain.id()), false);
    answerFirst(ungreeted, AGENT.pool("elsewhere." + domain.id()));
    if (chance(70)) {
      customer("my_mistake");
      agent(chance(60) ? "no_problem" : "bye");
    }
  }

  private void answerFirst(boolean ungreeted, Pool answer) {
    if (ungreeted && chance(60)) {
      agent(AGENT.pool("hello"), answer);
    } else {
      agent(answer);
    }
  }

  private void leaves(Issue issue) {
    open(issue);
    if (chance(50) && !issue.needs().isEmpty()) {
      agent("ask." + issue.needs().getFirst());
    } else {
      identify(issue.needs());
      walk(new Path(Ending.GOOD, firstFinding(issue)), false);
    }
    silence();
  }

  private List<Turn> firstFinding(Issue issue) {
    return any(issue.paths()).turns().stream()
        .filter(Turn.AgentSays.class::isInstance)
        .limit(1)
        .toList();
  }

  private void handOver(Issue issue) {
    open(issue);
    identify(issue.needs());
    if (chance(50)) {
      hold();
    }
    agent(chance(50) ? "handover" : "supervisor");
    if (chance(65)) {
      customer("handover_ok");
      if (chance(75)) {
        agent("handover_now");
      }
    }
  }

  private void twoRequests(Issue issue) {
    Ending ending = help(issue);
    Exchange second = any(domain.faq());
    if (ending == Ending.GOOD && chance(60)) {
      customer("thanks");
      agent("welcome", "anything_else");
    } else {
      agent("anything_else");
    }
    customer(CUSTOMER.pool("one_more"), new Pool("faq", List.of(second.question())));
    agent(second.answerPool());
    close(Ending.GOOD);
  }

  // How a conversation starts: who writes first, and whether the problem comes at once.

  private void open(Issue issue) {
    if (askFirst(issue.opening(), issue.problem())) {
      takeOn(issue, "hello");
    } else {
      takeOn(issue);
    }
  }

  /**
   * Greetings and the customer's first question.
   *
   * @param problem whether something went wrong, so that a complaint may follow
   * @return whether the customer came straight to the point, so that nobody has greeted them yet
   */
  private boolean askFirst(Pool question, boolean problem) {
    if (chance(25)) {
      customer("hello");
      greet();
    } else if (chance(25)) {
      greet();
    } else {
      ask(question, problem, !is(Mood.TERSE) && chance(55));
      return true;
    }
    ask(question, problem, false);
    return false;
  }

  private void greet() {
    if (chance(60)) {
      agent("greet");
    } else {
      agent("hello", "ready");
    }
  }

  private void ask(Pool question, boolean problem, boolean hello) {
    boolean more = hasMore(problem) && chance(45);
    if (hello && more) {
      customer(CUSTOMER.pool("salute"), question, tail());
    } else if (hello) {
      customer(CUSTOMER.pool("salute"), question);
    } else if (more) {
      customer(question, tail());
    } else {
      customer(question);
    }
  }

  private boolean hasMore(boolean problem) {
    return is(Mood.ANNOYED) ? problem : !is(Mood.CALM) && !is(Mood.TERSE);
  }

  private Pool tail() {
    return CUSTOMER.pool("tail", customer.mood().id());
  }

  private void takeOn(Issue issue, String... before) {
    String care = issue.problem() && chance(92) ? "empathy" : "willing";
    if (before.length > 0 && chance(85)) {
      agent(before[0], care);
    } else {
      agent(care);
    }
  }

  // The agent asks for what is needed to look the case up, in no fixed order.

  /** Asks for every fact that the customer has not told yet. */
  private void identify(List<String> needs) {
    List<String> open = new ArrayList<>(needs);
    open.removeIf(facts::isTold);
    Collections.shuffle(open, random);
    while (!open.isEmpty()) {
      String first = open.removeFirst();
      if (!open.isEmpty() && chance(20)) {
        String second = open.removeFirst();
        agent("ask." + first, "ask_also." + second);
        give(first);
        give(second);
      } else {
        agent("ask." + first);
        answer(first);
      }
    }
    if (needs.stream().anyMatch(NAMING::contains)) {
      facts.tell("name");
    }
  }

  private void answer(String fact) {
    if (AGENT.has("explain." + fact) && chance(13)) {
      customer("where." + fact);
      agent("explain." + fact);
      customer("found." + fact);
    } else if (CUSTOMER.has("wrong." + fact) && chance(10)) {
      customer("wrong." + fact);
      agent("clarify." + fact);
      customer("give." + fact);
    } else {
      give(fact);
    }
    facts.tell(fact);
  }

  private void give(String fact) {
    customer("give." + fact);
    facts.tell(fact);
  }

  // The middle: waiting, what the agent finds, what is done about it.

  /** The agent looks the case up, and the customer waits as their mood has it. */
  private void hold() {
    if (chance(50)) {
      agent("noted", "hold");
    } else {
      agent("hold");
    }
    if (is(Mood.ANNOYED) && chance(45)) {
      customer("impatient");
      agent("sorry_wait");
    } else if (chance(is(Mood.CHATTY) ? 60 : 5)) {
      exchange(any(SMALL_TALK));
    } else if (chance(55)) {
      customer("wait");
    }
  }

  /** Walks the path to its end. */
  private void walk(Path path, boolean waited) {
    for (Turn turn : path.turns()) {
      boolean returns = waited && turn.equals(path.turns().getFirst()) && chance(45);
      switch (turn) {
        case Turn.AgentSays says when returns -> agent(AGENT.pool("back"), says.pool());
        case Turn.AgentSays says -> agent(says.pool());
        case Turn.CustomerSays says -> customer(says.pool());
        case Turn.Questions questions -> askSome(questions.exchanges());
      }
    }
  }

  private void askSome(List<Exchange> exchanges) {
    int most = is(Mood.TERSE) ? 1 : 2;
    List<Exchange> shuffled = new ArrayList<>(exchanges);
    Collections.shuffle(shuffled, random);
    int count = Math.min(random.nextInt(most + 1), shuffled.size());
    shuffled.subList(0, count).forEach(this::exchange);
  }

  // How a conversation ends: with thanks, with a grumble, or without a word.

  /** After the customer was helped, or heard that they cannot be. */
  private void close(Ending ending) {
    if (ending == Ending.BAD) {
      closeAfterBadNews();
    } else if (chance(25)) {
      agent("anything_else");
      customer("no_more");
      agent("bye");
    } else {
      customer("thanks");
      closeAfterThanks();
    }
  }

  private void closeAfterThanks() {
    if (chance(8)) {
      return;
    }
    if (chance(55)) {
      agent("welcome", "anything_else");
      customer("no_more");
      if (chance(90)) {
        agent("bye");
      }
    } else if (chance(50)) {
      agent("welcome", "bye");
    } else {
      agent("welcome");
    }
  }

  private void closeAfterBadNews() {
    if (chance(15)) {
      return;
    }
    customer("grumble");
    agent("regret");
    if (chance(60)) {
      agent("anything_else");
      customer(is(Mood.ANNOYED) ? "leave_angry" : "no_more");
      agent("bye");
    } else if (chance(50)) {
      customer("resigned");
      agent("bye");
    }
  }

  /** The customer has gone quiet. */
  private void silence() {
    agent("ping");
    if (chance(25)) {
      customer("back_later");
      agent("come_back");
    } else {
      agent("close_idle");
    }
  }

  // What the two write.

  /** The agent says these things, in one message or in several, as is their habit. */
  private void agent(String... acts) {
    agent(Arrays.stream(acts).map(AGENT::pool).toArray(Pool[]::new));
  }

  private void agent(Pool... pools) {
    String message = "";
    for (Pool pool : pools) {
      String text = agent.say(pool);
      if (message.isEmpty()) {
        message = text;
      } else if (agent.joins()) {
        message = message + (endsOpen(message) ? ", " : " ") + text;
      } else {
        messages.add(Message.agent(message));
        message = text;
      }
    }
    messages.add(Message.agent(message));
  }

  /** The customer says these things in one message, in the words of the day's mood. */
  private void customer(String... acts) {
    String mood = customer.mood().id();
    customer(Stream.of(acts).map(act -> CUSTOMER.pool(act, mood)).toArray(Pool[]::new));
  }

  private void customer(Pool... pools) {
    String text = "";
    for (Pool pool : pools) {
      text = text + (endsOpen(text) ? ". " : " ") + customer.say(pool);
    }
    messages.add(Message.customer(text.strip()));
  }

  private static boolean endsOpen(String text) {
    return !text.isEmpty() && Character.isLetterOrDigit(text.charAt(text.length() - 1));
  }

  /** A question of the customer's and the agent's answer to it. */
  private void exchange(Exchange exchange) {
    customer(new Pool(exchange.question(), List.of(exchange.question())));
    agent(exchange.answerPool());
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  private <T> T any(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  private boolean is(Mood mood) {
    return customer.mood() == mood;
  }
}
