package dev.repartee.common.eval;

import dev.repartee.common.data.TextNorm;
import dev.repartee.common.suggest.ReplySession;
import dev.repartee.common.suggest.Suggestion;

/**
 * What a session offers after each draft of one reply. Asks once a draft, however many rules reach
 * it.
 */
final class Offers {

  private final ReplySession session;
  private final ReplyText reply;
  private final Stopwatch stopwatch;
  private final int[][] asked;

  Offers(ReplySession session, ReplyText reply, Stopwatch stopwatch) {
    this.session = session;
    this.reply = reply;
    this.stopwatch = stopwatch;
    this.asked = new int[reply.length()][];
  }

  /** The offer after {@code typed} characters, stripped at its end and lower-cased. */
  int[] after(int typed) {
    if (asked[typed] == null) {
      String draft = reply.draft(typed);
      String offer = stopwatch.time(() -> session.complete(draft)).map(Suggestion::text).orElse("");
      asked[typed] = ReplyText.foldCase(TextNorm.stripTrailing(offer));
    }
    return asked[typed];
  }
}
