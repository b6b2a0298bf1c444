package dev.repartee.finetune.metric;

import dev.repartee.engine.suggest.ReplyLikelihood.LogLikelihood;
import java.util.List;
import java.util.Optional;

/**
 * What happened at one agent message.
 *
 * @param position where it stands
 * @param characters of the reply, in code points, and the keys of its typos
 * @param suggestionTaken whether it was among the suggestions shown
 * @param amongFirst whether it is one of the first three ranked, which may all be too improbable to
 *     be shown
 * @param costs one a rule, in the order of the settings
 * @param likelihood where the predictor can tell
 */
record ReplyOutcome(
    ReplyPosition position,
    int characters,
    boolean suggestionTaken,
    boolean amongFirst,
    List<Rule.Cost> costs,
    Optional<LogLikelihood> likelihood) {

  /**
   * Where a reply stands.
   *
   * @param conversation index of its conversation
   * @param agentId who wrote it, where known
   * @param domain of the conversation, where known
   */
  record ReplyPosition(int conversation, Optional<String> agentId, Optional<String> domain) {}

  int conversation() {
    return position.conversation();
  }

  /** What the rule at {@code index} of the settings spared, in keystrokes. */
  double saved(int index, Rule rule) {
    return characters - costs.get(index).total(rule);
  }
}
