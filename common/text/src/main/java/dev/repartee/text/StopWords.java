package dev.repartee.text;

import java.lang.Character.UnicodeScript;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Tells the language of a text by its most common words, and by its script where that is one
 * language's. Says nothing of a text with few of them, such as "OK, IBAN?". A sentence takes a
 * microsecond and no model is needed, so that every suggestion can be checked.
 */
public final class StopWords {

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

  private static final char LAST_LATIN = '\u024f';

  /** A language counts when its words weigh so many times what the next language's weigh. */
  private static final double LEAD = 2;

  /** One word decides if no other language has it. */
  private static final double LEAST = 1;

  /** The share of all words below which a text is names and foreign words. */
  private static final double LEAST_SHARE = 0.2;

  private static final List<String> LANGUAGES = new ArrayList<>();

  private static final int[] NONE = {};

  /** The languages of each word, as indexes. */
  private static final Map<String, int[]> WORDS = read();

  private StopWords() {}

  private static Map<String, int[]> read() {
    Map<String, List<Integer>> byWord = new HashMap<>();
    for (WordLists.WordList list : new WordLists(StopWords.class, "stop-words.txt").all()) {
      int language = LANGUAGES.size();
      LANGUAGES.add(list.name());
      for (String word : list.words()) {
        byWord.computeIfAbsent(word, unseen -> new ArrayList<>()).add(language);
      }
    }
    SCRIPTS.values().stream().distinct().sorted().forEach(LANGUAGES::add);
    Map<String, int[]> languages = new HashMap<>();
    byWord.forEach(
        (word, in) -> languages.put(word, in.stream().mapToInt(Integer::intValue).toArray()));
    return languages;
  }

  /** Whether a word, in lower case, is one of the most common ones of some language. */
  public static boolean isCommon(String word) {
    return WORDS.containsKey(word);
  }

  /** Whether a word, in lower case, is one of the most common ones of {@code language}. */
  public static boolean isCommon(String word, String language) {
    int index = LANGUAGES.indexOf(language);
    return IntStream.of(WORDS.getOrDefault(word, NONE)).anyMatch(one -> one == index);
  }

  /** Whether texts of this language, a primary tag of BCP 47, can be told from others. */
  public static boolean knows(String language) {
    return LANGUAGES.contains(language);
  }

  /** The usual codes of languages that also have a code of their own, as detectors write it. */
  private static final Map<String, String> USUAL_CODES =
      Map.of(
          "nb", "no", "nn", "no", "cmn", "zh", "ekk", "et", "lvs", "lv", "pes", "fa", "plt", "mg",
          "zsm", "ms");

  /**
   * The primary tag of a BCP 47 tag in lower case: "de" of "de-AT", "zh" of "cmn"; empty if it is
   * no tag.
   */
  public static Optional<String> primaryTag(String tag) {
    Matcher match = TAG.matcher(tag);
    if (!match.matches()) {
      return Optional.empty();
    }
    String code = match.group(1).toLowerCase(Locale.ROOT);
    return Optional.of(USUAL_CODES.getOrDefault(code, code));
  }

  /** The language of a text as a primary tag of BCP 47; empty while it is not clear. */
  public static Optional<String> language(String text) {
    return count(text).language();
  }

  /**
   * The language whose script a text is written in, such as Greek; empty for scripts of several
   * languages. Chinese characters alone are Chinese, though a Japanese text may begin with them.
   */
  public static Optional<String> ofScript(String text) {
    int script = Tally.script(text, 0, text.length());
    return script < 0 ? Optional.empty() : Optional.of(LANGUAGES.get(script));
  }

  /** Counts the common words of a text. */
  public static Tally count(String text) {
    Tally tally = new Tally();
    String lower = text.toLowerCase(Locale.ROOT).replace('\u2019', '\'');
    int at = 0;
    while (at < lower.length()) {
      int end = at + 1;
      if (lower.charAt(at) == '{') {
        end = Math.max(end, lower.indexOf('}', at)); // a placeholder belongs to no language
      } else if (isLetter(lower.charAt(at))) {
        end = tally.add(lower, at, endOfWord(lower, at));
      }
      at = end;
    }
    return tally;
  }

  private static int endOfWord(String text, int start) {
    int end = start;
    while (end < text.length() && isLetter(text.charAt(end))) {
      end++;
    }
    return end;
  }

  private static boolean isLetter(char c) {
    return Character.isLetter(c) || Character.getType(c) == Character.NON_SPACING_MARK;
  }

  /** The common words of a text. */
  public static final class Tally {
    private final double[] weights = new double[LANGUAGES.size()];
    private int words;

    private Tally() {}

    /**
     * Counts the word from {@code start} to {@code end}: the fewer languages have it, the more it
     * says.
     *
     * @return where the next one may begin
     */
    private int add(String text, int start, int end) {
      int script = text.charAt(end - 1) > LAST_LATIN ? script(text, start, end) : -1;
      if (script >= 0) {
        // Where words have no blanks between them, a letter counts as one.
        weights[script] += end - start;
        words += end - start;
        return end;
      }
      int next = end;
      int[] languages = WORDS.get(text.substring(start, end));
      if (end < text.length() && text.charAt(end) == '\'') { // "don't", "l'heure" or "Ann's"
        next = endOfWord(text, end + 1);
        int[] whole = WORDS.get(text.substring(start, next));
        int[] elided = WORDS.get(text.substring(start, end + 1));
        if (whole != null) {
          languages = whole;
        } else if (elided != null) {
          languages = elided;
          next = end + 1;
        }
      }
      words++;
      if (languages != null) {
        for (int language : languages) {
          weights[language] += 1.0 / languages.length;
        }
      }
      return next;
    }

    /** The language of a script; kana make a word Japanese, whatever else is in it. */
    private static int script(String text, int start, int end) {
      String found = "";
      for (int i = start; i < end && !found.equals("ja"); i++) {
        found = SCRIPTS.getOrDefault(UnicodeScript.of(text.charAt(i)), found);
      }
      return LANGUAGES.indexOf(found);
    }

    /** What two texts have together. */
    public Tally plus(Tally other) {
      Tally sum = new Tally();
      for (int i = 0; i < weights.length; i++) {
        sum.weights[i] = weights[i] + other.weights[i];
      }
      sum.words = words + other.words;
      return sum;
    }

    /**
     * The language, as a primary tag of BCP 47; while it is not clear, the one with most weight,
     * unless that may as well be English. Languages that share many words, such as Spanish and
     * Portuguese, take long to tell apart, and what is known of one then serves for the other.
     */
    public Optional<String> likelyLanguage() {
      Optional<String> clear = language();
      if (clear.isPresent()) {
        return clear;
      }
      int best = LANGUAGES.indexOf("ja"); // Japanese has Chinese characters, Chinese no kana
      for (int i = 0; weights[best] == 0 && i < weights.length; i++) {
        best = weights[i] > 0 ? i : best;
      }
      if (!LANGUAGES.get(best).equals("ja")) {
        for (int i = 0; i < weights.length; i++) {
          best = weights[i] > weights[best] ? i : best;
        }
      }
      boolean likely =
          weights[best] >= LEAST / 2
              && weights[best] >= LEAD * weights[LANGUAGES.indexOf("en")]
              && weights[best] >= LEAST_SHARE / 2 * words;
      return likely ? Optional.of(LANGUAGES.get(best)) : Optional.empty();
    }

    /** The language, as a primary tag of BCP 47; empty while it is not clear. */
    public Optional<String> language() {
      int best = 0;
      double next = 0;
      for (int i = 1; i < weights.length; i++) {
        if (weights[i] > weights[best]) {
          next = weights[best];
          best = i;
        } else {
          next = Math.max(next, weights[i]);
        }
      }
      double most = weights[best];
      boolean clear = most >= LEAST && most >= LEAD * next && most >= LEAST_SHARE * words;
      return clear ? Optional.of(LANGUAGES.get(best)) : Optional.empty();
    }
  }
}
