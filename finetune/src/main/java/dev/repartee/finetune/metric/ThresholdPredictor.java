package dev.repartee.finetune.metric;

import dev.repartee.engine.memory.Desk;
import dev.repartee.engine.suggest.ReplyPredictor;
import dev.repartee.engine.suggest.ReplySession;
import dev.repartee.engine.suggest.Suggestion;
import dev.repartee.finetune.metric.Neighbours.RankedReplies;
import dev.repartee.finetune.metric.SimulatedAgent.OfferWatcher;
import dev.repartee.text.cli.ProgressLine;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleFunction;

/** The baseline {@code knn}: predicts whole replies and shows what reaches thresholds. */
final class ThresholdPredictor implements ReplyPredictor {

  /** Thresholds that are tried; the last shows nothing. */
  private static final List<Double> GRID =
      List.of(0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.01);

  /**
   * Nothing less probable is shown.
   *
   * @param reply for whole replies, 0 to 1; above 1 none is shown
   * @param offer for offers, likewise
   */
  private record Thresholds(double reply, double offer) {}

  private final Neighbours neighbours;
  private final Thresholds thresholds;

  private ThresholdPredictor(Neighbours neighbours, Thresholds thresholds) {
    this.neighbours = neighbours;
    this.thresholds = thresholds;
  }

  /**
   * The replies to similar contexts; where none begins with the draft, the most frequent reply that
   * does.
   */
  static ThresholdPredictor train(List<Conversation> conversations, List<Conversation> validation) {
    return ofNeighbours(conversations).gated(validation);
  }

  /** Shows everything. */
  static ThresholdPredictor ofNeighbours(List<Conversation> conversations) {
    return new ThresholdPredictor(Neighbours.of(conversations), new Thresholds(0, 0));
  }

  @Override
  public Session open(List<Message> context, Desk desk) {
    return new Session(
        neighbours.replies(context, desk), neighbours.spellings().mostFrequent(), thresholds);
  }

  @Override
  public void close() {
    neighbours.close();
  }

  /** Sets first the threshold for offers, then, with it, the one for whole replies. */
  private ThresholdPredictor gated(List<Conversation> validation) {
    double nothing = GRID.getLast();
    double offer = best(validation, least -> new Thresholds(nothing, least));
    double reply = best(validation, least -> new Thresholds(least, offer));
    return new ThresholdPredictor(neighbours, new Thresholds(reply, offer));
  }

  /** The first of the grid that saves most, in percent with one decimal as in the reference. */
  private double best(List<Conversation> validation, DoubleFunction<Thresholds> thresholds) {
    double[] costs = new double[GRID.size()];
    double characters = 0;
    try (ProgressLine progress = new ProgressLine("calibrate knn", "conversations")) {
      for (int c = 0; c < validation.size(); c++) {
        for (Conversation.Reply one : validation.get(c).replies()) {
          ReplyText reply = new ReplyText(one.message().text());
          characters += reply.length();
          Session session = open(one.context(), Desk.of(validation.get(c), one.message()));
          for (int i = 0; i < GRID.size(); i++) {
            ReplySession showing = session.showing(thresholds.apply(GRID.get(i)));
            costs[i] += write(reply, showing).total(Rule.NET);
          }
          progress.stepTo(c, validation.size());
        }
      }
    }
    if (characters == 0) {
      throw Calibrator.withoutReplies(validation);
    }
    int best = 0;
    for (int i = 1; i < GRID.size(); i++) {
      if (saved(costs[i], characters) > saved(costs[best], characters)) {
        best = i;
      }
    }
    return GRID.get(best);
  }

  private static Rule.Cost write(ReplyText reply, ReplySession session) {
    List<Suggestion> shown = session.suggest("", EvaluationSettings.SHOWN);
    return shown.stream().anyMatch(reply::isSaidBy)
        ? Rule.Cost.ofSuggestion(shown.size())
        : SimulatedAgent.type(reply, session::complete, Rule.NET, shown.size(), OfferWatcher.NONE);
  }

  private static long saved(double cost, double characters) {
    return Math.round(1000 * (1 - cost / characters));
  }

  record Session(RankedReplies ranked, RankedReplies fallback, Thresholds thresholds)
      implements ReplySession {

    private Session showing(Thresholds others) {
      return new Session(ranked, fallback, others);
    }

    @Override
    public List<Suggestion> answers(String draft, int limit) {
      return ranked.answers(draft, limit);
    }

    @Override
    public List<Suggestion> suggest(String draft, int limit) {
      if (!draft.isEmpty()) {
        return ReplySession.super.suggest(draft, limit);
      }
      return answers(draft, limit).stream()
          .filter(reply -> reply.score() >= thresholds.reply())
          .toList();
    }

    @Override
    public Optional<Suggestion> complete(String draft) {
      return ranked
          .complete(draft)
          .or(() -> fallback.complete(draft))
          .filter(offer -> offer.score() >= thresholds.offer());
    }
  }
}
