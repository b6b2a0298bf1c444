package dev.repartee.text.privacy;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The names that were learned in one conversation, word by word, and whose they are. */
final class KnownNames {

  private static final Set<String> TITLES = NameShape.TITLES;
  private static final int SHORTEST = 2;

  private final Map<String, PersonalData> kinds = new HashMap<>();

  /** Adds the words of {@code name}; a word that is known already keeps its kind. */
  void add(String name, PersonalData kind) {
    for (String word : parts(name)) {
      if (word.length() >= SHORTEST && !TITLES.contains(word) && !NameShape.isParticle(word)) {
        kinds.putIfAbsent(word, kind);
      }
    }
  }

  private static String[] parts(String name) {
    return name.strip().split("[ .,]+");
  }

  boolean isEmpty() {
    return kinds.isEmpty();
  }

  boolean contains(String word) {
    return kinds.containsKey(word);
  }

  /**
   * Whose name it is that shares a word with {@code name}: the customer's or agent's before
   * others'.
   */
  Optional<PersonalData> kindOf(String name) {
    Optional<PersonalData> best = Optional.empty();
    for (String word : parts(name)) {
      PersonalData kind = kinds.get(word);
      if (kind != null && (best.isEmpty() || kind.compareTo(best.get()) < 0)) {
        best = Optional.of(kind);
      }
    }
    return best;
  }
}
