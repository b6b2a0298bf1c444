package dev.repartee.finetune.metric;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.repartee.engine.suggest.OfferPolicy.PlattScale;
import dev.repartee.finetune.metric.ReplyOutcome.Gain;
import dev.repartee.finetune.metric.SimulatedAgent.OfferWatcher;
import dev.repartee.text.conversation.Message.MessageJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One reply, and how the simulated agent wrote it under the headline rule. It holds what people
 * wrote, which may be personal.
 *
 * @param conversation id of its conversation
 * @param context the last messages before it
 * @param reply what the agent wrote
 * @param characters of the reply, in code points
 * @param saved how many keystrokes of them were spared
 * @param suggestions shown before typing
 * @param suggestionTaken whether one of them was taken; there are no steps then
 * @param steps in order; their {@code typed} and {@code taken} make up the reply
 */
public record ReplyExample(
    String conversation,
    List<MessageJson> context,
    String reply,
    int characters,
    double saved,
    List<String> suggestions,
    boolean suggestionTaken,
    List<Step> steps) {

  public ReplyExample {
    context = List.copyOf(context);
    suggestions = List.copyOf(suggestions);
    steps = List.copyOf(steps);
  }

  /**
   * What was typed since the step before, and the offer that then appeared.
   *
   * @param offer empty after the last offer
   */
  public record Step(
      String typed, @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Offered> offer) {}

  /**
   * An offer. One that goes on saying the same while the agent types into it is mentioned once.
   *
   * @param score its claimed probability, 0 to 1
   * @param taken what the agent took of it; empty where it was wrong
   */
  public record Offered(String text, double score, String taken) {}

  /** Writes down how one reply was typed, and how right the offers were. */
  static final class TypingRecord implements OfferWatcher {

    private final ReplyText reply;
    private final Rule rule;
    private final List<PlattScale.Outcome> offers = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();
    private final List<Gain> gains = new ArrayList<>();
    private String refused = "";
    private int stepEnd;

    TypingRecord(ReplyText reply, Rule rule) {
      this.reply = reply;
      this.rule = rule;
    }

    @Override
    public void shown(int position, Offer offer, boolean stood, int taken) {
      gains.add(
          new Gain(position, (taken > 0 ? taken - rule.accept() : 0) - (stood ? 0 : rule.read())));
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
                  new Offered(
                      offer.text(), offer.score(), reply.part(position, position + taken)))));
      stepEnd = position + taken;
    }

    /** The score of each distinct offer, and whether it was right. */
    List<PlattScale.Outcome> offers() {
      return List.copyOf(offers);
    }

    /** What every offer spared. */
    List<Gain> gains() {
      return List.copyOf(gains);
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
}
