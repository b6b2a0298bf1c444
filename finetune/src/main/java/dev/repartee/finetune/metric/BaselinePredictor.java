package dev.repartee.finetune.metric;

import dev.repartee.engine.suggest.ReplyPredictor;
import dev.repartee.text.conversation.Conversation;
import java.util.List;

/** A baseline that has learned. */
public interface BaselinePredictor extends ReplyPredictor {

  /**
   * This baseline, showing what saves most net time on {@code validation}, as far as it can tell.
   *
   * @throws dev.repartee.text.UserException when no agent speaks in them
   */
  ReplyPredictor gated(List<Conversation> validation);
}
