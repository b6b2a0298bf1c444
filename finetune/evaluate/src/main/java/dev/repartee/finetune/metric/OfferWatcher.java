package dev.repartee.finetune.metric;

/** Told of every offer that the simulated agent is shown, in order. */
@FunctionalInterface
public interface OfferWatcher {

  /** Looks away. */
  OfferWatcher NONE = (position, offer, stood, taken) -> {};

  /**
   * Called before the agent goes on.
   *
   * @param position characters that stood there
   * @param offer any, where reading is charged for; elsewhere as long as the rule asks, or longer
   * @param stood whether the same whole text stood there a key ago
   * @param taken how many characters of it the agent took; 0 for none
   */
  void shown(int position, Offer offer, boolean stood, int taken);
}
