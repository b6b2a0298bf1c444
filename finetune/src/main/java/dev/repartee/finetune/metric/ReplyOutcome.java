package dev.repartee.finetune.metric;

import dev.repartee.engine.suggest.LogLikelihood;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What happened at one agent message.
 *
 * @param place where it stands
 * @param characters of the reply, in code points
 * @param suggestionTaken whether it was among the suggestions shown
 * @param rank from 0, of the reply among the ranked answers, where it is among them
 * @param costs one a rule, in the order of the settings
 * @param likelihood where the predictor can tell
 */
record ReplyOutcome(
    Place place,
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
  record Place(int conversation, int number, Optional<String> agentId, Optional<String> domain) {}

  int conversation() {
    return place.conversation();
  }

  /** What the rule at {@code index} of the settings spared: neither typed nor paid by an action. */
  int saved(int index) {
    return characters - costs.get(index).total();
  }
}
