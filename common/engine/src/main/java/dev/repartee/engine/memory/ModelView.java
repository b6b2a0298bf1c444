package dev.repartee.engine.memory;

import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.privacy.ConversationRedactor;
import dev.repartee.text.privacy.RedactedConversation;
import dev.repartee.text.privacy.RedactedText.Detection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * How a conversation looks to the model, and how the model's words look to people. A model that was
 * trained so reads placeholders in place of personal data, others what people wrote. For any
 * thread.
 */
public final class ModelView {

  /**
   * The model reads a thousand tokens at most, some 5000 characters; the rest of these may hold the
   * names and values of the conversation. Redaction takes up to 20 microseconds a character.
   */
  static final int MOST_CHARACTERS = 32_000;

  private final List<Message> context;
  private final Placeholders placeholders;
  private final Optional<UnaryOperator<Message>> redactNext; // empty: it reads what people wrote
  private volatile Typed last = new Typed("", "");

  /** The whole words of a draft, as they were typed and as the model reads them. */
  private record Typed(String words, String redacted) {}

  private ModelView(
      List<Message> context,
      Placeholders placeholders,
      Optional<UnaryOperator<Message>> redactNext) {
    this.context = List.copyOf(context);
    this.placeholders = placeholders;
    this.redactNext = redactNext;
  }

  /**
   * Of a model that reads placeholders. Looks at the latest messages of a conversation, {@value
   * #MOST_CHARACTERS} characters of them.
   *
   * @param desk whose names count as names of the conversation
   * @param redactor leaves the public facts that it left in the model's training
   */
  public static ModelView redacted(
      List<Message> context, Desk desk, ConversationRedactor redactor) {
    Conversation written = conversation(context, desk);
    ConversationRedactor.Reading read = redactor.read(written);
    RedactedConversation redacted = read.redacted();
    return new ModelView(
        redacted.conversation().messages(),
        new Placeholders(desk.metadata(), () -> redacted.values(written.messages()).offered()),
        Optional.of(read.next()));
  }

  /**
   * Of a model that reads what people wrote, but for values that it must not repeat. Texts with
   * placeholders, as libraries have them, are filled all the same.
   */
  public static ModelView plain(List<Message> context, Desk desk, ConversationRedactor redactor) {
    Conversation written = conversation(context, desk);
    RedactedConversation.Values values = redactor.redact(written).values(written.messages());
    return new ModelView(
        context.stream().map(message -> without(values.withheld(), message)).toList(),
        new Placeholders(desk.metadata(), values::offered),
        Optional.empty());
  }

  private static Message without(List<Detection> withheld, Message message) {
    String text = message.text();
    for (Detection value : withheld) {
      text = text.replace(value.text(), value.kind().placeholder());
    }
    return message.withText(text);
  }

  /**
   * Messages without the personal data that is found in them, as they may be kept to be learned
   * from.
   *
   * @param desk whose names count as names of the conversation
   * @param turns as {@link ConversationRedactor#redact} has it
   */
  public static List<Message> redact(
      List<Message> messages, Desk desk, ConversationRedactor redactor, Consumer<Runnable> turns) {
    return redactor.redact(conversation(messages, desk), turns).conversation().messages();
  }

  /** The latest messages with the names that the desk knows. */
  static Conversation conversation(List<Message> context, Desk desk) {
    return new Conversation(
        "context",
        Optional.empty(),
        desk.queue(),
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

  /** The context as the model reads it. */
  public List<Message> context() {
    return context;
  }

  /**
   * The draft as the model reads it. Its last word, which may not be all typed, is as it is typed,
   * so what continues this continues the draft.
   */
  public String draft(String draft) {
    if (redactNext.isEmpty()) {
      return draft;
    }
    int end = draft.length();
    while (end > 0 && !Character.isWhitespace(draft.charAt(end - 1))) {
      end--;
    }
    String whole = draft.substring(0, end);
    // Most keystrokes only lengthen the last word. The conversation's names count here too.
    Typed typed = last;
    if (!whole.equals(typed.words())) {
      typed =
          new Typed(
              whole, whole.isBlank() ? whole : redactNext.get().apply(Message.agent(whole)).text());
      last = typed;
    }
    return typed.redacted() + draft.substring(end);
  }

  /** {@code text} as it would be sent; a placeholder that nothing is known for stays. */
  public FilledText fill(String text) {
    return placeholders.fill(text);
  }

  /**
   * What {@code word} may be the beginning of, in any case: values of the conversation that are
   * longer, by their placeholders, where the model reads those.
   */
  public Map<String, String> values(String word) {
    return redactNext.isEmpty() ? Map.of() : placeholders.startingWith(word);
  }
}
