package dev.repartee.text;

import dev.repartee.text.io.Resources;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * The words that people use most in a language, without names: whoever says one tells nothing of
 * another conversation. English has a list of its own, {@link
 * dev.repartee.text.privacy.CommonWords}.
 */
public final class EverydayWords {

  /** Languages that have a list, as primary tags of BCP 47. */
  public static final Set<String> LANGUAGES =
      Set.of("nl", "de", "fr", "es", "it", "pt", "sv", "da", "no", "pl", "tr", "ja", "zh");

  /** Read when they are first asked for: a center speaks few languages. */
  private static final Map<String, Set<String>> READ = new ConcurrentHashMap<>();

  private EverydayWords() {}

  /** The words of a language in lower case; empty for a language without a list. */
  public static Set<String> of(String language) {
    return LANGUAGES.contains(language)
        ? READ.computeIfAbsent(language, EverydayWords::read)
        : Set.of();
  }

  private static Set<String> read(String language) {
    return Resources.text(EverydayWords.class, "everyday/" + language + ".txt")
        .lines()
        .filter(line -> !line.startsWith("#"))
        .collect(Collectors.toUnmodifiableSet());
  }
}
