package dev.repartee.engine.suggest;

import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.privacy.ConversationRedactor;
import dev.repartee.text.privacy.RedactedConversation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The model reads placeholders in place of personal data, as it was trained, and what it says with
 * placeholders is filled in by {@link Placeholders}. For any thread.
 */
final class RedactedView implements ModelView {

  /**
   * The model reads a thousand tokens at most, some 5000 characters; the rest of these may hold the
   * names and values of the conversation. Redaction takes up to 20 microseconds a character.
   */
  static final int MOST_CHARACTERS = 32_000;

  private final List<Message> context;
  private final Placeholders placeholders;
  private final UnaryOperator<Message> next;
  private volatile Typed last = new Typed("", "");

  /** The whole words of a draft, as they were typed and as the model reads them. */
  private record Typed(String words, String redacted) {}

  private RedactedView(ConversationRedactor.Reading read, Desk desk) {
    RedactedConversation redacted = read.redacted();
    this.next = read.next();
    this.context = redacted.conversation().messages();
    this.placeholders = new Placeholders(desk.metadata(), () -> redacted);
  }

  /**
   * Looks at the latest messages of a conversation, {@value #MOST_CHARACTERS} characters of them.
   *
   * @param desk whose names count as names of the conversation
   * @param redactor leaves the public facts that it left in the model's training
   */
  static RedactedView of(List<Message> context, Desk desk, ConversationRedactor redactor) {
    return new RedactedView(redactor.read(conversation(context, desk)), desk);
  }

  /** The latest messages with the names that the desk knows. */
  static Conversation conversation(List<Message> context, Desk desk) {
    return new Conversation(
        "context",
        Optional.empty(),
        Optional.empty(),
        name(desk, Desk.CUSTOMER_NAME),
        name(desk, Desk.AGENT_NAME),
        Optional.empty(),
        context.subList(firstRead(context), context.size()));
  }

  private static Optional<String> name(Desk desk, String key) {
    return Optional.ofNullable(desk.metadata().get(key)).filter(name -> !name.isBlank());
  }

  /** The last message is always read. */
  private static int firstRead(List<Message> context) {
    int first = Math.max(0, context.size() - 1);
    int left = MOST_CHARACTERS - (context.isEmpty() ? 0 : context.get(first).text().length());
    while (first > 0 && left >= context.get(first - 1).text().length()) {
      first--;
      left -= context.get(first).text().length();
    }
    return first;
  }

  @Override
  public List<Message> context() {
    return context;
  }

  @Override
  public String draft(String draft) {
    int end = draft.length();
    while (end > 0 && !Character.isWhitespace(draft.charAt(end - 1))) {
      end--;
    }
    String whole = draft.substring(0, end);
    // Most keystrokes only lengthen the last word. The conversation's names count here too.
    Typed typed = last;
    if (!whole.equals(typed.words())) {
      typed = new Typed(whole, whole.isBlank() ? whole : next.apply(Message.agent(whole)).text());
      last = typed;
    }
    return typed.redacted() + draft.substring(end);
  }

  @Override
  public FilledText fill(String text) {
    return placeholders.fill(text);
  }

  @Override
  public Map<String, String> values(String word) {
    return placeholders.startingWith(word);
  }
}
