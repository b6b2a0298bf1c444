package dev.repartee.finetune.metric;

import static java.util.Objects.requireNonNull;

import dev.repartee.engine.suggest.Desk;
import dev.repartee.engine.suggest.PlattScale;
import dev.repartee.engine.suggest.ReplyLikelihood;
import dev.repartee.engine.suggest.ReplyLikelihood.LogLikelihood;
import dev.repartee.engine.suggest.ReplyPredictor;
import dev.repartee.engine.suggest.ReplySession;
import dev.repartee.engine.suggest.Suggestion;
import dev.repartee.finetune.metric.Evaluation.Latencies;
import dev.repartee.finetune.metric.Evaluation.Latency;
import dev.repartee.finetune.metric.ReplyExample.TypingRecord;
import dev.repartee.finetune.metric.ReplyOutcome.ReplyPosition;
import dev.repartee.finetune.metric.ScoreReliability.Reliability;
import dev.repartee.finetune.metric.ScoreReliability.ScoredText;
import dev.repartee.finetune.metric.SimulatedAgent.Cost;
import dev.repartee.finetune.metric.SimulatedAgent.OfferWatcher;
import dev.repartee.text.Millis;
import dev.repartee.text.Quantiles;
import dev.repartee.text.TextNorm;
import dev.repartee.text.UserException;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.conversation.MessageJson;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The metric: the share of their keystrokes that agents would have been spared, had a predictor
 * watched them write what they wrote. For every agent message, with the true conversation before it
 * as context:
 *
 * <ol>
 *   <li>Before typing, up to {@value #SHOWN} whole replies are shown. One that equals the reply
 *       under {@link TextNorm#norm} is taken: one action, done.
 *   <li>Otherwise the agent types a character. From then on, after each character or acceptance,
 *       one offer is shown, trailing blanks stripped, compared without regard to case.
 *   <li>The {@link Rule} says whether and how much of the offer is taken, for one action, and what
 *       actions and reading cost; otherwise the next character is typed.
 * </ol>
 *
 * <p>Characters are code points. All rules are served by one session a reply, which restarts for
 * each of them and is asked for every draft that the rule reaches, in order. The first replies are
 * typed one after the other and timed; the other conversations may go {@linkplain
 * ReplyPredictor#sideBySide side by side}.
 */
public final class TypedTextSaved {

  /** Suggestions shown before typing. */
  public static final int SHOWN = 3;

  /** Messages before a reply that are shown with it. */
  private static final int EXAMPLE_CONTEXT = 4;

  /** How far down the ranking of whole replies is looked for the true one. */
  private static final int RANKED = 50;

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

  /**
   * The replies of one conversation.
   *
   * @param joined long ones, of which each is all that the agent wrote at a stretch; with the costs
   *     of {@link LongReplies#RULES}
   */
  private record MeasuredConversation(List<MeasuredReply> replies, List<ReplyOutcome> joined) {

    static final MeasuredConversation NONE = new MeasuredConversation(List.of(), List.of());
  }

  /** Keeps the time of every call, in nanoseconds. */
  private static final class Stopwatch {

    private long[] nanos = new long[1024];
    private int count;

    <T> T time(Supplier<T> call) {
      long start = System.nanoTime();
      T result = call.get();
      if (count == nanos.length) {
        nanos = Arrays.copyOf(nanos, 2 * count);
      }
      nanos[count++] = System.nanoTime() - start;
      return result;
    }

    Latency latency() {
      long[] sorted = Arrays.copyOf(nanos, count);
      Arrays.sort(sorted);
      return new Latency(
          count,
          millis(sorted, 0.50),
          millis(sorted, 0.95),
          millis(sorted, 0.99),
          millis(sorted, 1.00));
    }

    private static double millis(long[] sorted, double share) {
      return Millis.ofNanos(Quantiles.nearestRank(sorted, share));
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
    this.predictor = requireNonNull(predictor, "predictor is null");
    this.settings = requireNonNull(settings, "settings is null");
  }

  /** The figures of {@link #measure}. */
  public static Evaluation evaluate(
      ReplyPredictor predictor,
      List<Conversation> conversations,
      EvaluationSettings settings,
      EvaluationProgress progress) {
    return measure(predictor, conversations, settings, progress).evaluation();
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
   * Measures a baseline, which stays open. Where reading is charged for, it shows what reaches the
   * thresholds that are best for it on {@code validation}; without validation conversations these
   * rules are left out, since without thresholds a baseline costs more than it saves.
   */
  public static Measurement measureBaseline(
      BaselinePredictor baseline,
      List<Conversation> validation,
      List<Conversation> conversations,
      EvaluationSettings settings,
      EvaluationProgress progress) {
    Map<Boolean, List<Rule>> rules =
        settings.rules().stream().collect(Collectors.partitioningBy(Rule::charges));
    Measurement free =
        measure(baseline, conversations, settings.withRules(rules.get(false)), progress);
    return validation.isEmpty()
        ? free
        : free.after(
            measure(
                baseline.gated(validation),
                conversations,
                settings.withRules(rules.get(true)),
                progress));
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
    int total =
        conversations.stream().mapToInt(one -> Math.toIntExact(one.agentTexts().count())).sum();
    AtomicInteger done = new AtomicInteger();
    return () -> progress.replies(done.incrementAndGet(), total);
  }

  private Measurement measurement(
      List<Conversation> test, List<MeasuredConversation> conversationsTyped) {
    List<MeasuredReply> typed =
        conversationsTyped.stream().flatMap(one -> one.replies().stream()).toList();
    List<ReplyOutcome> outcomes = typed.stream().map(MeasuredReply::outcome).toList();
    Counts counts = Counts.of(outcomes, test.size(), settings);
    Scores scores = new Scores(outcomes, counts, settings);
    List<ReplyOutcome> joined =
        conversationsTyped.stream().flatMap(one -> one.joined().stream()).toList();
    return new Measurement(
        new Evaluation(
            test.size(),
            outcomes.size(),
            Counts.sum(counts.characters()),
            scores.suggestions(),
            scores.savings(),
            Breakdown.of(outcomes, test.size(), settings),
            LongReplies.of(joined, test.size(), settings),
            new ScoreReliability(
                reliability(typed, MeasuredReply::offers, test.size()),
                reliability(typed, MeasuredReply::suggestions, test.size())),
            timing.latencies(),
            scores.perplexity()),
        typed.stream().map(MeasuredReply::example).toList(),
        TestSample.digest(test),
        counts);
  }

  private Reliability reliability(
      List<MeasuredReply> typed,
      Function<MeasuredReply, List<PlattScale.Outcome>> shown,
      int conversations) {
    return Reliability.of(
        typed.stream()
            .flatMap(
                one ->
                    shown.apply(one).stream()
                        .map(outcome -> new ScoredText(one.outcome().conversation(), outcome)))
            .toList(),
        conversations,
        settings.seed());
  }

  /** In the order of the conversations. */
  private List<MeasuredConversation> typed(List<Conversation> test, EvaluationProgress progress) {
    Runnable step = steps(test, progress);
    List<MeasuredConversation> typed =
        new ArrayList<>(Collections.nCopies(test.size(), MeasuredConversation.NONE));
    int timed = 0;
    int replies = 0;
    while (timed < test.size() && replies < settings.timed()) {
      typed.set(timed, new Typist(predictor, timing).type(test.get(timed), timed, step));
      replies += typed.get(timed).replies().size();
      timed++;
    }
    List<Consumer<ReplyPredictor>> others = new ArrayList<>();
    for (int c : TestSample.longestFirst(test)) {
      if (c >= timed) {
        others.add(own -> typed.set(c, new Typist(own, new Timing()).type(test.get(c), c, step)));
      }
    }
    predictor.sideBySide(others);
    return typed;
  }

  /** Types the replies of one conversation after the other. */
  private final class Typist {

    private final ReplyPredictor predictor;
    private final Timing timing;

    Typist(ReplyPredictor predictor, Timing timing) {
      this.predictor = predictor;
      this.timing = timing;
    }

    MeasuredConversation type(Conversation conversation, int index, Runnable step) {
      List<MeasuredReply> replies = new ArrayList<>();
      List<ReplyOutcome> joined = new ArrayList<>();
      List<Message> messages = conversation.messages();
      for (int m = 0; m < messages.size(); m++) {
        if (messages.get(m).isLearned()) {
          ReplyPosition position =
              new ReplyPosition(
                  index, replies.size() + 1, conversation.agentId(), conversation.domain());
          replies.add(type(conversation, m, position));
          if (LongReplies.isMeasured(settings) && (m == 0 || !messages.get(m - 1).isLearned())) {
            joined(conversation, m, replies.getLast().outcome()).ifPresent(joined::add);
          }
          step.run();
        }
      }
      return new MeasuredConversation(replies, joined);
    }

    /** All that the agent writes from {@code first} on until somebody else does, if it is long. */
    private Optional<ReplyOutcome> joined(
        Conversation conversation, int first, ReplyOutcome outcome) {
      List<Message> messages = conversation.messages();
      List<String> texts =
          messages.stream().skip(first).takeWhile(Message::isLearned).map(Message::text).toList();
      ReplyText reply = new ReplyText(String.join(LongReplies.BETWEEN, texts));
      if (reply.length() < LongReplies.LEAST) {
        return Optional.empty();
      }
      List<Cost> costs = new ArrayList<>();
      if (texts.size() == 1) {
        LongReplies.RULES.forEach(
            rule -> costs.add(outcome.costs().get(settings.rules().indexOf(rule))));
      } else {
        try (ReplySession session =
            predictor.open(messages.subList(0, first), Desk.of(conversation))) {
          for (Rule rule : LongReplies.RULES) {
            session.restart();
            costs.add(SimulatedAgent.write(reply, session, rule));
          }
        }
      }
      return Optional.of(
          new ReplyOutcome(
              outcome.position(),
              reply.length(),
              false,
              OptionalInt.empty(),
              costs,
              Optional.empty()));
    }

    private MeasuredReply type(Conversation conversation, int message, ReplyPosition position) {
      String text = conversation.messages().get(message).text();
      ReplyText reply = new ReplyText(text);
      List<Message> context = conversation.messages().subList(0, message);
      TypingRecord typing = new TypingRecord(reply);
      List<Suggestion> shown;
      boolean taken;
      OptionalInt rank;
      List<Cost> costs;
      try (ReplySession session =
          timing.open().time(() -> predictor.open(context, Desk.of(conversation)))) {
        shown = timing.answers().time(() -> session.replies(SHOWN)).stream().limit(SHOWN).toList();
        taken = shown.stream().anyMatch(reply::isSaidBy);
        rank = rank(reply, session.answers("", RANKED).stream().limit(RANKED).toList());
        costs = costs(taken, shown.size(), reply, session, typing);
      }
      ReplyExample example =
          new ReplyExample(
              conversation.id(),
              context.subList(Math.max(0, message - EXAMPLE_CONTEXT), message).stream()
                  .map(MessageJson::of)
                  .toList(),
              text,
              reply.length(),
              reply.length() - costs.getFirst().total(settings.rules().getFirst()),
              shown.stream().map(Suggestion::text).toList(),
              taken,
              taken ? List.of() : typing.steps());
      // After the session, which is timed: it would find the context read.
      Optional<LogLikelihood> likelihood = likelihood(context, text);
      return new MeasuredReply(
          new ReplyOutcome(position, reply.length(), taken, rank, costs, likelihood),
          example,
          typing.offers(),
          shown.stream()
              .map(one -> new PlattScale.Outcome(one.score(), reply.isSaidBy(one)))
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
        Optional<Rule> alike = costs.keySet().stream().filter(rule::worksLike).findFirst();
        if (alike.isPresent()) {
          costs.put(rule, costs.get(alike.get()));
          continue;
        }
        // What a predictor offers depends on what the agent typed, which rules differ in.
        session.restart();
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
      return predictor instanceof ReplyLikelihood model
          ? Optional.of(model.logLikelihood(context, reply))
          : Optional.empty();
    }

    private static OptionalInt rank(ReplyText reply, List<Suggestion> suggestions) {
      return IntStream.range(0, suggestions.size())
          .filter(i -> reply.isSaidBy(suggestions.get(i)))
          .findFirst();
    }
  }
}
