package dev.repartee.text.privacy;

import dev.repartee.text.StopWords;
import dev.repartee.text.WordLists;
import dev.repartee.text.io.Resources;
import java.text.Normalizer;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Lists of words in lower case: given names, surnames, everyday words. Everyday words matter as
 * much as names: a word with a capital beside a cue is a name unless it is an everyday word.
 */
class Lexicon {

  private static final WordLists PHRASES = new WordLists(Lexicon.class, "words.txt");
  private static final Pattern SEPARATOR = Pattern.compile("\\s+");
  private static final List<String> ENDINGS = List.of("s", "es", "ed", "d", "ing", "ly");
  private static final int SHORTEST_STEM = 3;

  /** Letters that an ending and one edit add to a word of the lists. */
  private static final int MOST_ADDED = 4;

  /** Bounds the work on hostile texts: the parts of a word with hyphens are looked up singly. */
  private static final int LONGEST_WORD = 60;

  private static final Pattern MARKS = Pattern.compile("\\p{M}+");
  private static final Pattern ARTICLE = Pattern.compile("(?:al|el|ul|ben|bin|abu)-\\p{L}{3,}");

  private static final Set<String> FUNCTION_WORDS = set("function-words");

  static final Set<String> TITLES = set("titles");

  static final Set<String> PARTICLES = set("name-particles");

  /** Languages beside English that have a list of everyday words, as primary tags of BCP 47. */
  private static final Set<String> WITH_EVERYDAY_WORDS =
      Set.of("nl", "de", "fr", "es", "it", "pt", "sv", "da", "no", "pl", "tr", "ja", "zh");

  /** Read when they are first asked for: a center speaks few languages. */
  private static final Map<String, Set<String>> EVERYDAY_WORDS = new ConcurrentHashMap<>();

  /** Last of the constants, since it is made of the others. */
  private static final Lexicon SHARED = new Lexicon();

  private final Set<String> given;
  private final Set<String> unsureGiven;
  private final Set<String> commonGiven;
  private final Set<String> surnames;
  private final Set<String> english;
  private final Set<String> notNames;
  private final Set<String> venues;
  private final int longest;
  private final NameCues cues;

  /** Titles and particles of one language, beside those that count everywhere. */
  private final Set<String> ownTitles;

  private final Set<String> ownParticles;

  /** The everyday words of that language. */
  private final Set<String> everyday;

  Lexicon() {
    WordLists givenNames = new WordLists(Lexicon.class, "given-names.txt");
    given = new HashSet<>(givenNames.words("given-names"));
    unsureGiven = new HashSet<>(givenNames.words("unsure-given-names"));
    commonGiven = set("common-given-names");
    surnames = new HashSet<>(new WordLists(Lexicon.class, "surnames.txt").words("surnames"));
    english =
        new HashSet<>(new WordLists(Lexicon.class, "english-words.txt").words("english-words"));
    notNames = set("not-names");
    venues = set("venues");
    longest =
        Stream.of(english, notNames, FUNCTION_WORDS)
            .flatMap(Set::stream)
            .mapToInt(String::length)
            .max()
            .orElse(0);
    cues = NameCues.EVERYWHERE;
    ownTitles = Set.of();
    ownParticles = Set.of();
    everyday = Set.of();
  }

  /** {@code other} with what is known of a language. */
  private Lexicon(Lexicon other, LanguageRules rules) {
    List<String> sure = rules.words("sure-given-names");
    everyday = new HashSet<>(everyday(rules.language()));
    commonGiven = other.commonGiven;
    surnames = new HashSet<>(other.surnames);
    surnames.addAll(rules.words("surnames"));
    everyday.removeAll(commonGiven);
    if (!rules.language().equals("de")) { // whose nouns have capitals as names have
      everyday.removeAll(surnames);
    }
    everyday.addAll(rules.words("everyday-words"));
    sure.forEach(everyday::remove);
    Set<String> names = new HashSet<>(other.given);
    names.addAll(rules.words("given-names"));
    given = new HashSet<>(names);
    given.removeAll(everyday);
    given.removeIf(name -> StopWords.isCommon(name, rules.language()));
    unsureGiven = new HashSet<>(other.unsureGiven);
    names.removeAll(given);
    unsureGiven.addAll(names);
    given.addAll(sure);
    english = other.english;
    notNames = new HashSet<>(other.notNames);
    sure.forEach(notNames::remove);
    venues = other.venues;
    longest = other.longest;
    cues = other.cues.with(rules.lists());
    ownTitles = Set.copyOf(rules.words("titles"));
    ownParticles = Set.copyOf(rules.words("particles"));
  }

  /** This with what is known of a language. */
  Lexicon with(LanguageRules rules) {
    return new Lexicon(this, rules);
  }

  /** The one that is shared, since reading the lists takes a while. */
  static Lexicon shared() {
    return SHARED;
  }

  /** The words and phrases of lists in {@code words.txt}, in order. */
  static List<String> phrases(String... lists) {
    return PHRASES.words(lists);
  }

  /** The words and phrases of lists in {@code words.txt}, as a set. */
  static Set<String> set(String... lists) {
    return Set.copyOf(phrases(lists));
  }

  /**
   * The words that people use most in a language, in lower case and without names: whoever says one
   * tells nothing of another conversation. Empty for a language without a list.
   */
  static Set<String> everyday(String language) {
    return WITH_EVERYDAY_WORDS.contains(language)
        ? EVERYDAY_WORDS.computeIfAbsent(language, Lexicon::readEveryday)
        : Set.of();
  }

  /** Whether a word, in lower case, is one of them, or an everyday word of English, "en". */
  static boolean isEveryday(String word, String language) {
    return language.equals("en") ? SHARED.isCommon(word) : everyday(language).contains(word);
  }

  private static Set<String> readEveryday(String language) {
    return Resources.text(Lexicon.class, "everyday/" + language + ".txt")
        .lines()
        .filter(line -> !line.startsWith("#"))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** The words of a text as a set; white space separates them. */
  static Set<String> words(String words) {
    return Set.of(SEPARATOR.split(words));
  }

  /** The phrases before a name. */
  NameCues cues() {
    return cues;
  }

  /** Whether a title of one language stands before names in it, whatever else these mean. */
  boolean isOwnTitle(String word) {
    return ownTitles.contains(word);
  }

  boolean isTitle(String word) {
    return TITLES.contains(word) || ownTitles.contains(word);
  }

  boolean isParticle(String word) {
    return PARTICLES.contains(word) || ownParticles.contains(word);
  }

  /** Whether more than English is known, so that a word of no list is rare in its language. */
  boolean isOfLanguage() {
    return !everyday.isEmpty();
  }

  /** Whether it is a given name and hardly ever another word. */
  boolean isGiven(String word) {
    return isIn(given, word) || isDoubleName(word);
  }

  /** Whether it is a given name, but also an everyday word or a place, so that it needs a cue. */
  boolean isUnsureGiven(String word) {
    return isIn(unsureGiven, word);
  }

  /** Whether so many people bear it as a given name that it never names a thing alone. */
  boolean isCommonGiven(String word) {
    return isIn(commonGiven, word);
  }

  boolean isSurname(String word) {
    return isIn(surnames, word) || isArabicSurname(word);
  }

  /** Whether anybody is called so, whatever else it means. */
  boolean mayBeName(String word) {
    return isGiven(word) || isUnsureGiven(word) || isSurname(word);
  }

  private static boolean isArabicSurname(String word) {
    return word.indexOf('-') > 0 && ARTICLE.matcher(word).matches();
  }

  /** The lists have some names with their accents and some without: "Bjørn" and "Bjorn". */
  private static boolean isIn(Set<String> names, String word) {
    return names.contains(word) || (!isAscii(word) && names.contains(plain(word)));
  }

  private static boolean isAscii(String word) {
    for (int i = 0; i < word.length(); i++) {
      if (word.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }

  private static String plain(String word) {
    String marked = Normalizer.normalize(word, Normalizer.Form.NFD);
    return MARKS.matcher(marked).replaceAll("").replace('ø', 'o').replace('ł', 'l');
  }

  /** "Jean-Pierre", "Anna-Lena": two names with a hyphen. */
  private boolean isDoubleName(String word) {
    int hyphen = word.indexOf('-');
    return hyphen > 0 && isName(word.substring(0, hyphen)) && isName(word.substring(hyphen + 1));
  }

  private boolean isName(String word) {
    return given.contains(word) || unsureGiven.contains(word);
  }

  /** Whether the words before it name a place, a firm or a work. */
  boolean isVenue(String word) {
    return venues.contains(word);
  }

  boolean isFunctionWord(String word) {
    return FUNCTION_WORDS.contains(word);
  }

  /** Whether it is a word of chats, a place, a firm or a people, and never a name alone. */
  boolean isNoName(String word) {
    return notNames.contains(word);
  }

  /** Whether it is an everyday word in any of its regular forms, or {@link #isNoName}. */
  boolean isCommon(String word) {
    if (word.length() > LONGEST_WORD) {
      return false;
    }
    if (english.contains(word)
        || notNames.contains(word)
        || FUNCTION_WORDS.contains(word)
        || everyday.contains(word)) {
      return true;
    }
    int apostrophe = word.indexOf('\'');
    if (apostrophe > 0 && word.length() - apostrophe <= 3) {
      return isCommon(word.substring(0, apostrophe));
    }
    int hyphen = word.indexOf('-');
    if (hyphen > 0) {
      if (isDoubleName(word) || isArabicSurname(word)) {
        return false;
      }
      boolean head = isCommon(word.substring(0, hyphen));
      boolean tail = isCommon(word.substring(hyphen + 1));
      boolean pairOfWords = hyphen >= SHORTEST_STEM && word.length() - hyphen > SHORTEST_STEM;
      return pairOfWords ? head && tail : head || tail;
    }
    return isInflected(word);
  }

  private boolean isInflected(String word) {
    for (String ending : ENDINGS) {
      int length = word.length() - ending.length();
      if (length >= SHORTEST_STEM && word.endsWith(ending)) {
        String stem = word.substring(0, length);
        if (english.contains(stem) || english.contains(stem + "e")) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether one edit makes an everyday word of it, as of "thre" and "goddbye". */
  boolean isMistyped(String word) {
    boolean simple = word.indexOf('-') < 0 && word.indexOf('\'') < 0;
    if (word.length() > (simple ? longest + MOST_ADDED : LONGEST_WORD)) {
      return false;
    }
    for (int i = 0; i <= word.length(); i++) {
      String head = word.substring(0, i);
      String tail = word.substring(i);
      if (!tail.isEmpty() && isCommon(head + tail.substring(1))) {
        return true;
      }
      if (tail.length() > 1
          && isCommon(head + tail.charAt(1) + tail.charAt(0) + tail.substring(2))) {
        return true;
      }
      for (char c = 'a'; c <= 'z'; c++) {
        if (isCommon(head + c + tail)
            || (!tail.isEmpty() && isCommon(head + c + tail.substring(1)))) {
          return true;
        }
      }
    }
    return false;
  }
}
