package dev.repartee.common.eval;

import static java.util.Objects.requireNonNull;

import dev.repartee.common.UserException;
import dev.repartee.common.data.Conversation;
import dev.repartee.common.data.Message;
import dev.repartee.common.data.TextNorm;
import dev.repartee.common.eval.Evaluation.Latencies;
import dev.repartee.common.eval.Evaluation.Saving;
import dev.repartee.common.suggest.ReplyPredictor;
import dev.repartee.common.suggest.ReplySession;
import dev.repartee.common.suggest.Suggestion;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The metric: the share of their keystrokes that agents would have been spared, had a predictor
 * watched them write what they wrote. For every agent message, with the true conversation before it
 * as context:
 *
 * <ol>
 *   <li>Before typing, {@value #SHOWN} suggestions are shown. One that equals the reply under
 *       {@link TextNorm#norm} is taken: one action, done.
 *   <li>Otherwise the agent types a character. From then on, after each character or acceptance,
 *       one offer is shown, trailing blanks stripped, compared without regard to case.
 *   <li>The {@link Rule} says whether and how much of the offer is taken, for one action; otherwise
 *       the next character is typed.
 * </ol>
 *
 * <p>Characters are code points. All rules are served by one session a reply, which restarts for
 * each of them and is asked for every draft that the rule reaches, in order.
 */
public final class TypedTextSaved {

  /** Suggestions shown before typing. */
  static final int SHOWN = 3;

  /** How far down the ranking of whole replies is looked for the true one. */
  private static final int RANKED = 50;

  private final ReplyPredictor predictor;
  private final EvaluationSettings settings;
  private final Stopwatch open = new Stopwatch();
  private final Stopwatch answers = new Stopwatch();
  private final Stopwatch complete = new Stopwatch();

  private TypedTextSaved(ReplyPredictor predictor, EvaluationSettings settings) {
    this.predictor = requireNonNull(predictor, "predictor is null");
    this.settings = requireNonNull(settings, "settings is null");
  }

  /**
   * Measures {@code predictor}, which stays open, on {@code conversations}, which it must not have
   * learned from.
   *
   * @throws UserException when the conversations hold no agent text
   */
  public static Evaluation evaluate(
      ReplyPredictor predictor,
      List<Conversation> conversations,
      EvaluationSettings settings,
      EvaluationProgress progress) {
    return new TypedTextSaved(predictor, settings).evaluate(conversations, progress);
  }

  private Evaluation evaluate(List<Conversation> conversations, EvaluationProgress progress) {
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
      List<Message> messages = test.get(c).messages();
      for (int m = 0; m < messages.size(); m++) {
        if (messages.get(m).isAgent()) {
          outcomes.add(outcome(test.get(c), c, m));
          progress.replies(outcomes.size(), total);
        }
      }
    }
    return evaluation(new Scores(outcomes, test.size(), settings.seed()), test.size(), total);
  }

  private ReplyOutcome outcome(Conversation conversation, int index, int message) {
    String text = conversation.messages().get(message).text();
    String wanted = TextNorm.norm(text);
    ReplyText reply = new ReplyText(text);
    List<Message> context = conversation.messages().subList(0, message);
    try (ReplySession session = open.time(() -> predictor.open(context))) {
      List<Suggestion> shown = answers.time(() -> session.answers("", SHOWN));
      boolean taken = rank(wanted, shown, SHOWN).isPresent();
      OptionalInt rank = rank(wanted, session.answers("", RANKED), RANKED);
      return new ReplyOutcome(
          index, conversation.agentId(), reply.length(), taken, rank, costs(taken, reply, session));
    }
  }

  private List<SimulatedAgent.Cost> costs(boolean taken, ReplyText reply, ReplySession session) {
    if (taken) {
      return Collections.nCopies(settings.rules().size(), SimulatedAgent.Cost.ONE_SUGGESTION);
    }
    Offers offers = new Offers(session, reply, complete);
    List<SimulatedAgent.Cost> costs = new ArrayList<>();
    for (Rule rule : settings.rules()) {
      // What a predictor offers may depend on what the agent typed past, which rules differ in.
      session.restart();
      costs.add(SimulatedAgent.type(reply, offers, rule));
    }
    return costs;
  }

  private static OptionalInt rank(String wanted, List<Suggestion> suggestions, int most) {
    for (int i = 0; i < Math.min(most, suggestions.size()); i++) {
      if (TextNorm.norm(suggestions.get(i).text()).equals(wanted)) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }

  private Evaluation evaluation(Scores scores, int conversations, int replies) {
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
        new Latencies(open.latency(), answers.latency(), complete.latency()));
  }
}
