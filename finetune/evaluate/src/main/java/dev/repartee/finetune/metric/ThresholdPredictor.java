package dev.repartee.finetune.metric;

import dev.repartee.engine.suggest.Desk;
import dev.repartee.engine.suggest.ReplyPredictor;
import dev.repartee.engine.suggest.ReplySession;
import dev.repartee.finetune.metric.BaselineSession.Thresholds;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import java.util.List;
import java.util.function.DoubleFunction;

/** A baseline that shows what reaches thresholds. */
interface ThresholdPredictor extends BaselinePredictor {

  /** Thresholds that are tried; the last shows nothing. */
  List<Double> GRID = List.of(0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.01);

  @Override
  BaselineSession open(List<Message> context, Desk desk);

  @Override
  default BaselineSession open(List<Message> context) {
    return open(context, Desk.NONE);
  }

  /**
   * This baseline, showing only what reaches the two thresholds that save most net time on {@code
   * validation}: first the one for offers, then, with it, the one for whole replies.
   */
  @Override
  default ReplyPredictor gated(List<Conversation> validation) {
    double nothing = GRID.getLast();
    double offer = best(validation, least -> new Thresholds(nothing, least));
    double reply = best(validation, least -> new Thresholds(least, offer));
    Thresholds thresholds = new Thresholds(reply, offer);
    ThresholdPredictor all = this;
    return new ReplyPredictor() {

      @Override
      public ReplySession open(List<Message> context) {
        return open(context, Desk.NONE);
      }

      @Override
      public ReplySession open(List<Message> context, Desk desk) {
        return all.open(context, desk).showing(thresholds);
      }

      @Override
      public void close() {
        all.close();
      }
    };
  }

  /** The first of the grid that saves most, in percent with one decimal as in the reference. */
  private double best(List<Conversation> validation, DoubleFunction<Thresholds> thresholds) {
    double[] costs = new double[GRID.size()];
    double characters = 0;
    for (Conversation conversation : validation) {
      List<Message> messages = conversation.messages();
      for (int m = 0; m < messages.size(); m++) {
        if (messages.get(m).isLearned()) {
          ReplyText reply = new ReplyText(messages.get(m).text());
          characters += reply.length();
          try (BaselineSession session = open(messages.subList(0, m), Desk.of(conversation))) {
            for (int i = 0; i < GRID.size(); i++) {
              costs[i] +=
                  SimulatedAgent.write(
                          reply, session.showing(thresholds.apply(GRID.get(i))), Rule.NET)
                      .total(Rule.NET);
            }
          }
        }
      }
    }
    if (characters == 0) {
      throw BaselinePredictor.withoutReplies(validation);
    }
    int best = 0;
    for (int i = 1; i < GRID.size(); i++) {
      if (saved(costs[i], characters) > saved(costs[best], characters)) {
        best = i;
      }
    }
    return GRID.get(best);
  }

  private static long saved(double cost, double characters) {
    return Math.round(1000 * (1 - cost / characters));
  }
}
