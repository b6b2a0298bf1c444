package dev.repartee.finetune.metric;

/** Told of every offer that the simulated agent is shown, in order. */
@FunctionalInterface
interface OfferWatcher {

  /** Looks away. */
  OfferWatcher NONE = (position, offer, taken) -> {};

  /**
   * Called before the agent goes on.
   *
   * @param position characters that stood there
   * @param offer as long as the rule asks, or longer
   * @param taken how many characters of it the agent took; 0 for none
   */
  void shown(int position, Offer offer, int taken);
}
