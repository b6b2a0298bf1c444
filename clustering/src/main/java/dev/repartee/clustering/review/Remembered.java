package dev.repartee.clustering.review;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * An answer or a decided cluster of an earlier extraction.
 *
 * @param id the id it keeps
 * @param text what was shown; where a person approved or rejected it, what the person judged
 * @param decision what was decided
 * @param listed whether it stood in the last review file
 * @param phrasings the messages of each phrasing, by {@link
 *     dev.repartee.text.answers.PhrasingHash}, since few agents may have used some of them
 */
public record Remembered(
    String id, String text, Decision decision, boolean listed, Map<String, Long> phrasings) {

  public Remembered {
    requireNonNull(id, "id is null");
    requireNonNull(text, "text is null");
    requireNonNull(decision, "decision is null");
    if (text.isBlank()) {
      throw new IllegalArgumentException("text of '" + id + "' is blank");
    }
    phrasings = Collections.unmodifiableMap(new TreeMap<>(phrasings));
  }
}
