package dev.repartee.finetune.metric;

import dev.repartee.finetune.metric.ReplyExample.Offered;
import dev.repartee.finetune.metric.ReplyExample.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes down how one reply was typed, and how right the offers were. */
final class TypingRecord implements OfferWatcher {

  /** Hears the score of each offer and whether it was right. */
  interface Scored {
    void add(double score, boolean right);
  }

  private final ReplyText reply;
  private final Scored scored;
  private final List<Step> steps = new ArrayList<>();
  private String refused = "";
  private int stepEnd;

  TypingRecord(ReplyText reply, Scored scored) {
    this.reply = reply;
    this.scored = scored;
  }

  @Override
  public void shown(int position, Offer offer, boolean stood, int taken) {
    if (!stood) {
      scored.add(offer.score(), reply.isRight(position, offer));
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

  /** The steps, once the whole reply stands there. */
  List<Step> steps() {
    List<Step> all = new ArrayList<>(steps);
    if (stepEnd < reply.length()) {
      all.add(new Step(reply.part(stepEnd, reply.length()), Optional.empty()));
    }
    return all;
  }
}
