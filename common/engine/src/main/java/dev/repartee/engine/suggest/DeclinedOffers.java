package dev.repartee.engine.suggest;

import java.util.HashMap;
import java.util.Map;

/**
 * What was offered during one reply and not taken: an agent who types on has most likely seen that
 * it is not what is wanted, so something else deserves the place. Not for several threads.
 */
final class DeclinedOffers {

  /** Shorter offers hardly repay reading, so that typing past one says little. */
  static final int WORTH_READING = 10;

  private final Map<String, Integer> times = new HashMap<>();
  private String draft = "";
  private String offered = "";

  /** The agent begins anew. */
  void clear() {
    times.clear();
    draft = "";
    offered = "";
  }

  /** The draft is now this: what was offered before it has been taken, or passed, or taken back. */
  void typed(String now) {
    String lower = Words.lower(now);
    if (!lower.startsWith(draft)) {
      clear();
    } else if (!offered.isEmpty()
        && lower.length() > draft.length()
        && !lower.startsWith(offered)) {
      times.merge(offered, 1, Integer::sum);
    }
    if (!lower.equals(draft)) {
      draft = lower;
      offered = "";
    }
  }

  /** {@code text} is offered after the draft that was typed last. */
  void offered(String text) {
    offered = text.length() < WORTH_READING ? "" : draft + Words.lower(text);
  }

  /** Whole texts that were passed, in lower case, with how often each was. */
  Map<String, Integer> times() {
    return times;
  }
}
