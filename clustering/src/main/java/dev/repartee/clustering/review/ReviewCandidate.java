package dev.repartee.clustering.review;

import static java.util.Objects.requireNonNull;

import dev.repartee.text.answers.Answer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A cluster as extraction found it, before people's decisions.
 *
 * @param answer under its default id; shows only phrasings that may be shown
 * @param keys the masked form of all its phrasings, shown or not, with their messages
 * @param eligible whether it is used widely enough to be an answer without anyone's decision
 * @param whyNot if not eligible, why: a few words that follow "is"
 */
public record ReviewCandidate(
    Answer answer, Map<String, Long> keys, boolean eligible, String whyNot) {

  public ReviewCandidate {
    requireNonNull(answer, "answer is null");
    keys = Collections.unmodifiableMap(new LinkedHashMap<>(keys));
    requireNonNull(whyNot, "whyNot is null");
  }
}
