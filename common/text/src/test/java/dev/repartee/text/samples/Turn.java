package dev.repartee.text.samples;

import java.util.List;

/** One step on the path from a customer's problem to its end. */
sealed interface Turn {

  /** The agent says one of these. */
  record AgentSays(Pool pool) implements Turn {}

  /** The customer says one of these. */
  record CustomerSays(Pool pool) implements Turn {}

  /** The customer asks some of these, or none, and the agent answers. */
  record Questions(List<Exchange> exchanges) implements Turn {
    public Questions {
      exchanges = List.copyOf(exchanges);
    }
  }
}
