package dev.repartee.text.privacy;

import static java.util.Comparator.naturalOrder;

import dev.repartee.text.StopWords;
import dev.repartee.text.WordLists;
import dev.repartee.text.privacy.PatternRule.Match;
import dev.repartee.text.privacy.RuleTable.Detector;
import java.time.DayOfWeek;
import java.time.Month;
import java.time.format.TextStyle;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How personal data is written in a language beside English: its phone numbers, national ids, post
 * codes, dates and amounts, its names and the phrases before them. What differs from language to
 * language stands in {@code languages/xx.txt}; months and weekdays come from Java's locale data.
 * The rules of {@link Redactor#STAGES} apply as well.
 */
final class LanguageRules {

  /** Languages that have rules, as primary tags of BCP 47. */
  static final Set<String> LANGUAGES = Set.of("nl", "de", "fr", "es", "it", "pt", "ja", "zh");

  /** Languages that write no blanks between words. */
  private static final Set<String> WITHOUT_BLANKS = Set.of("ja", "zh");

  /** Countries whose ids have such a form that they are found in every European language. */
  private static final List<String> EVERYWHERE = List.of("BE", "DK", "ES", "FR", "IT", "PL", "SE");

  /** Made when a language is met for the first time: a center speaks few. */
  private static final Map<String, LanguageRules> MADE = new ConcurrentHashMap<>();

  private final String language;
  private final List<WordLists.WordList> lists;
  private final Locale locale;
  private final List<String> regions;
  private final Pattern phoneCue;
  private final List<List<Detector>> stages;
  private final Lexicon lexicon;
  private final Optional<NamesWithoutBlanks> names;

  private LanguageRules(String language) {
    this.language = language;
    lists = new WordLists(LanguageRules.class, "languages/" + language + ".txt").all();
    locale = Locale.of(language);
    regions = words("regions");
    phoneCue =
        Pattern.compile(
            "(?<!\\p{IsLatin})" + RuleTable.anyOf(own("phone-cues")) + "[^\\d\\n]{0,20}$");
    boolean withBlanks = !WITHOUT_BLANKS.contains(language);
    stages = readStages(withBlanks);
    lexicon = withBlanks ? Lexicon.shared().with(this) : Lexicon.shared();
    names = withBlanks ? Optional.empty() : Optional.of(new NamesWithoutBlanks(this));
  }

  /** The rules of a language, if it has any. */
  static Optional<LanguageRules> of(Optional<String> language) {
    return language
        .filter(LANGUAGES::contains)
        .map(known -> MADE.computeIfAbsent(known, LanguageRules::new));
  }

  /** The rules of the language that a text is likely in, if it has any. */
  static Optional<LanguageRules> ofText(String text) {
    return of(StopWords.count(text).likelyLanguage());
  }

  String language() {
    return language;
  }

  /** All lists of the file. */
  List<WordLists.WordList> lists() {
    return lists;
  }

  /** The words of the lists with this name; empty if there is none. */
  List<String> words(String name) {
    return lists.stream()
        .filter(list -> list.name().equals(name))
        .flatMap(list -> list.words().stream())
        .toList();
  }

  /** What is found beside {@link Redactor#STAGES}, stage by stage. */
  List<List<Detector>> stages() {
    return stages;
  }

  Lexicon lexicon() {
    return lexicon;
  }

  /** Finds names where no blanks part the words; empty for languages that part them. */
  Optional<NamesWithoutBlanks> names() {
    return names;
  }

  /** Whether {@code lower} asks for the reader's name. */
  boolean asksForName(String lower) {
    return words("asks-for-name").stream().anyMatch(lower::contains);
  }

  private List<List<Detector>> readStages(boolean withBlanks) {
    Set<String> texts = new HashSet<>(regions);
    texts.add(language);
    texts.add(withBlanks ? "languages-with-blanks" : "languages-without-blanks");
    if (withBlanks) {
      texts.addAll(EVERYWHERE);
    }
    return RuleTable.stages(texts, this::own, this::check);
  }

  /** The words of a list, with those of Java's locale data, the longest first. */
  private List<String> own(String list) {
    Stream<String> all =
        switch (list) {
          case "full-months" -> months(TextStyle.FULL_STANDALONE, TextStyle.FULL);
          case "short-months" -> months(TextStyle.SHORT_STANDALONE, TextStyle.SHORT);
          case "weekdays" ->
              Stream.of(DayOfWeek.values())
                  .map(day -> day.getDisplayName(TextStyle.FULL, locale).toLowerCase(locale));
          default -> words(list).stream();
        };
    return all.distinct()
        .sorted(Comparator.comparingInt(String::length).reversed().thenComparing(naturalOrder()))
        .toList();
  }

  private Stream<String> months(TextStyle... styles) {
    return Stream.concat(
        words("months").stream(),
        Stream.of(styles)
            .flatMap(
                style -> Stream.of(Month.values()).map(one -> one.getDisplayName(style, locale)))
            .map(name -> name.toLowerCase(locale).replaceFirst("\\.$", "")));
  }

  private ToIntFunction<Match> check(String name) {
    return PatternRule.onlyIf(
        switch (name) {
          case "isOwnPhone" -> this::isPhone;
          case "isKnownPlace" -> match -> Lexicon.shared().isNoName(match.group("place"));
          case "isPlace" -> this::isPlace;
          default -> NationalIds.check(name).and(match -> !isAfterPhoneCue(match));
        });
  }

  /** "5000 Punkte" is no place; "1070 Wien" is one. */
  private boolean isPlace(Match match) {
    String place = match.group("place").toLowerCase(locale);
    String first = place.replaceFirst("(?s)[^\\p{L}].*", "");
    return !language.equals("de") || Lexicon.shared().isNoName(first) || !lexicon.isCommon(first);
  }

  private boolean isPhone(Match match) {
    return match.index() < RuleChecks.MOST_LOOK_UPS
        && (isAfterPhoneCue(match) || RuleChecks.isValid(match.value(), regions));
  }

  private boolean isAfterPhoneCue(Match match) {
    return phoneCue.matcher(match.before(32)).find();
  }
}
