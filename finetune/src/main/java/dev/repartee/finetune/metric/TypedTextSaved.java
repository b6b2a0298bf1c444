package dev.repartee.finetune.metric;

import static dev.repartee.finetune.metric.EvaluationSettings.SHOWN;

import dev.repartee.engine.memory.Desk;
import dev.repartee.engine.suggest.OfferPolicy.PlattScale;
import dev.repartee.engine.suggest.ReplyLikelihood;
import dev.repartee.engine.suggest.ReplyLikelihood.LogLikelihood;
import dev.repartee.engine.suggest.ReplyPredictor;
import dev.repartee.engine.suggest.ReplySession;
import dev.repartee.engine.suggest.Suggestion;
import dev.repartee.finetune.metric.Evaluation.CalibrationError;
import dev.repartee.finetune.metric.Evaluation.Latencies;
import dev.repartee.finetune.metric.Evaluation.Latency;
import dev.repartee.finetune.metric.EvaluationSettings.EvaluationProgress;
import dev.repartee.finetune.metric.ReplyExample.TypingRecord;
import dev.repartee.finetune.metric.ReplyOutcome.ReplyPosition;
import dev.repartee.finetune.metric.Rule.Cost;
import dev.repartee.finetune.metric.SimulatedAgent.OfferWatcher;
import dev.repartee.text.Quantiles;
import dev.repartee.text.TextNorm;
import dev.repartee.text.UserException;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.conversation.Message.MessageJson;
import dev.repartee.text.page.Quantities;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/**
 * The metric: the share of their keystrokes that agents would have been spared, had a predictor
 * watched them write what they wrote. For every agent message, with the true conversation before it
 * as context:
 *
 * <ol>
 *   <li>Before typing, up to {@value EvaluationSettings#SHOWN} whole replies are shown. One that
 *       equals the reply under {@link TextNorm#norm} is taken: one action, done.
 *   <li>Otherwise the agent types a character. From then on, after each character or acceptance,
 *       one offer is shown, trailing blanks stripped, compared without regard to case.
 *   <li>The {@link Rule} says whether the offer is taken, for one action, and what actions and
 *       reading cost; otherwise the next character is typed.
 * </ol>
 *
 * <p>With {@linkplain EvaluationSettings#typos wrong keys} the agent types and deletes them on the
 * way, and what is saved is a share of what that takes without suggestions. Characters are code
 * points. All rules are served by one session a reply, which restarts for each of them and is asked
 * for every draft that the rule reaches, in order. The first replies are typed one after the other
 * and timed; the other conversations may go {@linkplain ReplyPredictor#sideBySide side by side}.
 */
public final class TypedTextSaved {

  /** Messages before a reply that are shown with it. */
  private static final int EXAMPLE_CONTEXT = 4;

  /**
   * All that is known of one reply.
   *
   * @param offers distinct ones, under the first rule
   * @param suggestions whole replies that were shown
   */
  private record MeasuredReply(
      ReplyOutcome outcome,
      ReplyExample example,
      List<PlattScale.Outcome> offers,
      List<PlattScale.Outcome> suggestions) {}

  /** Keeps the time of every call, in nanoseconds. */
  private static final class Stopwatch {

    private final LongStream.Builder nanos = LongStream.builder();

    <T> T time(Supplier<T> call) {
      long start = System.nanoTime();
      T result = call.get();
      nanos.add(System.nanoTime() - start);
      return result;
    }

    /** To be asked for once, in the end. */
    Latency latency() {
      long[] sorted = nanos.build().sorted().toArray();
      return new Latency(
          sorted.length,
          millis(sorted, 0.50),
          millis(sorted, 0.95),
          millis(sorted, 0.99),
          millis(sorted, 1.00));
    }

    private static double millis(long[] sorted, double share) {
      return Quantities.millis(Quantiles.nearestRank(sorted, share));
    }
  }

  private record Timing(Stopwatch open, Stopwatch answers, Stopwatch complete) {

    Timing() {
      this(new Stopwatch(), new Stopwatch(), new Stopwatch());
    }

    Latencies latencies() {
      return new Latencies(open.latency(), answers.latency(), complete.latency());
    }
  }

  private final ReplyPredictor predictor;
  private final EvaluationSettings settings;
  private final Timing timing = new Timing();

  private TypedTextSaved(ReplyPredictor predictor, EvaluationSettings settings) {
    this.predictor = predictor;
    this.settings = settings;
  }

  /**
   * Measures {@code predictor}, which stays open, on {@code conversations}, which it must not have
   * learned from.
   *
   * @throws UserException when the conversations hold no agent text
   */
  public static Measurement measure(
      ReplyPredictor predictor,
      List<Conversation> conversations,
      EvaluationSettings settings,
      EvaluationProgress progress) {
    List<Conversation> test = TestSample.of(conversations, settings.limit());
    TypedTextSaved metric = new TypedTextSaved(predictor, settings);
    return metric.measurement(test, metric.typed(test, progress));
  }

  /**
   * To be run after every reply.
   *
   * @throws UserException when the conversations hold no agent text
   */
  private static Runnable steps(List<Conversation> conversations, EvaluationProgress progress) {
    if (conversations.stream().flatMap(Conversation::agentTexts).allMatch(String::isEmpty)) {
      throw new UserException(
          "the "
              + conversations.size()
              + " conversations hold no agent text; evaluate on conversations that agents"
              + " answered");
    }
    int total = conversations.stream().mapToInt(one -> one.replies().size()).sum();
    AtomicInteger done = new AtomicInteger();
    return () -> progress.replies(done.incrementAndGet(), total);
  }

  private Measurement measurement(List<Conversation> test, List<MeasuredReply> typed) {
    List<ReplyOutcome> outcomes = typed.stream().map(MeasuredReply::outcome).toList();
    Counts counts = Counts.of(outcomes, test.size(), settings);
    Scores scores = new Scores(outcomes, counts, settings);
    return new Measurement(
        new Evaluation(
            test.size(),
            outcomes.size(),
            Counts.sum(counts.characters()),
            scores.suggestions(),
            scores.savings(),
            Breakdown.of(outcomes, test.size(), settings),
            new CalibrationError(
                Scores.calibrationError(
                    typed.stream().flatMap(reply -> reply.offers().stream()).toList()),
                Scores.calibrationError(
                    typed.stream().flatMap(reply -> reply.suggestions().stream()).toList())),
            timing.latencies(),
            scores.perplexity()),
        typed.stream().map(MeasuredReply::example).toList(),
        TestSample.digest(test, settings.typos()),
        counts);
  }

  /** In the order of the conversations. */
  private List<MeasuredReply> typed(List<Conversation> test, EvaluationProgress progress) {
    Runnable step = steps(test, progress);
    List<List<MeasuredReply>> typed = new ArrayList<>(Collections.nCopies(test.size(), List.of()));
    int timed = 0;
    int replies = 0;
    while (timed < test.size() && replies < settings.timed()) {
      typed.set(timed, new Typist(predictor, timing).type(test.get(timed), timed, step));
      replies += typed.get(timed).size();
      timed++;
    }
    List<Consumer<ReplyPredictor>> others = new ArrayList<>();
    for (int c : TestSample.longestFirst(test)) {
      if (c >= timed) {
        others.add(own -> typed.set(c, new Typist(own, new Timing()).type(test.get(c), c, step)));
      }
    }
    predictor.sideBySide(others);
    return typed.stream().flatMap(List::stream).toList();
  }

  /** Types the replies of one conversation after the other. */
  private final class Typist {

    private final ReplyPredictor predictor;
    private final Timing timing;

    Typist(ReplyPredictor predictor, Timing timing) {
      this.predictor = predictor;
      this.timing = timing;
    }

    List<MeasuredReply> type(Conversation conversation, int index, Runnable step) {
      List<MeasuredReply> replies = new ArrayList<>();
      for (Conversation.Reply reply : conversation.replies()) {
        replies.add(type(conversation, reply, index));
        step.run();
      }
      return replies;
    }

    private MeasuredReply type(Conversation conversation, Conversation.Reply one, int index) {
      Desk desk = Desk.of(conversation, one.message());
      String text = one.message().text();
      ReplyText reply = new ReplyText(text, settings.typos());
      List<Message> context = one.context();
      TypingRecord typing = new TypingRecord(reply, settings.rules().getFirst());
      List<Suggestion> shown;
      boolean taken;
      boolean amongFirst;
      List<Cost> costs;
      try (ReplySession session = timing.open().time(() -> predictor.open(context, desk))) {
        shown =
            timing.answers().time(() -> session.suggest("", SHOWN)).stream().limit(SHOWN).toList();
        taken = shown.stream().anyMatch(reply::isSaidBy);
        amongFirst = session.answers("", SHOWN).stream().limit(SHOWN).anyMatch(reply::isSaidBy);
        costs = costs(taken, shown.size(), reply, session, typing);
      }
      ReplyExample example =
          new ReplyExample(
              conversation.id(),
              context.stream()
                  .skip(Math.max(0, context.size() - EXAMPLE_CONTEXT))
                  .map(MessageJson::of)
                  .toList(),
              text,
              reply.length(),
              reply.keys() - costs.getFirst().total(settings.rules().getFirst()),
              shown.stream().map(Suggestion::text).toList(),
              taken,
              taken ? List.of() : typing.steps());
      // After the session, which is timed: it would find the context read.
      Optional<LogLikelihood> likelihood = likelihood(context, text);
      return new MeasuredReply(
          new ReplyOutcome(
              new ReplyPosition(index, desk.agentId(), desk.queue()),
              reply.keys(),
              taken,
              amongFirst,
              costs,
              typing.gains(),
              likelihood),
          example,
          typing.offers(),
          shown.stream()
              .map(whole -> new PlattScale.Outcome(whole.score(), reply.isSaidBy(whole)))
              .toList());
    }

    private List<Cost> costs(
        boolean taken,
        int repliesShown,
        ReplyText reply,
        ReplySession session,
        OfferWatcher headline) {
      if (taken) {
        return Collections.nCopies(settings.rules().size(), Cost.ofSuggestion(repliesShown));
      }
      Map<Rule, Cost> costs = new LinkedHashMap<>();
      for (Rule rule : settings.rules()) {
        Optional<Rule> alike =
            costs.keySet().stream().filter(other -> other.steady() == rule.steady()).findFirst();
        if (alike.isPresent()) {
          costs.put(rule, costs.get(alike.get()));
          continue;
        }
        // What a predictor offers depends on what the agent typed, which rules differ in.
        var _ = session.suggest("", SHOWN);
        OfferWatcher watcher = costs.isEmpty() ? headline : OfferWatcher.NONE;
        costs.put(
            rule,
            SimulatedAgent.type(
                reply,
                draft -> timing.complete().time(() -> session.complete(draft)),
                rule,
                repliesShown,
                watcher));
      }
      return List.copyOf(costs.values());
    }

    private Optional<LogLikelihood> likelihood(List<Message> context, String reply) {
      return settings.typos() == 0 && predictor instanceof ReplyLikelihood model
          ? Optional.of(model.logLikelihood(context, reply))
          : Optional.empty();
    }
  }
}
