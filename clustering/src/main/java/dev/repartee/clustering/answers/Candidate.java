package dev.repartee.clustering.answers;

import static java.util.Objects.requireNonNull;

import dev.repartee.common.answers.Answer;

/**
 * A cluster as an answer, before it is known whether it is used widely enough.
 *
 * @param answer with all phrasings
 * @param characters length of all its messages, in UTF-16 units
 */
public record Candidate(Answer answer, long characters) {

  public Candidate {
    requireNonNull(answer, "answer is null");
  }
}
