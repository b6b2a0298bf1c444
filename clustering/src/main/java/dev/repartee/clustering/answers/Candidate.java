package dev.repartee.clustering.answers;

import static java.util.Objects.requireNonNull;

import dev.repartee.text.answers.Answer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A cluster as an answer, before it is known whether it is used widely enough.
 *
 * @param answer its text and the phrasings shown are of enough agents each, when {@code shown}
 * @param characters length of all messages that are this answer and nothing else, in UTF-16 units
 * @param keys the masked form of every phrasing with its uses, shown or not
 * @param shown whether any phrasing is of enough agents; else the text may name what one
 *     conversation was about, and must not leave the extraction
 */
public record Candidate(Answer answer, long characters, Map<String, Long> keys, boolean shown) {

  public Candidate {
    requireNonNull(answer, "answer is null");
    keys = Collections.unmodifiableMap(new LinkedHashMap<>(keys));
  }

  /** Messages that are this answer or hold it as a sentence. */
  public long uses() {
    return answer.count() + answer.use().sentences();
  }
}
