package dev.repartee.engine.suggest;

import dev.repartee.text.answers.AnswerLibrary;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.privacy.ConversationRedactor;
import java.util.List;
import java.util.function.BooleanSupplier;
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
  default ReplySession open(List<Message> context, Desk desk) {
    return open(context);
  }

  /** The same at a desk of which nothing is known. */
  ReplySession open(List<Message> context);

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
   * Takes the entries of a library in place of those before; they count in sessions that are opened
   * from now on. Predictors that use no library ignore it.
   *
   * @param only whether nothing but its texts, and what continues a draft to them, may be offered
   */
  default void library(AnswerLibrary library, boolean only) {}

  /**
   * Removes what was learned from this agent's replies, in memory; sessions that are open may still
   * hold it. Predictors that know no agents have nothing to remove.
   *
   * @return whether there was anything
   */
  default boolean forget(String agentId) {
    return false;
  }

  /**
   * Messages without the personal data that is found in them, the public facts that this predictor
   * knows left, as they may be kept to be {@link #learn learned} from.
   *
   * @param desk whose names count as names of the conversation
   */
  default List<Message> redact(List<Message> messages, Desk desk) {
    return redact(messages, desk, new ConversationRedactor());
  }

  /** The same by this redactor. */
  static List<Message> redact(List<Message> messages, Desk desk, ConversationRedactor redactor) {
    return redactor.redact(RedactedView.conversation(messages, desk)).conversation().messages();
  }

  /**
   * Takes what agents typed while it was served, after what it took so before left; it counts in
   * sessions that are opened from now on. Lets all others who ask the model go first. Predictors
   * that learn nothing ignore it.
   *
   * @param goOn is asked before each context is read; where it says no, the rest is left to the
   *     next call
   * @return whether all are read
   */
  default boolean learn(LearnedReplies.Shown replies, BooleanSupplier goOn) {
    return true;
  }

  /** Whether there are texts or habits that only some agents' sessions show. */
  default boolean knowsAgents() {
    return false;
  }

  @Override
  void close();
}
