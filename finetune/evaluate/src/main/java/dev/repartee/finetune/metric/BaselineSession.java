package dev.repartee.finetune.metric;

import dev.repartee.engine.suggest.ReplySession;
import dev.repartee.engine.suggest.Suggestion;
import java.util.List;
import java.util.Optional;

/** A session of a baseline, which shows everything, or only what reaches thresholds. */
interface BaselineSession extends ReplySession {

  /**
   * Nothing less probable is shown.
   *
   * @param reply for whole replies, 0 to 1; above 1 none is shown
   * @param offer for offers, likewise
   */
  record Thresholds(double reply, double offer) {}

  /** The continuation of the draft, where it reaches {@code least}. */
  Optional<Suggestion> complete(String draft, double least);

  @Override
  default Optional<Suggestion> complete(String draft) {
    return complete(draft, 0);
  }

  @Override
  default void close() {
    // Holds nothing.
  }

  /** The same session, showing what reaches the thresholds. */
  default ReplySession showing(Thresholds thresholds) {
    BaselineSession all = this;
    return new ReplySession() {

      @Override
      public List<Suggestion> answers(String draft, int limit) {
        return all.answers(draft, limit);
      }

      @Override
      public List<Suggestion> replies(int limit) {
        return all.answers("", limit).stream()
            .filter(reply -> reply.score() >= thresholds.reply())
            .toList();
      }

      @Override
      public Optional<Suggestion> complete(String draft) {
        return all.complete(draft, thresholds.offer());
      }

      @Override
      public void close() {
        all.close();
      }
    };
  }
}
