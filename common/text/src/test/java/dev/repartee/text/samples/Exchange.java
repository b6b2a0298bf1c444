package dev.repartee.text.samples;

import static java.util.Objects.requireNonNull;

/** A customer's question and the answer that fits it. */
record Exchange(String question, String answer) {

  private static final String ARROW = " => ";

  Exchange {
    requireNonNull(question, "question is null");
    requireNonNull(answer, "answer is null");
  }

  /** Reads {@code question => answer}. */
  static Exchange parse(String line) {
    int arrow = line.indexOf(ARROW);
    if (arrow < 0) {
      throw new IllegalArgumentException("expected 'question => answer' but found: " + line);
    }
    return new Exchange(
        line.substring(0, arrow).strip(), line.substring(arrow + ARROW.length()).strip());
  }
}
