package dev.repartee.text.samples;

/** How a conversation starts: who writes first, and whether the problem comes at once. */
final class Opening {

  private final Chat chat;

  Opening(Chat chat) {
    this.chat = chat;
  }

  /** The customer has said what it is about and the agent has taken it on. */
  void open(Issue issue) {
    if (problemFirst(issue.opening(), issue.problem())) {
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
  boolean problemFirst(Pool question, boolean problem) {
    if (chat.chance(25)) {
      chat.customer("hello");
      greet();
    } else if (chat.chance(25)) {
      greet();
    } else {
      say(question, problem, !chat.is(Mood.TERSE) && chat.chance(55));
      return true;
    }
    say(question, problem, false);
    return false;
  }

  private void greet() {
    if (chat.chance(60)) {
      chat.agent("greet");
    } else {
      chat.agent("hello", "ready");
    }
  }

  private void say(Pool question, boolean problem, boolean hello) {
    boolean more = hasMore(problem) && chat.chance(45);
    if (hello && more) {
      chat.customer(Chat.customerPool("salute"), question, tail());
    } else if (hello) {
      chat.customer(Chat.customerPool("salute"), question);
    } else if (more) {
      chat.customer(question, tail());
    } else {
      chat.customer(question);
    }
  }

  private boolean hasMore(boolean problem) {
    return chat.is(Mood.ANNOYED) ? problem : !chat.is(Mood.CALM) && !chat.is(Mood.TERSE);
  }

  private Pool tail() {
    for (Mood mood : Mood.values()) {
      if (chat.is(mood) && Chat.customerCan("tail." + mood.id())) {
        return Chat.customerPool("tail." + mood.id());
      }
    }
    return Chat.customerPool("tail");
  }

  private void takeOn(Issue issue, String... before) {
    String care = issue.problem() && chat.chance(92) ? "empathy" : "willing";
    if (before.length == 0) {
      chat.agent(care);
    } else if (chat.chance(85)) {
      chat.agent(before[0], care);
    } else {
      chat.agent(care);
    }
  }
}
