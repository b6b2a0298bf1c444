package dev.repartee.finetune.metric;

import dev.repartee.engine.suggest.Calibration;
import dev.repartee.engine.suggest.EngineSession;
import dev.repartee.engine.suggest.OfferPolicy;
import dev.repartee.engine.suggest.PlattScale;
import dev.repartee.engine.suggest.PlattScale.Outcome;
import dev.repartee.engine.suggest.ReplyRanking;
import dev.repartee.engine.suggest.ReplySession;
import dev.repartee.engine.suggest.Suggestion;
import dev.repartee.engine.suggest.SuggestionEngine;
import dev.repartee.engine.suggest.WholeReply;
import dev.repartee.text.TextNorm;
import dev.repartee.text.UserException;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Learns from validation conversations how far an engine's probabilities can be trusted, and from
 * which one on the calm operating point should offer. The agent of {@link TypedTextSaved} types
 * every reply once a policy; all policies share one session, so that the model runs little more
 * than once.
 */
public final class Calibrator {

  /** Share of the shown offers that are to be taken at the calm operating point. */
  static final double CALM_PRECISION = 0.5;

  private static final double[] TRUST = {0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1};
  private static final double[] CALM = {
    0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.8, 0.9
  };

  /** What the agent's work under one policy came to. */
  private static final class Totals {
    private long cost;
    private long shown;
    private long taken;

    private double precision() {
      return shown == 0 ? 0 : (double) taken / shown;
    }
  }

  /** A reply that the agent wrote, and what could have been suggested for it. */
  private record Reply(String wanted, int characters, List<WholeReply> known) {}

  private final OfferPolicy eager;
  private final List<Outcome> offers = new ArrayList<>();
  private final List<Reply> replies = new ArrayList<>();
  private final Map<Double, Totals> calm = new LinkedHashMap<>();

  private Calibrator(OfferPolicy eager) {
    this.eager = eager;
    for (double least : CALM) {
      calm.put(least, new Totals());
    }
  }

  /**
   * Calibrates {@code engine}, which stays open.
   *
   * @param eager policy of the eager operating point, which is kept but for the scale
   * @param validation conversations that the model has not learned from, and that no figure will be
   *     reported on
   * @param limit how many of them at most, a fixed sample by their ids
   * @throws UserException when no agent speaks in them
   */
  public static Calibration calibrate(
      SuggestionEngine engine,
      OfferPolicy eager,
      List<Conversation> validation,
      Optional<Integer> limit,
      EvaluationProgress progress) {
    Calibrator calibrator = new Calibrator(eager);
    List<Conversation> sample =
        TestSample.of(validation, limit.map(OptionalInt::of).orElse(OptionalInt.empty()));
    int total = sample.stream().mapToInt(one -> Math.toIntExact(one.agentTexts().count())).sum();
    if (total == 0) {
      throw new UserException(
          "no agent speaks in the "
              + validation.size()
              + " conversations; calibrate on conversations that agents answered");
    }
    int done = 0;
    for (Conversation conversation : sample) {
      for (int m = 0; m < conversation.messages().size(); m++) {
        if (conversation.messages().get(m).isAgent()) {
          calibrator.add(engine, conversation.messages().subList(0, m + 1));
          progress.replies(++done, total);
        }
      }
    }
    return calibrator.calibration();
  }

  private void add(SuggestionEngine engine, List<Message> messages) {
    String text = messages.getLast().text();
    ReplyText reply = new ReplyText(text);
    try (EngineSession session = engine.open(messages.subList(0, messages.size() - 1))) {
      String wanted = TextNorm.norm(text);
      replies.add(new Reply(wanted, reply.length(), session.wholeReplies()));
      if (session.answers("", TypedTextSaved.SHOWN).stream()
          .anyMatch(shown -> TextNorm.norm(shown.text()).equals(wanted))) {
        return; // taken before a keystroke, so nothing is offered inline
      }
      type(
          session,
          eager,
          reply,
          (position, offer, taken) ->
              offers.add(new Outcome(offer.score(), reply.isRight(position, offer))));
      calm.forEach(
          (least, totals) -> {
            OfferPolicy policy = new OfferPolicy(least, eager.overlooked());
            SimulatedAgent.Cost cost = type(session, policy, reply, OfferWatcher.NONE);
            totals.cost += cost.total();
            totals.shown += cost.offersShown();
            totals.taken += cost.actions();
          });
    }
  }

  private static SimulatedAgent.Cost type(
      EngineSession session, OfferPolicy policy, ReplyText reply, OfferWatcher watcher) {
    session.restart();
    Offers offers = new Offers(new Uncalibrated(session, policy), reply, new Stopwatch());
    return SimulatedAgent.type(reply, offers, Rule.WHOLE10, watcher);
  }

  /** A session that offers by {@code policy} and gives probabilities as the model sees them. */
  private record Uncalibrated(EngineSession session, OfferPolicy policy) implements ReplySession {

    @Override
    public List<Suggestion> answers(String draft, int limit) {
      return session.answers(draft, limit);
    }

    @Override
    public Optional<Suggestion> complete(String draft) {
      return session.complete(draft, policy, PlattScale.IDENTITY);
    }

    @Override
    public void close() {
      // The session is the caller's.
    }
  }

  private Calibration calibration() {
    PlattScale scale = PlattScale.fit(offers);
    double trust = bestTrust();
    double least = calmest();
    return new Calibration(
        scale,
        PlattScale.fit(shownReplies(trust)),
        trust,
        new OfferPolicy(scale.apply(eager.leastProbability()), eager.overlooked()),
        new OfferPolicy(scale.apply(least), eager.overlooked()));
  }

  /** The trust under which the suggestions alone save most. */
  private double bestTrust() {
    double best = 0;
    long most = -1;
    for (double trust : TRUST) {
      ReplyRanking ranking = new ReplyRanking(trust, PlattScale.IDENTITY);
      long saved = 0;
      for (Reply reply : replies) {
        boolean taken =
            ranking.rank(reply.known(), "", TypedTextSaved.SHOWN).stream()
                .anyMatch(shown -> TextNorm.norm(shown.text()).equals(reply.wanted()));
        saved += taken ? reply.characters() - 1 : 0;
      }
      if (saved > most) {
        most = saved;
        best = trust;
      }
    }
    return best;
  }

  private List<Outcome> shownReplies(double trust) {
    ReplyRanking ranking = new ReplyRanking(trust, PlattScale.IDENTITY);
    List<Outcome> outcomes = new ArrayList<>();
    for (Reply reply : replies) {
      for (Suggestion shown : ranking.rank(reply.known(), "", TypedTextSaved.SHOWN)) {
        // The identity scale leaves probabilities inside (0, 1) as they are.
        outcomes.add(
            new Outcome(shown.score(), TextNorm.norm(shown.text()).equals(reply.wanted())));
      }
    }
    return outcomes;
  }

  /** The threshold that saves most among those where offers are taken often enough. */
  private double calmest() {
    double best = CALM[CALM.length - 1];
    long least = Long.MAX_VALUE;
    for (Map.Entry<Double, Totals> entry : calm.entrySet()) {
      Totals totals = entry.getValue();
      if (totals.precision() >= CALM_PRECISION && totals.cost < least) {
        least = totals.cost;
        best = entry.getKey();
      }
    }
    return best;
  }
}
