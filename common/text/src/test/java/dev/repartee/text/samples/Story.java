package dev.repartee.text.samples;

import dev.repartee.text.conversation.Message;
import dev.repartee.text.samples.Path.Ending;
import java.util.List;

/** Decides the course of one conversation and writes it. */
final class Story {

  private final Domain domain;
  private final Chat chat;
  private final Opening opening;
  private final Identification identification;
  private final Helping helping;
  private final Closing closing;

  Story(Domain domain, Chat chat) {
    this.domain = domain;
    this.chat = chat;
    opening = new Opening(chat);
    identification = new Identification(chat);
    helping = new Helping(chat);
    closing = new Closing(chat);
  }

  /** Out of a hundred conversations, this many take each course. */
  List<Message> tell(Issue issue) {
    int course = chat.random().nextInt(100);
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
      closing.close(help(issue));
    }
    return chat.messages();
  }

  private Ending help(Issue issue) {
    opening.open(issue);
    identification.identify(issue.needs());
    boolean hold = !issue.needs().isEmpty() && chat.chance(65);
    if (hold) {
      helping.hold();
    }
    Path path = chat.any(issue.paths());
    helping.walk(path, hold);
    return path.ending();
  }

  private void question() {
    Exchange exchange = chat.any(domain.faq());
    Pool question = new Pool("faq", List.of(exchange.question()));
    Pool answer = Chat.answer(exchange);
    boolean ungreeted = opening.problemFirst(question, false);
    if (ungreeted && chat.chance(60)) {
      chat.agent(Chat.agentPool("hello"), answer);
    } else {
      chat.agent(answer);
    }
    if (chat.chance(65)) {
      closing.close(Ending.GOOD);
    }
  }

  private void wrongDepartment() {
    boolean ungreeted = opening.problemFirst(Chat.customerPool("elsewhere." + domain.id()), false);
    Pool answer = Chat.agentPool("elsewhere." + domain.id());
    if (ungreeted && chat.chance(60)) {
      chat.agent(Chat.agentPool("hello"), answer);
    } else {
      chat.agent(answer);
    }
    if (chat.chance(70)) {
      chat.customer("my_mistake");
      chat.agent(chat.chance(60) ? "no_problem" : "bye");
    }
  }

  private void leaves(Issue issue) {
    opening.open(issue);
    if (chat.chance(50) && !issue.needs().isEmpty()) {
      chat.agent("ask." + issue.needs().getFirst());
    } else {
      identification.identify(issue.needs());
      helping.walk(new Path(Ending.GOOD, firstFinding(issue)), false);
    }
    closing.silence();
  }

  private List<Turn> firstFinding(Issue issue) {
    return chat.any(issue.paths()).turns().stream()
        .filter(Turn.AgentSays.class::isInstance)
        .limit(1)
        .toList();
  }

  private void handOver(Issue issue) {
    opening.open(issue);
    identification.identify(issue.needs());
    if (chat.chance(50)) {
      helping.hold();
    }
    closing.handOver();
  }

  private void twoRequests(Issue issue) {
    Ending ending = help(issue);
    Exchange second = chat.any(domain.faq());
    if (ending == Ending.GOOD && chat.chance(60)) {
      chat.customer("thanks");
      chat.agent("welcome", "anything_else");
    } else {
      chat.agent("anything_else");
    }
    chat.customer(Chat.customerPool("one_more"), new Pool("faq", List.of(second.question())));
    chat.agent(Chat.answer(second));
    closing.close(Ending.GOOD);
  }
}
