package dev.repartee.clustering.answers;

import dev.repartee.clustering.corpus.CountedText;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How often words are used, by which slips of the keyboard are told from words. */
final class WordUse {

  /** A word of fewer messages may be a slip, or a name. */
  private static final long FEWEST = 3;

  private final Map<String, Long> messagesWith = new HashMap<>();

  WordUse(List<CountedText> texts) {
    for (CountedText text : texts) {
      for (String word : text.key().split(" ", -1)) {
        messagesWith.merge(word, text.messages() + text.sentences(), Long::sum);
      }
    }
  }

  /** How many words of {@code key} are rare. */
  int rareWords(String key) {
    int rare = 0;
    for (String word : key.split(" ", -1)) {
      if (messagesWith.getOrDefault(word, 0L) < FEWEST) {
        rare++;
      }
    }
    return rare;
  }
}
