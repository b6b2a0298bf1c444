package dev.repartee.finetune.feedback;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.repartee.finetune.feedback.ReplySums.Count;
import dev.repartee.finetune.feedback.ReplySums.Estimate;
import dev.repartee.finetune.feedback.ReplySums.Figure;
import dev.repartee.registry.feedback.FeedbackLog;
import dev.repartee.registry.feedback.FeedbackReader;
import dev.repartee.registry.feedback.FeedbackRecord;
import dev.repartee.registry.feedback.ReplyEvents;
import dev.repartee.registry.models.Experiment;
import dev.repartee.registry.models.Experiment.Arm;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.models.ModelVersion;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.text.Quantiles;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.apache.commons.numbers.gamma.LogGamma;
import tools.jackson.databind.EnumNamingStrategies;
import tools.jackson.databind.annotation.EnumNaming;

/**
 * What an experiment says. What decides is the active composing seconds of a conversation;
 * everything else stands beside it. {@code docs/feedback.md} describes the figures.
 *
 * <p>Intervals hold at every look. They are asymptotic confidence sequences (Waudby-Smith, Arbour,
 * Sinha, Kennedy and Ramdas, 2024, Annals of Statistics 52), the normal mixture of Robbins (1970)
 * with estimated variances: with a probability of at least 95% none of them, however often one
 * looks, leaves out the true difference. So an experiment may be looked at, and stopped, at any
 * time after its smallest number of conversations.
 *
 * @param experiment as it was started
 * @param measuredAt when feedback was read
 * @param conversations in all arms
 * @param sampleRatioP a p value of the numbers of conversations in the arms that holds at every
 *     look, see {@link #sampleRatio}
 * @param invalid why the figures say nothing; empty where they do
 * @param verdict of the first comparison
 * @param comparisons with what decides first
 */
public record ExperimentResult(
    Experiment experiment,
    Instant measuredAt,
    long conversations,
    double sampleRatioP,
    List<String> invalid,
    Verdict verdict,
    List<ArmComparison> comparisons,
    List<ArmFigures> arms) {

  /** One in this many intervals may leave out the true difference at some look. */
  private static final double ALPHA = 0.05;

  /**
   * The mixture's variance over that of the estimate, where the interval is narrowest: the solution
   * of {@code x = ln(1 + x) + 2 ln(1 / ALPHA)}.
   */
  private static final double NARROWEST = 8.211968062068253;

  /** Longer conversations count as this quantile of all arms together. */
  private static final double WINSORISED = 0.99;

  /** Below this probability, conversations did not fall to the arms by their shares. */
  private static final double UNLIKELY = 0.001;

  /**
   * Of the prior of the arms' shares, in conversations: large enough that shares of 53% and 47%
   * instead of halves are found in 5,000 conversations, for which 200 to 500 are about equal.
   */
  private static final double CONCENTRATION = 300;

  /** More replies that were not made as the arm says invalidate the experiment. */
  private static final double MOST_OTHERWISE = 0.05;

  /** So much a guard may move: percent of the other arm's, or points of a share. */
  private static final double GUARD = 5;

  /** What is decided. */
  @EnumNaming(EnumNamingStrategies.SnakeCaseStrategy.class)
  public enum Verdict {
    /** There are not enough conversations yet. */
    COLLECTING,
    /** The figures must not be used. */
    INVALID,
    /** It saves time. */
    SAVES,
    /** It costs time. */
    COSTS,
    /** The interval has 0 in it. */
    UNDECIDED
  }

  /** The figures of an arm; those that are not known are missing. */
  public record ArmFigures(
      String arm,
      long conversations,
      long replies,
      Optional<Double> secondsPerConversation,
      Optional<Double> net,
      @JsonProperty("seconds_per_100_characters") Optional<Double> per100Characters,
      Optional<Double> charactersPerReply,
      Optional<Double> repliesPerConversation,
      Optional<Double> edited,
      long otherwise) {}

  /**
   * An arm compared with another. Differences are the arm's figure less the other's, except for
   * what is saved.
   *
   * @param secondsSaved per conversation
   * @param net points that more is saved
   * @param per100Characters seconds saved per 100 characters
   * @param guards what must not move
   * @param moved the guards that did
   */
  public record ArmComparison(
      String arm,
      String against,
      Optional<ArmDifference> secondsSaved,
      Optional<ArmDifference> net,
      @JsonProperty("seconds_saved_per_100_characters") Optional<ArmDifference> per100Characters,
      Guards guards,
      List<String> moved) {}

  /** What must not move: a reply that got shorter is faster written, and may help less. */
  public record Guards(
      Optional<ArmDifference> charactersPerReply,
      Optional<ArmDifference> repliesPerConversation,
      Optional<ArmDifference> edited) {}

  /** A difference, and an interval that holds at every look. */
  public record ArmDifference(double difference, double low, double high) {

    /** With the other sign: what is saved is what is less. */
    private ArmDifference saved() {
      return new ArmDifference(-difference, -high, -low);
    }
  }

  public ExperimentResult {
    invalid = List.copyOf(invalid);
    comparisons = List.copyOf(comparisons);
    arms = List.copyOf(arms);
  }

  public ArmFigures figures(String arm) {
    return arms.stream().filter(one -> one.arm().equals(arm)).findFirst().orElseThrow();
  }

  /** What decides. */
  public ArmComparison primary() {
    return comparisons.getFirst();
  }

  /**
   * Counts an experiment's feedback in a store, of which there may be none yet.
   *
   * @throws dev.repartee.text.UserException when it cannot be read
   */
  public static ExperimentResult measure(ObjectStore store, Experiment experiment, Instant now) {
    ModelRegistry models = new ModelRegistry(store);
    Map<String, String> trained = new ConcurrentHashMap<>();
    UnaryOperator<String> ancestor =
        version -> trained.computeIfAbsent(version, _ -> ancestor(models, experiment, version));
    Outcomes outcomes = new Outcomes(experiment, ancestor);
    new FeedbackReader(store, Runtime.getRuntime().availableProcessors())
        .read(
            experiment.model(),
            FeedbackLog.day(experiment.started()),
            LocalDate.MAX,
            () -> new Outcomes(experiment, ancestor),
            outcomes::merge);
    return of(outcomes, now);
  }

  /** The number of the version that was trained; empty for a version that is removed. */
  private static String ancestor(ModelRegistry models, Experiment experiment, String version) {
    if (!version.matches("[1-9][0-9]{0,8}")) {
      return version;
    }
    ModelVersion named = new ModelVersion(experiment.model(), Integer.parseInt(version));
    return models.versions(named.model()).contains(named)
        ? models.describe(named).manifest().builtOn().map(String::valueOf).orElse(version)
        : "";
  }

  static ExperimentResult of(Outcomes outcomes, Instant now) {
    Experiment experiment = outcomes.experiment;
    List<ArmReplies> arms = List.copyOf(outcomes.arms.values());
    Figure seconds = secondsPerConversation(arms);
    long[] counts = arms.stream().mapToLong(arm -> arm.conversations.size()).toArray();
    long conversations = Arrays.stream(counts).sum();
    double p = sampleRatio(counts, arms.stream().mapToDouble(one -> one.arm.share()).toArray());
    List<String> invalid = new ArrayList<>();
    if (p < UNLIKELY) {
      invalid.add(
          String.format(
              Locale.ROOT,
              "conversations do not fall to the arms by their shares (p = %.2g): some feedback is"
                  + " lost, or not all services follow the experiment",
              p));
    }
    for (ArmReplies arm : arms) {
      if (arm.otherwise > MOST_OTHERWISE * arm.replies()) {
        invalid.add(
            "%d of %d replies of arm %s name another version, or had suggestions in the control group"
                .formatted(arm.otherwise, arm.replies(), arm.arm.name()));
      }
    }
    // Arms that suggest are compared with the baseline, and the baseline with the control group.
    ArmReplies baseline = arms.getFirst();
    List<ArmComparison> comparisons =
        arms.stream()
            .skip(1)
            .map(
                arm ->
                    arm.arm.suggests()
                        ? new ArmPair(arm, baseline, experiment.minConversations())
                        : new ArmPair(baseline, arm, experiment.minConversations()))
            .map(pair -> pair.compare(seconds))
            .toList();
    return new ExperimentResult(
        experiment,
        now,
        conversations,
        p,
        invalid,
        verdict(
            conversations >= experiment.minConversations(),
            invalid.isEmpty(),
            comparisons.getFirst().secondsSaved()),
        comparisons,
        arms.stream().map(arm -> arm.figures(seconds)).toList());
  }

  private static Verdict verdict(boolean enough, boolean valid, Optional<ArmDifference> saved) {
    if (!enough) {
      return Verdict.COLLECTING;
    }
    if (!valid) {
      return Verdict.INVALID;
    }
    if (saved.filter(difference -> difference.low() > 0).isPresent()) {
      return Verdict.SAVES;
    }
    return saved.filter(difference -> difference.high() < 0).isPresent()
        ? Verdict.COSTS
        : Verdict.UNDECIDED;
  }

  /** The time of a conversation; no longer than all but the longest of all arms together. */
  private static Figure secondsPerConversation(List<ArmReplies> arms) {
    long[] all =
        arms.stream()
            .flatMap(arm -> arm.conversations.values().stream())
            .filter(sums -> sums.get(Count.TIMED) > 0)
            .mapToLong(sums -> sums.get(Count.COMPOSING_MS))
            .sorted()
            .toArray();
    long longest = Quantiles.nearestRank(all, WINSORISED);
    return new Figure(
        sums -> Math.min(longest, sums.get(Count.COMPOSING_MS)) / 1000.0,
        sums -> sums.get(Count.TIMED) > 0 ? 1 : 0);
  }

  /**
   * A test that holds at every look (Lindon and Malek, "Anytime-Valid Inference for Multinomial
   * Count Data", NeurIPS 2022). The Bayes factor compares a Dirichlet prior around the shares with
   * the shares themselves. If conversations fall by the shares, the probability that it ever
   * exceeds {@code 1 / alpha} is at most {@code alpha}.
   *
   * @param counts conversations of each arm
   * @param shares expected of each arm
   * @return 1 over the Bayes factor, at most 1
   */
  static double sampleRatio(long[] counts, double[] shares) {
    double logFactor =
        LogGamma.value(CONCENTRATION) - LogGamma.value(CONCENTRATION + Arrays.stream(counts).sum());
    for (int i = 0; i < counts.length; i++) {
      double prior = CONCENTRATION * shares[i];
      logFactor +=
          LogGamma.value(prior + counts[i])
              - LogGamma.value(prior)
              - counts[i] * Math.log(shares[i]);
    }
    return Math.min(1, Math.exp(-logFactor));
  }

  /** The conversations of an arm. */
  private static final class ArmReplies {
    private final Arm arm;
    private final Map<Long, ReplySums> conversations = new HashMap<>();
    private long otherwise; // replies, see isOtherwise

    ArmReplies(Arm arm) {
      this.arm = arm;
    }

    private long replies() {
      return conversations.values().stream().mapToLong(sums -> sums.get(Count.REPLIES)).sum();
    }

    private double value(Figure figure) {
      return figure.estimate(conversations.values()).value();
    }

    private Optional<Double> known(Figure figure) {
      return Optional.of(value(figure)).filter(Double::isFinite);
    }

    ArmFigures figures(Figure secondsPerConversation) {
      return new ArmFigures(
          arm.name(),
          conversations.size(),
          replies(),
          known(secondsPerConversation),
          known(Figure.NET),
          known(Figure.SECONDS_PER_100_CHARACTERS),
          known(Figure.CHARACTERS_PER_REPLY),
          known(Figure.REPLIES_PER_CONVERSATION),
          known(Figure.EDITED),
          otherwise);
    }
  }

  /** Two arms that are compared. */
  private record ArmPair(ArmReplies sample, ArmReplies other, int minConversations) {

    ArmComparison compare(Figure secondsPerConversation) {
      Guards guards =
          new Guards(
              difference(Figure.CHARACTERS_PER_REPLY),
              difference(Figure.REPLIES_PER_CONVERSATION),
              difference(Figure.EDITED));
      List<String> moved = new ArrayList<>();
      double percent = GUARD / 100;
      if (hasMoved(guards.charactersPerReply, percent * other.value(Figure.CHARACTERS_PER_REPLY))) {
        moved.add("characters_per_reply");
      }
      if (hasMoved(
          guards.repliesPerConversation, percent * other.value(Figure.REPLIES_PER_CONVERSATION))) {
        moved.add("replies_per_conversation");
      }
      if (hasMoved(guards.edited, GUARD)) {
        moved.add("edited");
      }
      return new ArmComparison(
          sample.arm.name(),
          other.arm.name(),
          difference(secondsPerConversation).map(ArmDifference::saved),
          difference(Figure.NET),
          difference(Figure.SECONDS_PER_100_CHARACTERS).map(ArmDifference::saved),
          guards,
          moved);
    }

    /** Whether it is shown that a figure moved by more. */
    private static boolean hasMoved(Optional<ArmDifference> difference, double most) {
      return difference.filter(one -> one.low() > most || one.high() < -most).isPresent();
    }

    /** Empty where an arm has too few conversations for a variance. */
    private Optional<ArmDifference> difference(Figure figure) {
      Estimate ours = figure.estimate(sample.conversations.values());
      Estimate theirs = figure.estimate(other.conversations.values());
      double difference = ours.value() - theirs.value();
      double half = Math.sqrt(ours.variance() + theirs.variance()) * width();
      return ours.variance() > 0 && theirs.variance() > 0 && Double.isFinite(half)
          ? Optional.of(new ArmDifference(difference, difference - half, difference + half))
          : Optional.empty();
    }

    /** Half the interval's width in standard errors: it is narrowest at the smallest number. */
    private double width() {
      double planned = minConversations * harmonic(sample.arm.share(), other.arm.share());
      double found = harmonic(sample.conversations.size(), other.conversations.size());
      double x = NARROWEST * found / planned;
      return Math.sqrt((1 + 1 / x) * (Math.log1p(x) - 2 * Math.log(ALPHA)));
    }

    private static double harmonic(double a, double b) {
      return a * b / (a + b);
    }
  }

  /**
   * What became of the conversations of an experiment: the sums of each, by its arm, since
   * conversations are what is assigned. Replies without an arm, and those of other experiments, are
   * left out. Not for several threads.
   */
  static final class Outcomes implements FeedbackReader.Counter {

    private final Experiment experiment;
    private final UnaryOperator<String> ancestor;
    private final Map<String, ArmReplies> arms = new LinkedHashMap<>();

    /** Where no version is built on another. */
    Outcomes(Experiment experiment) {
      this(experiment, UnaryOperator.identity());
    }

    /**
     * @param ancestor of a version, by numbers: an arm names weights
     */
    Outcomes(Experiment experiment, UnaryOperator<String> ancestor) {
      this.experiment = experiment;
      this.ancestor = ancestor;
      experiment.arms().forEach(arm -> arms.put(arm.name(), new ArmReplies(arm)));
    }

    @Override
    public void add(FeedbackRecord reply, LocalDate day) {
      reply
          .events()
          .flatMap(ReplyEvents::experiment)
          .filter(assigned -> assigned.id().equals(experiment.id()))
          .map(assigned -> arms.get(assigned.arm()))
          .map(replies -> replies.arm)
          .ifPresent(
              arm ->
                  add(
                      arm,
                      Tallies.conversation(reply),
                      ReplySums.of(reply),
                      isOtherwise(arm, reply)));
    }

    /**
     * Another version or operating point answered, as the front end says, or something was
     * suggested to the control group: a few replies at the start, and otherwise a fault. Agents who
     * turned suggestions off, or look for an answer themselves, are none.
     */
    private boolean isOtherwise(Arm arm, FeedbackRecord reply) {
      boolean suggested = reply.displays() > 0 || (!reply.shown().isEmpty() && !reply.searched());
      if (!arm.suggests()) {
        return suggested;
      }
      boolean answered =
          suggested || reply.events().flatMap(ReplyEvents::suggestionsId).isPresent();
      return answered
          && (!isOf(arm, reply.model().version())
              || arm.operatingPoint().filter(point -> reply.isShownAtOtherThan(point)).isPresent());
    }

    /** Of the versions that services can have, {@code gc} removes builds alone. */
    private boolean isOf(Arm arm, String version) {
      String wanted = Integer.toString(arm.version());
      String trained = version.equals(wanted) ? "" : ancestor.apply(version);
      return trained.isEmpty() || trained.equals(ancestor.apply(wanted));
    }

    /**
     * Adds to a conversation.
     *
     * @param conversation a hash
     * @param otherwise whether it was not made as the arm says
     */
    void add(Arm arm, long conversation, ReplySums sums, boolean otherwise) {
      ArmReplies replies = arms.get(arm.name());
      Tallies.merge(replies.conversations, conversation, sums);
      replies.otherwise += otherwise ? sums.get(Count.REPLIES) : 0;
    }

    /** Takes what another one counted. */
    void merge(Outcomes other) {
      other.arms.forEach(
          (name, theirs) -> {
            ArmReplies ours = arms.get(name);
            ours.otherwise += theirs.otherwise;
            theirs.conversations.forEach(
                (conversation, sums) -> Tallies.merge(ours.conversations, conversation, sums));
          });
    }
  }
}
