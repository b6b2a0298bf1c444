package dev.repartee.engine.suggest;

import dev.repartee.text.conversation.Message;
import dev.repartee.text.privacy.ConversationRedactor;
import java.util.List;
import java.util.Map;

/**
 * The model reads what people wrote. Texts with placeholders, as libraries have them, are filled
 * all the same.
 */
record PlainView(List<Message> context, Placeholders placeholders) implements ModelView {

  PlainView {
    context = List.copyOf(context);
  }

  /** The conversation is only looked through when a placeholder needs it. */
  static PlainView of(List<Message> context, Desk desk, ConversationRedactor redactor) {
    return new PlainView(
        context,
        new Placeholders(
            desk.metadata(), () -> redactor.redact(RedactedView.conversation(context, desk))));
  }

  @Override
  public String draft(String draft) {
    return draft;
  }

  @Override
  public FilledText fill(String text) {
    return placeholders.fill(text);
  }

  @Override
  public Map<String, String> values(String word) {
    return Map.of();
  }
}
