package dev.repartee.finetune.feedback;

import static dev.repartee.finetune.feedback.Tallies.Count.CHARACTERS;
import static dev.repartee.finetune.feedback.Tallies.Count.COMPOSING_MS;
import static dev.repartee.finetune.feedback.Tallies.Count.DETAILED_CHARACTERS;
import static dev.repartee.finetune.feedback.Tallies.Count.EDITED;
import static dev.repartee.finetune.feedback.Tallies.Count.REPLIES;
import static dev.repartee.finetune.feedback.Tallies.Count.TIMED;
import static dev.repartee.finetune.feedback.Tallies.Count.TIMED_CHARACTERS;
import static dev.repartee.finetune.feedback.Tallies.Count.USED;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.repartee.finetune.feedback.Tallies.Count;
import dev.repartee.registry.feedback.FeedbackLog;
import dev.repartee.registry.feedback.FeedbackReader;
import dev.repartee.registry.feedback.FeedbackRecord;
import dev.repartee.registry.feedback.ReplyEvents;
import dev.repartee.registry.feedback.ReplyEvents.Assignment;
import dev.repartee.registry.models.Experiment;
import dev.repartee.registry.models.Experiment.Arm;
import dev.repartee.registry.store.ObjectStore;
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
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.apache.commons.numbers.gamma.LogGamma;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

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
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
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
  private static final double NARROWEST = narrowest();

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
  public enum Verdict {
    /** There are not enough conversations yet. */
    @JsonProperty("collecting")
    COLLECTING,
    /** The figures must not be used. */
    @JsonProperty("invalid")
    INVALID,
    /** It saves time. */
    @JsonProperty("saves")
    SAVES,
    /** It costs time. */
    @JsonProperty("costs")
    COSTS,
    /** The interval has 0 in it. */
    @JsonProperty("undecided")
    UNDECIDED
  }

  /** The figures of an arm; those that are not known are missing. */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
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
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record ArmComparison(
      String arm,
      String against,
      Optional<ArmDifference> secondsSaved,
      Optional<ArmDifference> net,
      @JsonProperty("seconds_saved_per_100_characters") Optional<ArmDifference> per100Characters,
      Guards guards,
      List<String> moved) {

    public ArmComparison {
      moved = List.copyOf(moved);
    }
  }

  /** What must not move: a reply that got shorter is faster written, and may help less. */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
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

  /** The figures of an arm. */
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
    Outcomes outcomes = new Outcomes(experiment);
    new FeedbackReader(store, Runtime.getRuntime().availableProcessors())
        .read(
            experiment.model(),
            FeedbackLog.day(experiment.started()),
            LocalDate.MAX,
            () -> new Outcomes(experiment),
            outcomes::merge);
    return of(outcomes, now);
  }

  static ExperimentResult of(Outcomes outcomes, Instant now) {
    Experiment experiment = outcomes.experiment;
    List<ArmSample> samples = new ArrayList<>();
    for (Arm arm : experiment.arms()) {
      samples.add(new ArmSample(arm, outcomes.arms.get(arm.name())));
    }
    double longest = longest(samples);
    samples.forEach(sample -> sample.longest = longest);
    long conversations = samples.stream().mapToLong(sample -> sample.counts.length).sum();
    double p =
        sampleRatio(
            samples.stream().mapToLong(sample -> sample.counts.length).toArray(),
            samples.stream().mapToDouble(sample -> sample.arm.share()).toArray());
    List<String> invalid = new ArrayList<>();
    if (p < UNLIKELY) {
      invalid.add(
          String.format(
              Locale.ROOT,
              "conversations do not fall to the arms by their shares (p = %.2g): some feedback is"
                  + " lost, or not all services follow the experiment",
              p));
    }
    for (ArmSample sample : samples) {
      if (sample.otherwise > MOST_OTHERWISE * sample.replies()) {
        invalid.add(
            "%d of %d replies of arm %s name another version, or had suggestions in the control group"
                .formatted(sample.otherwise, sample.replies(), sample.arm.name()));
      }
    }
    List<ArmComparison> comparisons = comparisons(experiment, samples);
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
        samples.stream().map(ArmSample::figures).toList());
  }

  /** The iteration contracts by 9 each time. */
  static double narrowest() {
    double x = 2 * Math.log(1 / ALPHA);
    for (int i = 0; i < 30; i++) {
      x = Math.log1p(x) + 2 * Math.log(1 / ALPHA);
    }
    return x;
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

  /** Arms that suggest with the baseline, and the baseline with the control group. */
  private static List<ArmComparison> comparisons(Experiment experiment, List<ArmSample> samples) {
    List<ArmComparison> comparisons = new ArrayList<>();
    for (ArmSample sample : samples.subList(1, samples.size())) {
      comparisons.add(
          sample.arm.suggests()
              ? compare(sample, samples.getFirst(), experiment)
              : compare(samples.getFirst(), sample, experiment));
    }
    return comparisons;
  }

  private static ArmComparison compare(ArmSample sample, ArmSample other, Experiment experiment) {
    ArmPair pair = new ArmPair(sample, other, experiment.minConversations());
    Guards guards =
        new Guards(
            pair.of(ArmSample::charactersPerReply),
            pair.of(ArmSample::repliesPerConversation),
            pair.of(ArmSample::edited));
    List<String> moved = new ArrayList<>();
    if (hasMoved(guards.charactersPerReply, other.charactersPerReply().value * GUARD / 100)) {
      moved.add("characters_per_reply");
    }
    if (hasMoved(
        guards.repliesPerConversation, other.repliesPerConversation().value * GUARD / 100)) {
      moved.add("replies_per_conversation");
    }
    if (hasMoved(guards.edited, GUARD)) {
      moved.add("edited");
    }
    return new ArmComparison(
        sample.arm.name(),
        other.arm.name(),
        pair.of(ArmSample::secondsPerConversation).map(ArmDifference::saved),
        pair.of(ArmSample::net),
        pair.of(ArmSample::per100Characters).map(ArmDifference::saved),
        guards,
        moved);
  }

  /** Whether it is shown that a figure moved by more. */
  private static boolean hasMoved(Optional<ArmDifference> difference, double most) {
    return difference.filter(one -> one.low() > most || one.high() < -most).isPresent();
  }

  private static double longest(List<ArmSample> samples) {
    double[] all =
        samples.stream()
            .flatMap(sample -> Arrays.stream(sample.counts))
            .filter(counts -> counts[TIMED.index()] > 0)
            .mapToDouble(counts -> counts[COMPOSING_MS.index()])
            .sorted()
            .toArray();
    return all.length == 0 ? 0 : all[(int) Math.ceil(WINSORISED * all.length) - 1];
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

  /** A figure of an arm, and the variance of its estimate; without a value where it has none. */
  private record Estimate(double value, double variance) {

    private boolean isKnown() {
      return Double.isFinite(value) && Double.isFinite(variance) && variance > 0;
    }
  }

  /** The conversations of an arm. */
  private static final class ArmSample {
    private final Arm arm;
    private final long[][] counts;
    private final long otherwise;
    private double longest;

    ArmSample(Arm arm, Outcomes.ArmOutcomes outcomes) {
      this.arm = arm;
      this.counts = outcomes.conversations.values().toArray(long[][]::new);
      this.otherwise = outcomes.otherwise;
    }

    private long replies() {
      return Arrays.stream(counts).mapToLong(one -> one[REPLIES.index()]).sum();
    }

    /** A ratio of sums and its variance over conversations, by linearization (Cochran 1977). */
    private Estimate ratio(ToDoubleFunction<long[]> of, ToDoubleFunction<long[]> per) {
      int n = 0;
      double x = 0;
      double y = 0;
      double xx = 0;
      double xy = 0;
      double yy = 0;
      for (long[] conversation : counts) {
        double size = per.applyAsDouble(conversation);
        if (size > 0) {
          double value = of.applyAsDouble(conversation);
          n++;
          x += size;
          y += value;
          xx += size * size;
          xy += size * value;
          yy += value * value;
        }
      }
      double ratio = y / x;
      double squares = yy - 2 * ratio * xy + ratio * ratio * xx; // of y - ratio * x
      double mean = x / n;
      return new Estimate(ratio, squares / (n - 1) / n / (mean * mean));
    }

    private static ToDoubleFunction<long[]> count(Count count, double scale) {
      int index = count.index();
      return counts -> scale * counts[index];
    }

    Estimate secondsPerConversation() {
      return ratio(
          counts -> Math.min(longest, (double) counts[COMPOSING_MS.index()]) / 1000,
          counts -> counts[TIMED.index()] > 0 ? 1 : 0);
    }

    Estimate net() {
      return ratio(counts -> 100 * Tallies.saved(counts), count(DETAILED_CHARACTERS, 1));
    }

    Estimate per100Characters() {
      return ratio(count(COMPOSING_MS, 0.1), count(TIMED_CHARACTERS, 1));
    }

    Estimate charactersPerReply() {
      return ratio(count(CHARACTERS, 1), count(REPLIES, 1));
    }

    Estimate repliesPerConversation() {
      return ratio(count(REPLIES, 1), _ -> 1);
    }

    Estimate edited() {
      return ratio(count(EDITED, 100), count(USED, 1));
    }

    ArmFigures figures() {
      return new ArmFigures(
          arm.name(),
          counts.length,
          replies(),
          known(secondsPerConversation()),
          known(net()),
          known(per100Characters()),
          known(charactersPerReply()),
          known(repliesPerConversation()),
          known(edited()),
          otherwise);
    }

    private static Optional<Double> known(Estimate estimate) {
      return Double.isFinite(estimate.value) ? Optional.of(estimate.value) : Optional.empty();
    }
  }

  /** Two arms that are compared. */
  private record ArmPair(ArmSample sample, ArmSample other, int minConversations) {

    Optional<ArmDifference> of(Function<ArmSample, Estimate> figure) {
      Estimate ours = figure.apply(sample);
      Estimate theirs = figure.apply(other);
      if (!ours.isKnown() || !theirs.isKnown()) {
        return Optional.empty();
      }
      double difference = ours.value - theirs.value;
      double half = Math.sqrt(ours.variance + theirs.variance) * width();
      return Optional.of(new ArmDifference(difference, difference - half, difference + half));
    }

    /** Half the interval's width in standard errors: it is narrowest at the smallest number. */
    private double width() {
      double planned = minConversations * harmonic(sample.arm.share(), other.arm.share());
      double x = NARROWEST * harmonic(sample.counts.length, other.counts.length) / planned;
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
    private final Map<String, ArmOutcomes> arms = new LinkedHashMap<>();

    /** Of one arm. */
    private static final class ArmOutcomes {
      private final Map<Long, long[]> conversations = new HashMap<>(); // sums, by Count
      private long otherwise; // replies, see isOtherwise
    }

    Outcomes(Experiment experiment) {
      this.experiment = experiment;
      experiment.arms().forEach(arm -> arms.put(arm.name(), new ArmOutcomes()));
    }

    @Override
    public void add(FeedbackRecord reply, LocalDate day) {
      Optional<Assignment> assigned = reply.events().flatMap(events -> events.experiment());
      if (assigned.filter(one -> one.id().equals(experiment.id())).isPresent()) {
        experiment.arms().stream()
            .filter(arm -> arm.name().equals(assigned.get().arm()))
            .findFirst()
            .ifPresent(
                arm ->
                    add(
                        arm,
                        Tallies.conversation(reply),
                        Tallies.counts(reply),
                        isOtherwise(arm, reply)));
      }
    }

    /**
     * Another version or operating point answered, as the front end says, or something was
     * suggested to the control group: a few replies at the start, and otherwise a fault. Agents who
     * turned suggestions off, or look for an answer themselves, are none.
     */
    private static boolean isOtherwise(Arm arm, FeedbackRecord reply) {
      boolean suggested = reply.displays() > 0 || (!reply.shown().isEmpty() && !reply.searched());
      if (!arm.suggests()) {
        return suggested;
      }
      boolean answered =
          suggested || reply.events().flatMap(ReplyEvents::suggestionsId).isPresent();
      return answered
          && (!reply.model().version().equals(Integer.toString(arm.version()))
              || arm.operatingPoint().filter(point -> reply.isShownAtOtherThan(point)).isPresent());
    }

    /**
     * Adds to a conversation.
     *
     * @param conversation a hash
     * @param counts by {@link Count}
     * @param otherwise whether it was not made as the arm says
     */
    void add(Arm arm, long conversation, long[] counts, boolean otherwise) {
      ArmOutcomes outcomes = arms.get(arm.name());
      Tallies.merge(outcomes.conversations, conversation, counts);
      outcomes.otherwise += otherwise ? counts[Count.REPLIES.index()] : 0;
    }

    /** Takes what another one counted. */
    void merge(Outcomes other) {
      other.arms.forEach(
          (name, theirs) -> {
            ArmOutcomes ours = arms.get(name);
            ours.otherwise += theirs.otherwise;
            theirs.conversations.forEach(
                (conversation, counts) -> Tallies.merge(ours.conversations, conversation, counts));
          });
    }
  }
}
