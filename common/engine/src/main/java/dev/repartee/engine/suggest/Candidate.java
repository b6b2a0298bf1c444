package dev.repartee.engine.suggest;

import dev.repartee.engine.memory.FilledText;
import dev.repartee.engine.memory.Memory;
import dev.repartee.engine.memory.Words;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/**
 * Something that might be offered.
 *
 * @param filled what would follow the draft, as the agent would see it
 * @param byModel the probability, by the model, that the reply goes on with exactly it and that its
 *     last word ends there; 0 where the model did not find it
 * @param byMemory the same by the words before it in replies of the {@link Memory}; empty where it
 *     did not find it
 * @param byReplies the same by the known replies to similar contexts; empty where none agrees with
 *     the draft
 * @param agreeing the probability of all known replies that agree with the draft; 0 where none does
 * @param letters of its first word that the draft holds already
 */
public record Candidate(
    FilledText filled,
    double byModel,
    OptionalDouble byMemory,
    OptionalDouble byReplies,
    double agreeing,
    int letters) {

  /** Shorter ones are not worth looking up for. */
  public static final int SHORTEST = 4;

  /** Less probable ones are not looked at. */
  private static final double LEAST = 0.05;

  /** A full stop or comma behind a blank, which nobody means to write. */
  private static final Pattern SLIP = Pattern.compile("\\s[.,](?=\\s|$)");

  /** A candidate without placeholders; all known replies agree with the draft, or none does. */
  public Candidate(
      String text,
      double byModel,
      OptionalDouble byMemory,
      OptionalDouble byReplies,
      String draft) {
    this(
        FilledText.of(text),
        byModel,
        byMemory,
        byReplies,
        byReplies.isPresent() ? 1 : 0,
        Words.lettersOfLastWord(draft));
  }

  /** Whether it may be offered. The scale of offers is learned from these alone. */
  public boolean isEligible() {
    return text().length() >= SHORTEST
        && !SLIP.matcher(text()).find()
        && byModel + byMemory.orElse(0) + byReplies.orElse(0) >= LEAST;
  }

  /** Whether counted words or known replies go on so. */
  boolean isCounted() {
    return byMemory.orElse(0) + byReplies.orElse(0) >= LEAST;
  }

  /** What would follow the draft, as the agent would see it. */
  public String text() {
    return filled.text();
  }
}
