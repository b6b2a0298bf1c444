package dev.repartee.finetune.metric;

import dev.repartee.engine.suggest.ReplySession;
import java.util.Optional;

/** What a session offers after a draft of one reply. */
final class Offers {

  private final ReplySession session;
  private final ReplyText reply;
  private final Stopwatch stopwatch;

  Offers(ReplySession session, ReplyText reply, Stopwatch stopwatch) {
    this.session = session;
    this.reply = reply;
    this.stopwatch = stopwatch;
  }

  /** The offer after {@code typed} characters. */
  Optional<Offer> after(int typed) {
    String draft = reply.draft(typed);
    return stopwatch
        .time(() -> session.complete(draft))
        .map(completion -> new Offer(reply.foldedDraft(typed), completion));
  }
}
