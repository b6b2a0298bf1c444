package dev.repartee.text.samples;

import static java.util.Objects.requireNonNull;

import java.util.List;

/** One way in which an issue can go, from what the agent finds out to what is done about it. */
record Path(Ending ending, List<Turn> turns) {

  /** How the customer feels when the path is walked. */
  enum Ending {
    GOOD,
    BAD
  }

  Path {
    requireNonNull(ending, "ending is null");
    turns = List.copyOf(turns);
    if (turns.isEmpty() || !(turns.getLast() instanceof Turn.AgentSays)) {
      throw new IllegalArgumentException("a path must end with @agent, but ends otherwise");
    }
  }
}
