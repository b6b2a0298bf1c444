package dev.repartee.clustering.corpus;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** Tells the language of a text. */
public final class Languages {

  /** In place of a language that cannot be told. */
  public static final String UNDETERMINED = "und";

  private static final int MOST_CHARACTERS = 300;

  /** The code of the language of {@code text}, or {@value #UNDETERMINED}. */
  public String of(String text) {
    return UNDETERMINED;
  }

  /** The language of most uses, where any is known; of equals the first by code. */
  public static Optional<String> most(SortedMap<String, Long> counts) {
    Optional<String> most = Optional.empty();
    for (Map.Entry<String, Long> count : counts.entrySet()) {
      boolean known = !count.getKey().equals(UNDETERMINED);
      if (known && (most.isEmpty() || count.getValue() > counts.get(most.get()))) {
        most = Optional.of(count.getKey());
      }
    }
    return most;
  }

  /** Adds {@code text} to {@code sample} as long as that is shorter than what is looked at. */
  static void append(StringBuilder sample, String text) {
    if (sample.length() < MOST_CHARACTERS) {
      sample.append(text).append('\n');
    }
  }
}
