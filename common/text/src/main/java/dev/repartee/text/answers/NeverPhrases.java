package dev.repartee.text.answers;

import dev.repartee.text.TextNorm;
import dev.repartee.text.WordBreaks;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the phrases of a library that must never be said. A text contains a phrase if it has the
 * phrase's words in a row; case, punctuation and blanks do not matter ({@link TextNorm#norm}), so
 * that {@code "50% off"} is found in {@code "Get 50 % OFF!"} and {@code "off"} not in {@code
 * "offer"}. In scripts that put no blanks between words each letter counts as one. Each word of the
 * text costs one look-up, however many phrases there are.
 */
public final class NeverPhrases {

  private final Map<String, List<List<String>>> byFirstWord = new HashMap<>();

  /** Indexes {@code phrases}, each of which has a word. */
  public NeverPhrases(List<String> phrases) {
    for (String phrase : phrases) {
      List<String> words = words(phrase);
      if (words.isEmpty()) {
        throw new IllegalArgumentException("phrase '" + phrase + "' has no word");
      }
      byFirstWord.computeIfAbsent(words.getFirst(), unseen -> new ArrayList<>()).add(words);
    }
  }

  /** Whether there is no phrase. */
  public boolean isEmpty() {
    return byFirstWord.isEmpty();
  }

  /** Whether {@code text} contains one of the phrases. */
  public boolean isIn(String text) {
    return !isEmpty() && find(text).isPresent();
  }

  /** The words of the first phrase that {@code text} contains, joined by blanks. */
  public Optional<String> find(String text) {
    List<String> words = words(text);
    for (int i = 0; i < words.size(); i++) {
      List<String> rest = words.subList(i, words.size());
      for (List<String> phrase : byFirstWord.getOrDefault(words.get(i), List.of())) {
        if (phrase.size() <= rest.size() && phrase.equals(rest.subList(0, phrase.size()))) {
          return Optional.of(String.join(" ", phrase));
        }
      }
    }
    return Optional.empty();
  }

  /** A phrase in a text: its first position and its end, exclusive, in UTF-16 units. */
  public record Place(int start, int end) {}

  /** Where {@code text} contains a phrase, in order; places do not overlap. */
  public List<Place> findAll(String text) {
    List<Place> places = new ArrayList<>();
    if (!isIn(text)) {
      return places;
    }
    for (int start = 0; start < text.length(); start++) {
      int end = beginsWord(text, start) ? endOfPhrase(text, start) : start;
      if (end > start) {
        places.add(new Place(start, end));
        start = end - 1;
      }
    }
    return places;
  }

  private static boolean beginsWord(String text, int at) {
    int letter = text.codePointAt(at);
    return TextNorm.isLetterOrNumber(letter)
        && (at == 0
            || WordBreaks.writesNoBlanks(letter)
            || !TextNorm.isLetterOrNumber(text.codePointBefore(at)));
  }

  /** The end of the longest phrase that stands at {@code start}; {@code start} where none does. */
  private int endOfPhrase(String text, int start) {
    int longest = start;
    int most = 1;
    for (int end = start; end < text.length(); ) {
      end += Character.charCount(text.codePointAt(end));
      boolean endsWord = end == text.length() || beginsOther(text, end);
      List<String> words = endsWord ? words(text.substring(start, end)) : List.of();
      if (!words.isEmpty()) {
        List<List<String>> phrases = byFirstWord.getOrDefault(words.getFirst(), List.of());
        most = phrases.stream().mapToInt(List::size).max().orElse(0);
        longest = phrases.contains(words) && !endsBlank(text, end) ? end : longest;
      }
      if (words.size() > most) {
        break;
      }
    }
    return longest;
  }

  private static boolean beginsOther(String text, int at) {
    int letter = text.codePointAt(at);
    return WordBreaks.writesNoBlanks(letter)
        || WordBreaks.writesNoBlanks(text.codePointBefore(at))
        || !TextNorm.isLetterOrNumber(letter);
  }

  private static boolean endsBlank(String text, int end) {
    return !TextNorm.isLetterOrNumber(text.codePointBefore(end));
  }

  /** The words that are compared; empty where {@code text} has neither letter nor number. */
  public static List<String> words(String text) {
    if (text.codePoints().noneMatch(TextNorm::isLetterOrNumber)) {
      return List.of();
    }
    StringBuilder spaced = new StringBuilder();
    TextNorm.norm(text)
        .codePoints()
        .forEach(
            letter -> {
              if (WordBreaks.writesNoBlanks(letter)) {
                spaced.append(' ').appendCodePoint(letter).append(' ');
              } else {
                spaced.appendCodePoint(letter);
              }
            });
    return List.of(spaced.toString().strip().split(" +"));
  }
}
