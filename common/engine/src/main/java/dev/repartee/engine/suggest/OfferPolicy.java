package dev.repartee.engine.suggest;

import static java.util.Objects.requireNonNull;

/**
 * What is worth an agent's attention: what is expected to save more time than it costs to read. The
 * costs are in keystrokes.
 *
 * @param offers gives the probabilities of inline offers
 * @param replies scale of the probabilities of whole replies
 * @param read what it costs to read a text, at least 0
 * @param wrongOffer what an offer that is wrong costs beside its reading: the place that another
 *     would have had while it stands
 * @param wrongReply the same of a whole reply
 */
public record OfferPolicy(
    OfferScale offers, PlattScale replies, double read, double wrongOffer, double wrongReply) {

  /** What it costs to decide for a text and to press a key. */
  private static final double ACCEPT = 2;

  public OfferPolicy {
    requireNonNull(offers, "offers is null");
    requireNonNull(replies, "replies is null");
    if (!(read >= 0) || !Double.isFinite(wrongOffer) || !Double.isFinite(wrongReply)) {
      throw new IllegalArgumentException(
          "read must be at least 0 and the costs finite but they are %s, %s and %s"
              .formatted(read, wrongOffer, wrongReply));
    }
  }

  /** For a model of which nothing was measured: its probabilities are taken at their word. */
  static OfferPolicy uncalibrated(OperatingPoint point) {
    return new OfferPolicy(OfferScale.DEFAULT, PlattScale.IDENTITY, point.read(), 0, 0);
  }

  /**
   * What an offer is expected to save.
   *
   * @param probability that it is right, calibrated
   * @param length of its text
   */
  double ofOffer(double probability, int length) {
    return worth(probability, length, wrongOffer);
  }

  /** What a whole reply is expected to save; as {@link #ofOffer}. */
  double ofReply(double probability, int length) {
    return worth(probability, length, wrongReply);
  }

  private double worth(double probability, int length, double wrong) {
    return probability * (length - ACCEPT) - read - wrong * (1 - probability);
  }
}
