package dev.repartee.engine.suggest;

import dev.repartee.engine.memory.Desk;
import dev.repartee.engine.memory.ModelView;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.privacy.ConversationRedactor;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Predicts an agent's next reply. What is evaluated and what is served is this same object, so that
 * the measured figures are the ones that agents see. Implementations may be used by several
 * threads.
 */
public interface ReplyPredictor extends AutoCloseable {

  /** What open sessions take together on a CPU, unless somebody says it. */
  long SESSION_MEMORY = 1L << 30;

  /**
   * Reads the conversation so far and prepares to predict the reply to it.
   *
   * @param context messages before the reply, oldest first; may be empty
   * @param desk what else is known; predictors that learned nothing of it ignore it
   */
  ReplySession open(List<Message> context, Desk desk);

  /** The same at a desk of which nothing is known. */
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

  /** Memory that its open sessions should take together, in bytes, unless somebody says it. */
  default long sessionMemory() {
    return SESSION_MEMORY;
  }

  /** Gives back memory that closed sessions have left, where others are short of it. */
  default void releaseUnused() {}

  /**
   * Messages without the personal data that is found in them, the public facts that this predictor
   * knows left, as they may be kept to be learned from.
   *
   * @param desk whose names count as names of the conversation
   * @param turns as {@link ConversationRedactor#redact} has it
   */
  default List<Message> redact(List<Message> messages, Desk desk, Consumer<Runnable> turns) {
    return ModelView.redact(messages, desk, new ConversationRedactor(), turns);
  }

  /**
   * Takes the knowledge of another model folder, whose weights are the same, for sessions that are
   * opened from now on. Predictors without knowledge ignore it.
   *
   * @throws dev.repartee.text.UserException when it cannot be read; then all stays as it is
   */
  default void reload(Path folder) {}

  /** Whether nothing of this agent and this conversation is to be kept, both as hashes. */
  default boolean isForgotten(Optional<String> agent, String conversation) {
    return false;
  }

  /** Whether there are texts or habits that only some agents' sessions show. */
  default boolean knowsAgents() {
    return false;
  }

  @Override
  void close();
}
