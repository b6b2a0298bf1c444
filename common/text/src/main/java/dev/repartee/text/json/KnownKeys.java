package dev.repartee.text.json;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;
import tools.jackson.databind.JsonNode;

/** Refuses unknown keys, so that a misspelled setting is not ignored. */
public final class KnownKeys {

  private KnownKeys() {}

  /**
   * Refuses keys of {@code object} that are not {@code known}.
   *
   * @param place the name of {@code object} in the message, ending in {@code .}; may be empty
   * @throws IllegalArgumentException naming the key and the nearest known one
   */
  public static void require(JsonNode object, Collection<String> known, String place) {
    for (String key : object.propertyNames()) {
      if (!known.contains(key)) {
        throw new IllegalArgumentException(
            "unknown key '"
                + place
                + key
                + "'"
                + nearest(key, known)
                    .map(name -> "; did you mean '" + place + name + "'?")
                    .orElse(""));
      }
    }
  }

  /** The element of {@code known} with the smallest edit distance to {@code name}. */
  public static Optional<String> nearest(String name, Collection<String> known) {
    LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
    return known.stream().min(Comparator.comparing(one -> distance.apply(one, name)));
  }
}
