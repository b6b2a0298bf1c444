package dev.repartee.finetune.metric;

import dev.repartee.engine.suggest.ReplyLikelihood.LogLikelihood;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What happened at one agent message.
 *
 * @param position where it stands
 * @param characters of the reply, in code points
 * @param suggestionTaken whether it was among the suggestions shown
 * @param rank from 0, of the reply among the ranked answers, where it is among them
 * @param costs one a rule, in the order of the settings
 * @param likelihood where the predictor can tell
 */
record ReplyOutcome(
    ReplyPosition position,
    int characters,
    boolean suggestionTaken,
    OptionalInt rank,
    List<SimulatedAgent.Cost> costs,
    Optional<LogLikelihood> likelihood) {

  /**
   * Where a reply stands.
   *
   * @param conversation index of its conversation
   * @param number from 1, of the reply among the agent's messages of its conversation
   * @param agentId who wrote it, where known
   * @param domain of the conversation, where known
   */
  record ReplyPosition(
      int conversation, int number, Optional<String> agentId, Optional<String> domain) {}

  /** Whether it is one of the first three ranked, which may all be too improbable to be shown. */
  boolean isAmongFirst() {
    return rank.isPresent() && rank.getAsInt() < TypedTextSaved.SHOWN;
  }

  int conversation() {
    return position.conversation();
  }

  /** What the rule at {@code index} of the settings spared, in keystrokes. */
  double saved(int index, Rule rule) {
    return characters - costs.get(index).total(rule);
  }
}
