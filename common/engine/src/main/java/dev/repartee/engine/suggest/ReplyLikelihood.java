package dev.repartee.engine.suggest;

import dev.repartee.text.conversation.Message;
import java.util.List;

/** A {@link ReplyPredictor} that implements this, too, gets its perplexity measured. */
public interface ReplyLikelihood {

  /**
   * How expected a text is to a model.
   *
   * @param sum of the natural logarithms of its tokens' probabilities, at most 0
   * @param tokens how many these are
   */
  record LogLikelihood(double sum, int tokens) {

    public LogLikelihood {
      if (!(sum <= 0)) {
        throw new IllegalArgumentException("sum must be at most 0 but is " + sum);
      }
      if (tokens < 0) {
        throw new IllegalArgumentException("tokens must be at least 0 but is " + tokens);
      }
    }
  }

  /**
   * How expected {@code reply} is after {@code context}.
   *
   * @param context messages before the reply, oldest first; may be empty
   * @param reply what the agent wrote; the end of the reply counts as a token of it
   */
  LogLikelihood logLikelihood(List<Message> context, String reply);

  /**
   * By how much the logarithm of a token's probability may be too high, since some tokens of the
   * vocabulary are not expected at all. Training makes that almost nothing.
   */
  default double mostTooHigh() {
    return 0;
  }
}
