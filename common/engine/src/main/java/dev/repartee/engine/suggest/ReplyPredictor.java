package dev.repartee.engine.suggest;

import dev.repartee.engine.memory.Desk;
import dev.repartee.text.conversation.Message;
import java.util.List;
import java.util.function.Consumer;

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
   * @param desk what else is known; predictors that learned nothing of it ignore it
   */
  ReplySession open(List<Message> context, Desk desk);

  /** Opens a reply at a desk of which nothing is known. */
  default ReplySession open(List<Message> context) {
    return open(context, Desk.NONE);
  }

  /**
   * Does tasks that open sessions, such as each the sessions of one conversation. They may go on
   * side by side, on threads of their own, where that takes less time in all; so how long a session
   * takes then says nothing of one alone.
   *
   * @param tasks each gets this predictor, or the like of it that is its own
   */
  default void sideBySide(List<Consumer<ReplyPredictor>> tasks) {
    tasks.forEach(task -> task.accept(this));
  }

  @Override
  void close();
}
