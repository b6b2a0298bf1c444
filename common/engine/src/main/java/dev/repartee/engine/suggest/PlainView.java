package dev.repartee.engine.suggest;

import dev.repartee.text.conversation.Message;
import java.util.List;
import java.util.Map;

/** The model reads what people wrote. */
record PlainView(List<Message> context) implements ModelView {

  PlainView {
    context = List.copyOf(context);
  }

  @Override
  public String draft(String draft) {
    return draft;
  }

  @Override
  public String fill(String text) {
    return text;
  }

  @Override
  public Map<String, String> values(String word) {
    return Map.of();
  }

  @Override
  public boolean isFilled(String text) {
    return true;
  }
}
