package dev.repartee.clustering.count;

import dev.repartee.text.TextNorm;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds the texts that an agent message uses: all of it, and its sentences. One a thread. */
final class Occurrences {

  private final Sentences sentences = new Sentences();

  /** The key of a redacted message; empty when the message says nothing. */
  static Optional<String> key(String redacted) {
    String spelling = TextNorm.strip(redacted);
    return spelling.isEmpty() ? Optional.empty() : Optional.of(TextNorm.mask(spelling));
  }

  /**
   * The whole message first, then, when it has two sentences or more, each different one that does
   * not say the same as the whole; nothing for a blank message.
   */
  List<Occurrence> of(int message, String redacted) {
    String whole = TextNorm.strip(redacted);
    if (whole.isEmpty()) {
      return List.of();
    }
    List<Occurrence> found = new ArrayList<>();
    Set<String> keys = new HashSet<>();
    add(found, keys, new Occurrence(message, TextNorm.mask(whole), whole, false));
    List<String> parts = sentences.of(whole);
    if (parts.size() > 1) {
      for (String part : parts) {
        add(found, keys, new Occurrence(message, TextNorm.mask(part), part, true));
      }
    }
    return found;
  }

  private static void add(List<Occurrence> found, Set<String> keys, Occurrence occurrence) {
    if (keys.add(occurrence.key())) {
      found.add(occurrence);
    }
  }
}
