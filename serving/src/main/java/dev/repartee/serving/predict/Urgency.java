package dev.repartee.serving.predict;

import java.time.Duration;

/**
 * What a request asks for, which decides how soon its answer is of use and how many of the threads
 * may look for such answers at once. Of two that wait, the one that is due first goes first. An
 * agent reads a new message for seconds, so its answer is never too late, and what waits for long
 * is due before all newer requests: a service with too much to do leaves out keys within words
 * first, and messages last.
 */
enum Urgency {
  /** A conversation that is to be read, which takes many times as long as the others. */
  MESSAGE(150, false),
  /** The first key of a word, or what follows one. */
  COMPLETION(120, true),
  /** A key within a word: most agents type the next one within 200 ms. */
  KEY(60, true),
  /** A text that is to be redacted, without the model. */
  REDACTION(150, false);

  private final Duration deadline;
  private final boolean canBeLate;

  Urgency(int deadlineMs, boolean canBeLate) {
    this.deadline = Duration.ofMillis(deadlineMs);
    this.canBeLate = canBeLate;
  }

  /** By what is typed, once the conversation has been read. */
  static Urgency of(String draft) {
    if (draft.isEmpty()) {
      return MESSAGE;
    }
    return Character.isWhitespace(draft.codePointBefore(draft.length())) ? COMPLETION : KEY;
  }

  /** How long after its arrival it is due. */
  Duration deadline() {
    return deadline;
  }

  /** Whether nobody waits for the answer after the deadline. */
  boolean canBeLate() {
    return canBeLate;
  }

  /** How many of so many threads may be at work for its kind at once. */
  int most(int threads) {
    return switch (this) {
      case MESSAGE -> Math.ceilDiv(threads, 2);
      case KEY -> threads / 2;
      case COMPLETION, REDACTION -> threads;
    };
  }
}
