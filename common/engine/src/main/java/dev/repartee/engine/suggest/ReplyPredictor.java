package dev.repartee.engine.suggest;

import dev.repartee.text.conversation.Message;
import java.util.List;

/**
 * Predicts an agent's next reply. What is evaluated and what is served is this same object, so that
 * the measured figures are the ones that agents see. Implementations may be used by several
 * threads.
 */
public interface ReplyPredictor extends AutoCloseable {

  /**
   * Reads the conversation so far and prepares to predict the reply to it.
   *
   * @param context messages before the reply, oldest first; may be empty
   */
  ReplySession open(List<Message> context);

  @Override
  void close();
}
