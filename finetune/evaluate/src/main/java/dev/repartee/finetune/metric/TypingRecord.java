package dev.repartee.finetune.metric;

import dev.repartee.engine.suggest.PlattScale;
import dev.repartee.finetune.metric.ReplyExample.Offered;
import dev.repartee.finetune.metric.ReplyExample.Step;
import dev.repartee.finetune.metric.SimulatedAgent.OfferWatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes down how one reply was typed, and how right the offers were. */
final class TypingRecord implements OfferWatcher {

  private final ReplyText reply;
  private final List<PlattScale.Outcome> offers = new ArrayList<>();
  private final List<Step> steps = new ArrayList<>();
  private String refused = "";
  private int stepEnd;

  TypingRecord(ReplyText reply) {
    this.reply = reply;
  }

  @Override
  public void shown(int position, Offer offer, boolean stood, int taken) {
    if (!stood) {
      offers.add(new PlattScale.Outcome(offer.score(), reply.isRight(position, offer)));
    }
    String predicted = reply.draft(position) + offer.text();
    if (taken == 0 && predicted.equals(refused)) {
      return;
    }
    refused = predicted;
    steps.add(
        new Step(
            reply.part(stepEnd, position),
            Optional.of(
                new Offered(offer.text(), offer.score(), reply.part(position, position + taken)))));
    stepEnd = position + taken;
  }

  /** The score of each distinct offer, and whether it was right. */
  List<PlattScale.Outcome> offers() {
    return List.copyOf(offers);
  }

  /** The steps, once the whole reply stands there. */
  List<Step> steps() {
    List<Step> all = new ArrayList<>(steps);
    if (stepEnd < reply.length()) {
      all.add(new Step(reply.part(stepEnd, reply.length()), Optional.empty()));
    }
    return all;
  }
}
