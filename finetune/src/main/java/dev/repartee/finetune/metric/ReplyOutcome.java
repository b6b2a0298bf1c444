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
 * @param gains what offers spared under the first of the rules
 * @param likelihood where the predictor can tell
 */
record ReplyOutcome(
    ReplyPosition position,
    int characters,
    boolean suggestionTaken,
    boolean amongFirst,
    List<Rule.Cost> costs,
    List<Gain> gains,
    Optional<LogLikelihood> likelihood) {

  /**
   * Where a reply stands.
   *
   * @param conversation index of its conversation
   * @param agentId who wrote it, where known
   * @param domain of the conversation, where known
   */
  record ReplyPosition(int conversation, Optional<String> agentId, Optional<String> domain) {}

  /**
   * What an offer spared.
   *
   * @param position characters that stood before it
   * @param keystrokes negative where it was only read
   */
  record Gain(int position, double keystrokes) {}

  int conversation() {
    return position.conversation();
  }

  /** What offers at characters {@code from} to {@code to}, from 1 on, spared, in keystrokes. */
  double savedWithin(int from, int to) {
    return gains.stream()
        .filter(gain -> gain.position() >= from - 1 && gain.position() < to)
        .mapToDouble(Gain::keystrokes)
        .sum();
  }

  /** What the rule at {@code index} of the settings spared, in keystrokes. */
  double saved(int index, Rule rule) {
    return characters - costs.get(index).total(rule);
  }
}
