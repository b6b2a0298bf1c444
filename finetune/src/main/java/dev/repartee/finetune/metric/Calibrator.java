package dev.repartee.finetune.metric;

import dev.repartee.engine.memory.Desk;
import dev.repartee.engine.memory.WholeReply;
import dev.repartee.engine.memory.Words;
import dev.repartee.engine.suggest.Calibration;
import dev.repartee.engine.suggest.Candidate;
import dev.repartee.engine.suggest.Display.OperatingPoint;
import dev.repartee.engine.suggest.EngineSession;
import dev.repartee.engine.suggest.InlineOffers;
import dev.repartee.engine.suggest.OfferPolicy;
import dev.repartee.engine.suggest.OfferPolicy.OfferScale;
import dev.repartee.engine.suggest.OfferPolicy.PlattScale;
import dev.repartee.engine.suggest.OfferPolicy.PlattScale.Outcome;
import dev.repartee.engine.suggest.ReplyRanking;
import dev.repartee.engine.suggest.Suggestion;
import dev.repartee.engine.suggest.SuggestionEngine;
import dev.repartee.finetune.metric.EvaluationSettings.EvaluationProgress;
import dev.repartee.finetune.metric.SimulatedAgent.OfferWatcher;
import dev.repartee.text.UserException;
import dev.repartee.text.cli.ProgressLine;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Learns from validation conversations how much each piece of evidence counts for whole replies and
 * for inline offers, and what each operating point should show so that it saves most time. Neither
 * the model's weights nor its memory may hold these conversations. The model runs once: what it
 * found for each draft is kept, and the agent of {@link TypedTextSaved} types every reply again for
 * each policy that is tried.
 */
public final class Calibrator {

  /** Keystrokes that a wrong text may cost beside its reading. */
  private static final List<Double> WRONG =
      List.of(-1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 9.0, 14.0);

  /** A share of time that is too small to be noticed. */
  private static final double AS_GOOD = 0.002;

  /** What is simpler may cost so many standard errors more; a whole one chose the same on care. */
  private static final double STANDARD_ERRORS = 0.5;

  /** Offers are learned from at drafts that are so many characters apart. */
  private static final int DRAFTS_APART = 2;

  /** A reply that the agent wrote, and everything that could have been shown for it. */
  static final class ValidationReply {

    private final ReplyText text;
    private final List<WholeReply> whole;
    private final List<List<Candidate>> candidates = new ArrayList<>(); // by the draft's length
    private final InlineOffers offers = new InlineOffers();
    private final Set<Integer> decided = new TreeSet<>(); // lengths of drafts
    private int conversation; // its position among them

    /**
     * @param whole whole replies, in no order of worth
     * @param proposals what may be offered after a draft
     */
    ValidationReply(
        String text, List<WholeReply> whole, Function<String, List<Candidate>> proposals) {
      this.text = new ReplyText(text);
      this.whole = List.copyOf(whole);
      candidates.add(List.of()); // nothing is offered before the first letter
      for (int typed = 1; typed < this.text.length(); typed++) {
        candidates.add(
            proposals.apply(this.text.draft(typed)).stream()
                .filter(Candidate::isEligible)
                .toList());
      }
    }

    private Optional<Suggestion> complete(
        String draft, OfferPolicy policy, ToDoubleFunction<Candidate> probabilities) {
      int typed = draft.codePointCount(0, draft.length());
      if (!offers.stands(draft)) {
        decided.add(typed);
      }
      return offers.offer(draft, candidates.get(typed), policy, probabilities);
    }

    private Rule.Cost type(OfferPolicy policy, Rule rule, OfferWatcher watcher) {
      return type(policy, policy.offers()::apply, rule, watcher);
    }

    private Rule.Cost type(
        OfferPolicy policy,
        ToDoubleFunction<Candidate> probabilities,
        Rule rule,
        OfferWatcher watcher) {
      offers.restart();
      return SimulatedAgent.type(
          text, draft -> complete(draft, policy, probabilities), rule, 0, watcher);
    }

    /** What it costs to type the reply under policies that have one scale of offers. */
    private double[] costs(List<OfferPolicy> policies, OperatingPoint point) {
      OfferScale scale = policies.getFirst().offers();
      IdentityHashMap<Candidate, Double> known = new IdentityHashMap<>();
      return policies.stream()
          .mapToDouble(
              policy ->
                  rules(point).stream()
                      .mapToDouble(
                          rule ->
                              type(
                                      policy,
                                      one -> known.computeIfAbsent(one, scale::apply),
                                      rule,
                                      OfferWatcher.NONE)
                                  .total(rule))
                      .average()
                      .orElseThrow())
          .toArray();
    }
  }

  /** Finds what could have been shown for a reply, after a context at a desk. */
  interface ReplyReader {
    ValidationReply read(List<Message> context, Desk desk, String reply);
  }

  /**
   * What was learned.
   *
   * @param choices by the operating point's name
   * @param net time saved at {@link OperatingPoint#CALM} on the conversations that it was learned
   *     on, in percent: more than on others
   */
  public record Result(Calibration calibration, Map<String, Choice> choices, double net) {}

  /**
   * What inline offers are made from.
   *
   * @param saved net by each, on the half of the conversations that it had not learned from: by
   *     offers alone, half of the agents steady; in percent
   */
  public record Choice(String chosen, Map<String, Double> saved) {}

  /** What offers may be made from, the simplest first. */
  private static final List<String> EVIDENCE = List.of("nothing", "counts alone", "with the model");

  /**
   * Policies tried at an operating point: two searches a kind of evidence, twice; then halves and
   * what is kept.
   */
  private static final int TRIED = 2 * 2 * 2 * WRONG.size() + EVIDENCE.size() + 2;

  private final List<ValidationReply> replies = new ArrayList<>();
  private int conversations;
  private Runnable tried = () -> {}; // run when a reply was typed under a policy that is tried

  private Calibrator() {}

  /**
   * Calibrates {@code engine}, which stays open.
   *
   * @param validation conversations that the model has not learned from, and that no figure will be
   *     reported on
   * @param limit how many of them at most, a fixed sample by their ids
   * @throws UserException when no agent speaks in them
   */
  public static Result calibrate(
      SuggestionEngine engine,
      List<Conversation> validation,
      Optional<Integer> limit,
      EvaluationProgress progress) {
    Calibrator calibrator = new Calibrator();
    List<Conversation> sample = TestSample.of(validation, limit);
    int total = sample.stream().mapToInt(one -> one.replies().size()).sum();
    if (total == 0) {
      throw new UserException(
          "no agent speaks in the "
              + validation.size()
              + " conversations; calibrate on conversations that agents answered");
    }
    List<List<ValidationReply>> found =
        new ArrayList<>(Collections.nCopies(sample.size(), List.of()));
    AtomicInteger done = new AtomicInteger();
    List<Consumer<SuggestionEngine>> tasks = new ArrayList<>();
    for (int c : TestSample.longestFirst(sample)) {
      Runnable step = () -> progress.replies(done.incrementAndGet(), total);
      tasks.add(own -> found.set(c, replies(reader(own), sample.get(c), step)));
    }
    engine.enginesSideBySide(tasks);
    found.forEach(calibrator::add);
    return calibrator.result(List.of(OperatingPoint.EAGER, OperatingPoint.CALM));
  }

  /**
   * Calibrates what proposes without a model, for {@link OperatingPoint#CALM} alone.
   *
   * @throws UserException when no agent speaks in {@code validation}
   */
  static Calibration calibrate(ReplyReader reader, List<Conversation> validation) {
    Calibrator calibrator = new Calibrator();
    try (ProgressLine progress = new ProgressLine("read validation", "conversations")) {
      AtomicInteger done = new AtomicInteger();
      TestSample.of(validation, Optional.empty()).parallelStream()
          .map(
              conversation -> {
                List<ValidationReply> replies = replies(reader, conversation, () -> {});
                progress.stepTo(done.incrementAndGet(), validation.size());
                return replies;
              })
          .toList()
          .forEach(calibrator::add);
    }
    if (calibrator.replies.isEmpty()) {
      throw withoutReplies(validation);
    }
    return calibrator.result(List.of(OperatingPoint.CALM)).calibration();
  }

  /** The error where no agent speaks in what baselines are calibrated on. */
  static UserException withoutReplies(List<Conversation> validation) {
    return new UserException(
        "--validation: none of the %d conversation(s) has a reply of an agent; check the roles, or give others"
            .formatted(validation.size()));
  }

  private void add(List<ValidationReply> ofConversation) {
    ofConversation.forEach(reply -> reply.conversation = conversations);
    replies.addAll(ofConversation);
    conversations++;
  }

  private Result result(List<OperatingPoint> points) {
    try (ProgressLine progress = new ProgressLine("fit offers", "replies typed")) {
      AtomicInteger done = new AtomicInteger();
      int total = TRIED * points.size() * replies.size();
      tried = () -> progress.stepTo(done.incrementAndGet(), total);
      ReplyRanking ranking = ranking();
      Map<String, Choice> choices = new TreeMap<>();
      List<OfferPolicy> chosen = new ArrayList<>();
      List<OfferPolicy> counts = new ArrayList<>();
      for (OperatingPoint point : points) {
        List<OfferPolicy> policies = policies(point);
        Choice choice = choice(point);
        choices.put(point.name().toLowerCase(Locale.ROOT), choice);
        counts.add(policy(ranking, policies.get(1), point));
        chosen.add(policy(ranking, policies.get(EVIDENCE.indexOf(choice.chosen())), point));
      }
      return new Result(
          new Calibration(
              ranking,
              chosen.getFirst(),
              chosen.getLast(),
              Optional.of(
                  new Calibration(ranking, counts.getFirst(), counts.getLast(), Optional.empty()))),
          choices,
          net(ranking, chosen.getLast()));
    }
  }

  /** What {@link TypedTextSaved} says of these replies under {@link Rule#NET}. */
  private double net(ReplyRanking ranking, OfferPolicy policy) {
    double[] typing =
        replies.stream()
            .mapToDouble(reply -> reply.type(policy, Rule.NET, OfferWatcher.NONE).total(Rule.NET))
            .toArray();
    double cost = cost(ranking, policy, typing, OperatingPoint.CALM);
    return Ratio.percentOf(1 - cost / characters());
  }

  private static List<ValidationReply> replies(
      ReplyReader reader, Conversation conversation, Runnable step) {
    List<ValidationReply> replies = new ArrayList<>();
    for (Conversation.Reply one : conversation.replies()) {
      Desk desk = Desk.of(conversation, one.message());
      replies.add(reader.read(one.context(), desk, one.message().text()));
      step.run();
    }
    return replies;
  }

  private static ReplyReader reader(SuggestionEngine engine) {
    return (context, desk, text) -> {
      try (EngineSession session = engine.open(context, desk)) {
        return new ValidationReply(text, session.wholeReplies(), session::candidates);
      }
    };
  }

  /** Learned from which reply the agent wrote. */
  private ReplyRanking ranking() {
    return ReplyRanking.fit(
        replies.stream()
            .map(
                reply ->
                    new ReplyRanking.Observed(
                        reply.whole,
                        IntStream.range(0, reply.whole.size())
                            .filter(i -> reply.text.isSaid(reply.whole.get(i).norm()))
                            .findFirst()
                            .orElse(-1)))
            .toList());
  }

  /**
   * Learned from what the agent typed.
   *
   * @param drafts the lengths of those drafts of a reply from which it is learned
   */
  private OfferScale scale(boolean countsAlone, Function<ValidationReply, IntStream> drafts) {
    List<OfferScale.Outcome> outcomes = new ArrayList<>();
    for (ValidationReply reply : replies) {
      drafts
          .apply(reply)
          .forEach(
              typed -> {
                for (Candidate one : reply.candidates.get(typed)) {
                  Offer offer = new Offer(new int[0], Suggestion.completion(one.text(), 0));
                  outcomes.add(new OfferScale.Outcome(one, reply.text.isRight(typed, offer)));
                }
              });
    }
    return OfferScale.fit(countsAlone, outcomes);
  }

  /** Learned from those drafts alone at which something is decided, since no offer stands there. */
  private OfferScale scaleOfDecisions(OfferPolicy policy) {
    for (ValidationReply reply : replies) {
      reply.decided.clear();
      var _ = reply.type(policy, Rule.NET, OfferWatcher.NONE);
    }
    return scale(
        policy.offers().countsAlone(), reply -> reply.decided.stream().mapToInt(Integer::intValue));
  }

  /**
   * What an operating point shows: beside what it offers inline, which whole replies. What is
   * chosen is right less often than what could have been chosen, so its probabilities get a scale
   * for themselves. Texts are chosen without it: on STAR that saves 0.3 points more.
   */
  private OfferPolicy policy(ReplyRanking ranking, OfferPolicy inline, OperatingPoint point) {
    double asGood = AS_GOOD * characters();
    double[] typing = costs(List.of(inline), point)[0];
    OfferPolicy scaled = inline.withReplies(PlattScale.fit(shownReplies(ranking, inline)));
    OfferPolicy whole =
        best(
            scaled::withWrongReply,
            tried -> tried.stream().mapToDouble(one -> cost(ranking, one, typing, point)).toArray(),
            asGood);
    return whole.withShown(
        PlattScale.fit(shown(whole)), PlattScale.fit(shownReplies(ranking, whole)));
  }

  /**
   * The best policy of the model and the counts, or of the counts alone. A first scale, learned
   * from all drafts, tells where something is decided.
   */
  private OfferPolicy inline(boolean countsAlone, OperatingPoint point) {
    OfferScale first =
        scale(
            countsAlone,
            reply -> IntStream.range(1, reply.text.length()).filter(i -> i % DRAFTS_APART == 1));
    return inline(scaleOfDecisions(inline(first, point)), point);
  }

  /** One for each of {@link #EVIDENCE}. */
  private List<OfferPolicy> policies(OperatingPoint point) {
    OfferPolicy counts = inline(true, point);
    return List.of(counts.withWrongOffer(OfferPolicy.NEVER), counts, inline(false, point));
  }

  /**
   * Each half of the conversations is typed with what the other half taught, since more evidence
   * always fits what it was learned from.
   */
  private Choice choice(OperatingPoint point) {
    List<double[]> costs = EVIDENCE.stream().map(_ -> new double[conversations]).toList();
    int[] fit = new int[EVIDENCE.size()];
    for (int half = 0; half < 2; half++) {
      Calibrator judged = half(half);
      List<OfferPolicy> learned = half(1 - half).policies(point);
      Set<String> shared = judged.sharedDrafts();
      for (int i = 0; i < learned.size(); i++) {
        double[] typing = judged.costs(List.of(learned.get(i)), point)[0];
        for (int r = 0; r < typing.length; r++) {
          costs.get(i)[judged.replies.get(r).conversation] += typing[r];
        }
        fit[i] += judged.fit(learned.get(i), shared);
      }
    }
    Map<String, Double> saved = new LinkedHashMap<>();
    for (int i = 0; i < costs.size(); i++) {
      double cost = Arrays.stream(costs.get(i)).sum();
      saved.put(EVIDENCE.get(i), Ratio.percentOf(1 - cost / characters()));
    }
    return new Choice(EVIDENCE.get(chosen(costs, fit)), saved);
  }

  /**
   * The first of {@link #EVIDENCE} that costs no more than the best does, within {@value
   * #STANDARD_ERRORS} standard errors of the difference: few conversations choose what is simpler.
   * See Breiman and others, Classification and Regression Trees, 1984, who take one. Of counts and
   * model, if both cost no more and nothing does, the one whose offers fit the conversation better.
   *
   * @param costs of each, by conversation
   * @param fit of each: at how many shared drafts its offer was right
   */
  static int chosen(List<double[]> costs, int... fit) {
    double[] best =
        Collections.min(costs, Comparator.comparingDouble(some -> Arrays.stream(some).sum()));
    List<Integer> good =
        IntStream.range(0, costs.size()).filter(i -> isAsGood(costs.get(i), best)).boxed().toList();
    return good.equals(List.of(1, 2)) && fit[2] > fit[1] ? 2 : good.getFirst();
  }

  /** Those in lower case that begin two different replies: they alone do not say how to go on. */
  private Set<String> sharedDrafts() {
    Map<String, String> first = new HashMap<>();
    Set<String> shared = new HashSet<>();
    for (ValidationReply reply : replies) {
      String whole = Words.lower(reply.text.draft(reply.text.length()));
      for (int typed = 1; typed < reply.text.length(); typed++) {
        String draft = Words.lower(reply.text.draft(typed));
        if (!first.computeIfAbsent(draft, _ -> whole).equals(whole)) {
          shared.add(draft);
        }
      }
    }
    return shared;
  }

  /** At how many of the shared drafts the offer is what this agent went on to type. */
  private int fit(OfferPolicy policy, Set<String> shared) {
    int right = 0;
    for (ValidationReply reply : replies) {
      for (int typed = 1; typed < reply.text.length(); typed++) {
        String draft = reply.text.draft(typed);
        if (!shared.contains(Words.lower(draft))) {
          break;
        }
        reply.offers.restart();
        Optional<Suggestion> offer = reply.complete(draft, policy, policy.offers()::apply);
        if (offer.isPresent() && reply.text.isRight(typed, new Offer(new int[0], offer.get()))) {
          right++;
        }
      }
    }
    return right;
  }

  /** Of every second conversation. */
  private Calibrator half(int which) {
    Calibrator half = new Calibrator();
    half.conversations = conversations;
    half.tried = tried;
    replies.stream().filter(reply -> reply.conversation % 2 == which).forEach(half.replies::add);
    return half;
  }

  private static boolean isAsGood(double[] costs, double[] best) {
    double[] more = IntStream.range(0, best.length).mapToDouble(i -> costs[i] - best[i]).toArray();
    double sum = Arrays.stream(more).sum();
    double mean = sum / more.length;
    double squares = Arrays.stream(more).map(one -> (one - mean) * (one - mean)).sum();
    return sum <= STANDARD_ERRORS * Math.sqrt(squares);
  }

  /** What each reply costs to type under each policy; all have one scale of offers. */
  private double[][] costs(List<OfferPolicy> policies, OperatingPoint point) {
    double[][] ofReplies =
        replies.parallelStream()
            .map(
                reply -> {
                  double[] costs = reply.costs(policies, point);
                  policies.forEach(_ -> tried.run());
                  return costs;
                })
            .toArray(double[][]::new);
    return IntStream.range(0, policies.size())
        .mapToObj(i -> Arrays.stream(ofReplies).mapToDouble(costs -> costs[i]).toArray())
        .toArray(double[][]::new);
  }

  private OfferPolicy inline(OfferScale offers, OperatingPoint point) {
    OfferPolicy free = OfferPolicy.of(offers, PlattScale.IDENTITY, point.read());
    return best(
        free::withWrongOffer,
        tried ->
            Arrays.stream(costs(tried, point))
                .mapToDouble(all -> Arrays.stream(all).sum())
                .toArray(),
        AS_GOOD * characters());
  }

  /**
   * Of the costs of a wrong text the highest under which replies cost hardly more than under the
   * best: what nobody misses is not shown.
   *
   * @param costsOf what replies cost under each of several policies
   * @param asGood a difference in cost that nobody notices
   */
  static OfferPolicy best(
      DoubleFunction<OfferPolicy> policies,
      Function<List<OfferPolicy>, double[]> costsOf,
      double asGood) {
    List<OfferPolicy> tried = WRONG.stream().map(policies::apply).toList();
    double[] costs = costsOf.apply(tried);
    double most = Arrays.stream(costs).min().orElseThrow() + asGood;
    return IntStream.range(0, costs.length)
        .filter(i -> costs[i] <= most)
        .mapToObj(tried::get)
        .toList()
        .getLast();
  }

  private long characters() {
    return replies.stream().mapToLong(reply -> reply.text.length()).sum();
  }

  /** Half of the agents see an offer at once, the others need a key's time. */
  private static List<Rule> rules(OperatingPoint point) {
    return List.of(
        new Rule("net", false, Rule.NET.accept(), point.read(), point.read()),
        new Rule("steady", true, Rule.NET.accept(), point.read(), point.read()));
  }

  /** What is displayed under the policy, each once, and whether it was right. */
  private List<Outcome> shown(OfferPolicy policy) {
    List<Outcome> outcomes = new ArrayList<>();
    for (ValidationReply reply : replies) {
      reply.type(
          policy,
          Rule.NET,
          (position, offer, stood, taken) -> {
            if (!stood) {
              outcomes.add(new Outcome(offer.score(), reply.text.isRight(position, offer)));
            }
          });
    }
    return outcomes;
  }

  /**
   * What the replies cost with whole replies shown before typing.
   *
   * @param typing what each costs to type
   */
  private double cost(
      ReplyRanking ranking, OfferPolicy policy, double[] typing, OperatingPoint point) {
    double cost = 0;
    for (int i = 0; i < typing.length; i++) {
      ValidationReply reply = replies.get(i);
      List<Suggestion> shown = ranking.worthShowing(reply.whole, EvaluationSettings.SHOWN, policy);
      boolean taken = shown.stream().anyMatch(reply.text::isSaidBy);
      cost += point.read() * shown.size() + (taken ? Rule.NET.accept() : typing[i]);
    }
    return cost;
  }

  /** Those that the policy shows, with the probability of the policy. */
  private List<Outcome> shownReplies(ReplyRanking ranking, OfferPolicy policy) {
    List<Outcome> outcomes = new ArrayList<>();
    for (ValidationReply reply : replies) {
      for (Suggestion shown : ranking.worthShowing(reply.whole, EvaluationSettings.SHOWN, policy)) {
        outcomes.add(new Outcome(shown.score(), reply.text.isSaidBy(shown)));
      }
    }
    return outcomes;
  }
}
