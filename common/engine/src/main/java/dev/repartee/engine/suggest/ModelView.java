package dev.repartee.engine.suggest;

import dev.repartee.text.conversation.Message;
import java.util.List;
import java.util.Map;

/** How a conversation looks to the model, and how the model's words look to people. */
sealed interface ModelView permits PlainView, RedactedView {

  /** The context as the model reads it. */
  List<Message> context();

  /**
   * The draft as the model reads it. Its last word, which may not be all typed, is as it is typed,
   * so what continues this continues the draft.
   */
  String draft(String draft);

  /** {@code text} as it would be sent; a placeholder that nothing is known for stays. */
  FilledText fill(String text);

  /**
   * What {@code word} may be the beginning of, in any case: values of the conversation that are
   * longer, by their placeholders, where the model reads those.
   */
  Map<String, String> values(String word);
}
