package dev.repartee.common.eval;

import dev.repartee.common.eval.Evaluation.AgentSpread;
import dev.repartee.common.eval.Evaluation.Saving;
import dev.repartee.common.eval.Evaluation.Suggestions;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns what happened at every reply into figures. */
final class Scores {

  /** Agents with fewer messages are left out of the spread: their figures are mostly noise. */
  static final int LEAST_AGENT_MESSAGES = 30;

  private final List<ReplyOutcome> outcomes;
  private final long[] charactersOfConversation;
  private final long characters;
  private final long seed;

  Scores(List<ReplyOutcome> outcomes, int conversations, long seed) {
    this.outcomes = List.copyOf(outcomes);
    this.seed = seed;
    this.charactersOfConversation = new long[conversations];
    for (ReplyOutcome outcome : outcomes) {
      charactersOfConversation[outcome.conversation()] += outcome.characters();
    }
    this.characters = Arrays.stream(charactersOfConversation).sum();
  }

  long characters() {
    return characters;
  }

  Suggestions suggestions() {
    int taken = 0;
    long saved = 0;
    int first = 0;
    int firstThree = 0;
    double reciprocalRanks = 0;
    for (ReplyOutcome outcome : outcomes) {
      if (outcome.suggestionTaken()) {
        taken++;
        saved += outcome.characters() - 1;
      }
      if (outcome.rank().isPresent()) {
        int rank = outcome.rank().getAsInt();
        first += rank == 0 ? 1 : 0;
        firstThree += rank < TypedTextSaved.SHOWN ? 1 : 0;
        reciprocalRanks += 1.0 / (rank + 1);
      }
    }
    double replies = outcomes.size();
    return new Suggestions(
        taken,
        percent((double) saved / characters),
        percent(first / replies),
        percent(firstThree / replies),
        Math.round(1e4 * reciprocalRanks / replies) / 1e4);
  }

  /** The figures of the rule at {@code index} of the settings. */
  Saving saving(int index) {
    long typed = 0;
    long actions = 0;
    long suggestionsTaken = 0;
    long shown = 0;
    long[] costOfConversation = new long[charactersOfConversation.length];
    for (ReplyOutcome outcome : outcomes) {
      SimulatedAgent.Cost cost = outcome.costs().get(index);
      typed += cost.typed();
      actions += cost.actions();
      shown += cost.offersShown();
      suggestionsTaken += outcome.suggestionTaken() ? 1 : 0;
      costOfConversation[outcome.conversation()] += cost.typed() + cost.actions();
    }
    return new Saving(
        percent(1 - (double) (typed + actions) / characters),
        Bootstrap.interval(costOfConversation, charactersOfConversation, seed),
        typed,
        actions,
        shown,
        percent((double) (actions - suggestionsTaken) / Math.max(1, shown)),
        perAgent(index));
  }

  private static final class AgentTotals {
    private int messages;
    private long cost;
    private long characters;

    private double saved() {
      return 1 - (double) cost / characters;
    }
  }

  private Optional<AgentSpread> perAgent(int index) {
    Map<String, AgentTotals> totalsOfAgent = new HashMap<>();
    for (ReplyOutcome outcome : outcomes) {
      if (outcome.agentId().isPresent()) {
        AgentTotals totals =
            totalsOfAgent.computeIfAbsent(outcome.agentId().get(), unseen -> new AgentTotals());
        SimulatedAgent.Cost cost = outcome.costs().get(index);
        totals.messages++;
        totals.cost += cost.typed() + cost.actions();
        totals.characters += outcome.characters();
      }
    }
    double[] saved =
        totalsOfAgent.values().stream()
            .filter(totals -> totals.messages >= LEAST_AGENT_MESSAGES && totals.characters > 0)
            .mapToDouble(AgentTotals::saved)
            .sorted()
            .map(Scores::percent)
            .toArray();
    int n = saved.length;
    return n == 0
        ? Optional.empty()
        : Optional.of(
            new AgentSpread(
                n, saved[0], saved[n / 10], saved[n / 2], saved[9 * n / 10], saved[n - 1]));
  }

  /** A share as a percentage with two decimals. */
  static double percent(double share) {
    return Math.round(1e4 * share) / 1e2;
  }
}
