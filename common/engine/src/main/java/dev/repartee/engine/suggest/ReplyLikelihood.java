package dev.repartee.engine.suggest;

import dev.repartee.text.conversation.Message;
import java.util.List;

/** A {@link ReplyPredictor} that implements this, too, gets its perplexity measured. */
public interface ReplyLikelihood {

  /**
   * How expected {@code reply} is after {@code context}.
   *
   * @param context messages before the reply, oldest first; may be empty
   * @param reply what the agent wrote; the end of the reply counts as a token of it
   */
  LogLikelihood logLikelihood(List<Message> context, String reply);
}
