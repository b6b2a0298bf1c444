package dev.repartee.common.eval;

import dev.repartee.common.data.TextNorm;
import dev.repartee.common.suggest.ReplySession;
import dev.repartee.common.suggest.Suggestion;

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

  /** The offer after {@code typed} characters, stripped at its end and lower-cased. */
  int[] after(int typed) {
    String draft = reply.draft(typed);
    String offer = stopwatch.time(() -> session.complete(draft)).map(Suggestion::text).orElse("");
    return ReplyText.foldCase(TextNorm.stripTrailing(offer));
  }
}
