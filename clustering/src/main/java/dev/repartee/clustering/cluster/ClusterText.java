package dev.repartee.clustering.cluster;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A distinct text with what clustering looks at.
 *
 * @param text normalised
 * @param uses how often it was written, alone or as a sentence of a longer message
 * @param before the customer's messages before some of its uses, normalised; an empty text where
 *     there is none
 * @param after likewise, the customer's messages after it
 * @param domains uses by subject area, as far as known
 * @param language code of its language, where known: texts of two known languages never mix
 */
public record ClusterText(
    String text,
    long uses,
    List<String> before,
    List<String> after,
    Map<String, Long> domains,
    Optional<String> language) {

  public ClusterText {
    requireNonNull(text, "text is null");
    if (uses < 1) {
      throw new IllegalArgumentException("uses must be at least 1 but is " + uses);
    }
    before = List.copyOf(before);
    after = List.copyOf(after);
    domains = Map.copyOf(domains);
    requireNonNull(language, "language is null");
  }

  /** A text of which nothing but its wording is known. */
  public static ClusterText of(String text, long uses) {
    return new ClusterText(text, uses, List.of(), List.of(), Map.of(), Optional.empty());
  }
}
