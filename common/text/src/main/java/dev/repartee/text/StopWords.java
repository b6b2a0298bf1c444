package dev.repartee.text;

import dev.repartee.text.io.Resources;
import java.lang.Character.UnicodeScript;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells the language of a text by its most common words, and by its script where that is one
 * language's. Says nothing of a text with few of them, such as "OK, IBAN?". A sentence takes some
 * microseconds and no model is needed, so that every suggestion can be checked.
 */
public final class StopWords {

  /** A word, or a placeholder, which belongs to no language. */
  private static final Pattern WORD =
      Pattern.compile("\\{[^{}\\s]*}|[\\p{L}\\p{M}]+(?:'[\\p{L}\\p{M}]*)?");

  /** The primary tag of BCP 47, and what may follow it. */
  private static final Pattern TAG = Pattern.compile("([A-Za-z]{2,3})(?:-[A-Za-z0-9]{1,8})*");

  private static final Map<UnicodeScript, String> SCRIPTS =
      Map.of(
          UnicodeScript.GREEK, "el",
          UnicodeScript.HEBREW, "he",
          UnicodeScript.ARABIC, "ar",
          UnicodeScript.HANGUL, "ko",
          UnicodeScript.HIRAGANA, "ja",
          UnicodeScript.KATAKANA, "ja",
          UnicodeScript.HAN, "zh",
          UnicodeScript.THAI, "th");

  /** A language counts when its words weigh so many times what the next language's weigh. */
  private static final double LEAD = 2;

  /** One word decides if no other language has it. */
  private static final double LEAST = 1;

  /** The share of all words below which a text is names and foreign words. */
  private static final double LEAST_SHARE = 0.2;

  /** The weight of each word, by language: the fewer languages have it, the more it says. */
  private static final Map<String, Map<String, Double>> WEIGHTS = weights();

  private static final Set<String> LANGUAGES = languages();

  private StopWords() {}

  private static Map<String, Map<String, Double>> weights() {
    Map<String, Map<String, Double>> byWord = new HashMap<>();
    for (String line : Resources.text(StopWords.class, "stop-words.txt").strip().split("\n", -1)) {
      String[] words = line.split(" ", -1);
      for (int i = 1; i < words.length; i++) {
        byWord.computeIfAbsent(words[i], unseen -> new HashMap<>()).put(words[0], 1.0);
      }
    }
    byWord.values().forEach(in -> in.replaceAll((language, one) -> 1.0 / in.size()));
    return byWord;
  }

  private static Set<String> languages() {
    List<String> all = new ArrayList<>(SCRIPTS.values());
    WEIGHTS.values().forEach(in -> all.addAll(in.keySet()));
    return Set.copyOf(all);
  }

  /** Whether texts of this language, a primary tag of BCP 47, can be told from others. */
  public static boolean knows(String language) {
    return LANGUAGES.contains(language);
  }

  /** The primary tag of a BCP 47 tag in lower case: "de" of "de-AT"; empty if it is no tag. */
  public static Optional<String> primaryTag(String tag) {
    Matcher match = TAG.matcher(tag);
    return match.matches()
        ? Optional.of(match.group(1).toLowerCase(Locale.ROOT))
        : Optional.empty();
  }

  /** The language of a text as a primary tag of BCP 47; empty while it is not clear. */
  public static Optional<String> language(String text) {
    return count(text).language();
  }

  /** Counts the common words of a text. */
  public static Tally count(String text) {
    Map<String, Double> weights = new HashMap<>();
    int words = 0;
    Matcher match = WORD.matcher(text.toLowerCase(Locale.ROOT).replace('\u2019', '\''));
    while (match.find()) {
      String word = match.group();
      if (word.charAt(0) == '{') {
        continue;
      }
      Optional<String> byScript = byScript(word);
      // Where words have no blanks between them, a letter counts as one.
      words += byScript.isPresent() ? word.length() : 1;
      byScript.ifPresent(language -> weights.merge(language, (double) word.length(), Double::sum));
      weightsOf(word).forEach((language, weight) -> weights.merge(language, weight, Double::sum));
    }
    return new Tally(weights, words);
  }

  private static Map<String, Double> weightsOf(String word) {
    Map<String, Double> whole = WEIGHTS.get(word);
    int end = word.indexOf('\'') + 1;
    return whole == null ? WEIGHTS.getOrDefault(word.substring(0, end), Map.of()) : whole;
  }

  /** Kana make a word Japanese, whatever else is in it. */
  private static Optional<String> byScript(String word) {
    Optional<String> found = Optional.empty();
    for (int i = 0; i < word.length() && !found.equals(Optional.of("ja")); i++) {
      if (word.charAt(i) > '\u036f') { // behind the Latin letters
        String language = SCRIPTS.get(UnicodeScript.of(word.charAt(i)));
        found = language == null ? found : Optional.of(language);
      }
    }
    return found;
  }

  /**
   * The common words of a text.
   *
   * @param weights of those of each language
   * @param words how many words there are in all
   */
  public record Tally(Map<String, Double> weights, int words) {

    public Tally {
      weights = Map.copyOf(weights);
    }

    /** What two texts have together. */
    public Tally plus(Tally other) {
      Map<String, Double> sums = new HashMap<>(weights);
      other.weights.forEach((language, weight) -> sums.merge(language, weight, Double::sum));
      return new Tally(sums, words + other.words);
    }

    /** The language, as a primary tag of BCP 47; empty while it is not clear. */
    public Optional<String> language() {
      String best = "";
      double most = 0;
      double next = 0;
      for (Map.Entry<String, Double> one : weights.entrySet()) {
        if (one.getValue() > most) {
          next = most;
          most = one.getValue();
          best = one.getKey();
        } else {
          next = Math.max(next, one.getValue());
        }
      }
      boolean clear = most >= LEAST && most >= LEAD * next && most >= LEAST_SHARE * words;
      return clear ? Optional.of(best) : Optional.empty();
    }
  }
}
