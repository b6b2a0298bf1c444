package dev.repartee.finetune.metric;

import static java.util.Objects.requireNonNull;

import dev.repartee.engine.suggest.LogLikelihood;
import dev.repartee.engine.suggest.ReplyLikelihood;
import dev.repartee.engine.suggest.ReplyPredictor;
import dev.repartee.engine.suggest.ReplySession;
import dev.repartee.engine.suggest.Suggestion;
import dev.repartee.finetune.metric.Evaluation.Latencies;
import dev.repartee.finetune.metric.Evaluation.Saving;
import dev.repartee.finetune.metric.ReplyOutcome.Place;
import dev.repartee.finetune.metric.SimulatedAgent.Cost;
import dev.repartee.text.TextNorm;
import dev.repartee.text.UserException;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
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
 * each of them and is asked for every draft that the rule reaches, in order.
 */
public final class TypedTextSaved {

  /** Suggestions shown before typing. */
  public static final int SHOWN = 3;

  /** Messages before a reply that are shown with it. */
  private static final int EXAMPLE_CONTEXT = 4;

  /** How far down the ranking of whole replies is looked for the true one. */
  private static final int RANKED = 50;

  private final ReplyPredictor predictor;
  private final EvaluationSettings settings;
  private final Stopwatch open = new Stopwatch();
  private final Stopwatch answers = new Stopwatch();
  private final Stopwatch complete = new Stopwatch();
  private final ReliabilityTally offerScores = new ReliabilityTally();
  private final ReliabilityTally suggestionScores = new ReliabilityTally();
  private final ExampleChoice examples = new ExampleChoice();

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
    return new TypedTextSaved(predictor, settings).measure(conversations, progress);
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
    Measurement free = measure(baseline, conversations, settings.withRules(Rule.FREE), progress);
    return validation.isEmpty()
        ? free
        : free.after(
            measure(
                baseline.gated(validation),
                conversations,
                settings.withRules(Rule.CHARGED),
                progress));
  }

  private Measurement measure(List<Conversation> conversations, EvaluationProgress progress) {
    List<Conversation> test = TestSample.of(conversations, settings.limit());
    int total = test.stream().mapToInt(one -> Math.toIntExact(one.agentTexts().count())).sum();
    if (test.stream().flatMap(Conversation::agentTexts).allMatch(String::isEmpty)) {
      throw new UserException(
          "the "
              + test.size()
              + " conversations hold no agent text; evaluate on conversations that agents answered");
    }
    List<ReplyOutcome> outcomes = new ArrayList<>(total);
    for (int c = 0; c < test.size(); c++) {
      Conversation conversation = test.get(c);
      int number = 0;
      for (int m = 0; m < conversation.messages().size(); m++) {
        if (conversation.messages().get(m).isAgent()) {
          Place place = new Place(c, ++number, conversation.agentId(), conversation.domain());
          outcomes.add(outcome(conversation, m, place));
          progress.replies(outcomes.size(), total);
        }
      }
    }
    Scores scores = new Scores(outcomes, test.size(), settings);
    Parts parts = new Parts(outcomes, test.size(), settings);
    return new Measurement(
        evaluation(scores, parts, test.size(), total),
        examples.examples(),
        TestSample.digest(test),
        Counts.of(outcomes, test.size(), settings));
  }

  private ReplyOutcome outcome(Conversation conversation, int message, Place place) {
    String text = conversation.messages().get(message).text();
    ReplyText reply = new ReplyText(text);
    List<Message> context = conversation.messages().subList(0, message);
    try (ReplySession session = open.time(() -> predictor.open(context, conversation.agentId()))) {
      List<Suggestion> shown =
          answers.time(() -> session.replies(SHOWN)).stream().limit(SHOWN).toList();
      shown.forEach(
          one -> suggestionScores.add(place.conversation(), one.score(), reply.isSaidBy(one)));
      boolean taken = shown.stream().anyMatch(reply::isSaidBy);
      OptionalInt rank = rank(reply, session.answers("", RANKED).stream().limit(RANKED).toList());
      TypingRecord typing =
          new TypingRecord(
              reply, (score, right) -> offerScores.add(place.conversation(), score, right));
      List<Cost> costs = costs(taken, shown.size(), reply, session, typing);
      examples.add(
          new ReplyExample(
              conversation.id(),
              context.subList(Math.max(0, message - EXAMPLE_CONTEXT), message).stream()
                  .map(ReplyExample.Said::of)
                  .toList(),
              text,
              reply.length(),
              reply.length() - costs.getFirst().total(settings.rules().getFirst()),
              shown.stream().map(Suggestion::text).toList(),
              taken,
              taken ? List.of() : typing.steps()));
      return new ReplyOutcome(place, reply.length(), taken, rank, costs, likelihood(context, text));
    }
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
    Offers offers = new Offers(session, reply, complete);
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
      costs.put(rule, SimulatedAgent.type(reply, offers, rule, repliesShown, watcher));
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

  private Evaluation evaluation(Scores scores, Parts parts, int conversations, int replies) {
    Map<String, Saving> savings = new LinkedHashMap<>();
    for (int i = 0; i < settings.rules().size(); i++) {
      savings.put(settings.rules().get(i).name(), scores.saving(i));
    }
    return new Evaluation(
        conversations,
        replies,
        scores.characters(),
        scores.suggestions(),
        savings,
        parts.breakdown(),
        new ScoreReliability(
            offerScores.reliability(conversations, settings.seed()),
            suggestionScores.reliability(conversations, settings.seed())),
        new Latencies(open.latency(), answers.latency(), complete.latency()),
        scores.perplexity());
  }
}
