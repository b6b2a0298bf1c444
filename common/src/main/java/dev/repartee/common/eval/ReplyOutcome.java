package dev.repartee.common.eval;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What happened at one agent message.
 *
 * @param conversation index of its conversation
 * @param agentId who wrote it, where known
 * @param characters of the reply, in code points
 * @param suggestionTaken whether it was among the suggestions shown
 * @param rank from 0, of the reply among the ranked answers, where it is among them
 * @param costs one a rule, in the order of the settings
 */
record ReplyOutcome(
    int conversation,
    Optional<String> agentId,
    int characters,
    boolean suggestionTaken,
    OptionalInt rank,
    List<SimulatedAgent.Cost> costs) {}
