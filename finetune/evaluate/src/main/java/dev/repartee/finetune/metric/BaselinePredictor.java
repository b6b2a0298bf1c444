package dev.repartee.finetune.metric;

import dev.repartee.engine.suggest.ReplyPredictor;
import dev.repartee.text.UserException;
import dev.repartee.text.conversation.Conversation;
import java.util.List;

/** A baseline that has learned. */
public interface BaselinePredictor extends ReplyPredictor {

  /**
   * This baseline, showing what saves most net time on {@code validation}, as far as it can tell.
   *
   * @throws UserException when no agent speaks in them
   */
  ReplyPredictor gated(List<Conversation> validation);

  /** The error that {@link #gated} throws where no agent speaks. */
  static UserException withoutReplies(List<Conversation> validation) {
    return new UserException(
        "--validation: none of the %d conversation(s) has a reply of an agent; check the roles, give others, or leave it out"
            .formatted(validation.size()));
  }
}
