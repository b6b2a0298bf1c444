package dev.repartee.finetune.metric;

import java.util.Optional;

/** The agent of the protocol: types a known reply and takes every offer that helps. */
final class SimulatedAgent {

  /**
   * What one reply cost.
   *
   * @param typed characters typed
   * @param actions suggestions and offers taken
   * @param offersShown offers at least as long as the rule asks
   */
  record Cost(int typed, int actions, int offersShown) {

    /** A suggestion was taken before the first keystroke. */
    static final Cost ONE_SUGGESTION = new Cost(0, 1, 0);

    int total() {
      return typed + actions;
    }
  }

  private SimulatedAgent() {}

  /** Types {@code reply}; nothing is offered before its first character. */
  static Cost type(ReplyText reply, Offers offers, Rule rule, OfferWatcher watcher) {
    int typed = 0;
    int actions = 0;
    int shown = 0;
    int position = 0;
    while (position < reply.length()) {
      int taken = 0;
      Optional<Offer> offer = position == 0 ? Optional.empty() : offers.after(position);
      if (offer.isPresent() && offer.get().length() >= rule.least()) {
        shown++;
        taken = taken(reply, position, offer.get(), rule);
        watcher.shown(position, offer.get(), taken);
      }
      if (taken > 0) {
        actions++;
        position += taken;
      } else {
        typed++;
        position++;
      }
    }
    return new Cost(typed, actions, shown);
  }

  /** How much of {@code offer} the agent takes; 0 for nothing. */
  private static int taken(ReplyText reply, int position, Offer offer, Rule rule) {
    int right = reply.rightPart(position, offer);
    if (rule.whole() && right < offer.length()) {
      return 0;
    }
    // An entire offer either ends at a boundary or is refused; a part is cut back to one.
    while (!rule.whole() && right >= rule.least() && !reply.isBoundary(position + right)) {
      right--;
    }
    return right >= rule.least() && reply.isBoundary(position + right) ? right : 0;
  }
}
