package dev.repartee.clustering.review;

import static java.util.Objects.requireNonNull;

import dev.repartee.text.answers.Answer;
import java.util.Locale;

/**
 * One line for a person to decide about.
 *
 * @param decision what was decided so far
 * @param answer as the data has it, without what was decided
 * @param status how it compares with the last extraction
 */
public record ReviewRow(Decision decision, Answer answer, Status status) {

  /** How an answer compares with the last extraction. */
  public enum Status {
    /** Was not listed. */
    NEW,
    /** Says what it said, or what a person approved. */
    KEPT,
    /** Agents mostly word it in another way than was shown last time. */
    CHANGED,
    /** Not found in the data, or no longer as a cluster of its own. */
    GONE;

    /** As it stands in the file. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public ReviewRow {
    requireNonNull(decision, "decision is null");
    requireNonNull(answer, "answer is null");
    requireNonNull(status, "status is null");
  }
}
