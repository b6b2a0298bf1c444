package dev.repartee.finetune.feedback;

import dev.repartee.finetune.feedback.Tallies.Count;
import dev.repartee.registry.feedback.FeedbackReader;
import dev.repartee.registry.feedback.FeedbackRecord;
import dev.repartee.registry.feedback.ReplyEvents;
import dev.repartee.registry.feedback.ReplyEvents.Assignment;
import dev.repartee.registry.models.Experiment;
import dev.repartee.registry.models.Experiment.Arm;
import java.time.LocalDate;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What became of the conversations of an experiment: the sums of each, by its arm, since
 * conversations are what is assigned. Replies without an arm, and those of other experiments, are
 * left out. Not for several threads.
 */
final class Outcomes implements FeedbackReader.Counter {

  private final Experiment experiment;
  private final Map<String, ArmOutcomes> arms = new LinkedHashMap<>();

  /** Of one arm. */
  private static final class ArmOutcomes {
    private final Map<Long, long[]> conversations = new HashMap<>();
    private long otherwise;
  }

  Outcomes(Experiment experiment) {
    this.experiment = experiment;
    experiment.arms().forEach(arm -> arms.put(arm.name(), new ArmOutcomes()));
  }

  Experiment experiment() {
    return experiment;
  }

  /** The sums of an arm's conversations, by {@link Count}. */
  Collection<long[]> conversations(Arm arm) {
    return arms.get(arm.name()).conversations.values();
  }

  /** How many replies were not made as the arm says, see {@link #isOtherwise}. */
  long otherwise(Arm arm) {
    return arms.get(arm.name()).otherwise;
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
   * Another version or operating point answered, as the front end says, or something was suggested
   * to the control group: a few replies at the start, and otherwise a fault. Agents who turned
   * suggestions off, or look for an answer themselves, are none.
   */
  private static boolean isOtherwise(Arm arm, FeedbackRecord reply) {
    boolean suggested = reply.displays() > 0 || (!reply.shown().isEmpty() && !reply.searched());
    if (!arm.suggests()) {
      return suggested;
    }
    boolean answered = suggested || reply.events().flatMap(ReplyEvents::suggestionsId).isPresent();
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
