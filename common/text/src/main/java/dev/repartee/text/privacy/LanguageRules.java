package dev.repartee.text.privacy;

import static dev.repartee.text.privacy.PatternRule.anyOf;
import static dev.repartee.text.privacy.PersonalData.ACCOUNT;
import static dev.repartee.text.privacy.PersonalData.ADDRESS;
import static dev.repartee.text.privacy.PersonalData.DATE;
import static dev.repartee.text.privacy.PersonalData.MONEY;
import static dev.repartee.text.privacy.PersonalData.PHONE;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import dev.repartee.text.StopWords;
import dev.repartee.text.WordLists;
import dev.repartee.text.privacy.PatternRule.Match;
import dev.repartee.text.privacy.Redactor.Detector;
import java.time.DayOfWeek;
import java.time.Month;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
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
    phoneCue = Pattern.compile("(?<!\\p{IsLatin})" + any("phone-cues") + "[^\\d\\n]{0,20}$");
    boolean withBlanks = !WITHOUT_BLANKS.contains(language);
    stages = withBlanks ? withBlanks() : withoutBlanks();
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

  // Languages that write blanks between words.

  private static final String WORD_BEFORE = PatternRule.NO_WORD_BEFORE;
  private static final String WORD_AFTER = PatternRule.NO_WORD_AFTER;
  private static final String YEAR = "(?:19|20)\\d\\d";
  private static final String DAY = "(?:3[01]|[12]\\d|0?[1-9])";
  private static final String CAPITAL = "\\p{Lu}[\\p{L}'.-]{1,40}";

  private List<List<Detector>> withBlanks() {
    return List.of(
        List.of(),
        List.of(
            new Detector(
                ACCOUNT,
                NationalIds.of(
                    Stream.concat(regions.stream(), EVERYWHERE.stream()).distinct().toList(),
                    this::isAfterPhoneCue)),
            new Detector(ADDRESS, addresses()),
            new Detector(DATE, dates()),
            new Detector(MONEY, amounts())),
        List.of(new Detector(PHONE, phones("(?<![\\p{L}\\p{N}]|\\d[.,])", WORD_AFTER))),
        List.of());
  }

  /** A part of a pattern for one of the words of a list; matches nothing if there are none. */
  private String any(String list) {
    return any(list, word -> anyOf(List.of(word)));
  }

  /** The same for words that {@code pattern} makes patterns of. */
  private String any(String list, UnaryOperator<String> pattern) {
    return longestFirst(words(list)).stream()
        .map(pattern)
        .reduce((a, b) -> a + "|" + b)
        .map(words -> "(?:" + words + ")")
        .orElse("(?!)");
  }

  private List<PatternRule> dates() {
    String join = "(?:" + any("date-joins") + " )?";
    String full = anyOf(months(TextStyle.FULL_STANDALONE, TextStyle.FULL));
    String part = anyOf(months(TextStyle.SHORT_STANDALONE, TextStyle.SHORT));
    String month = "(?:" + full + WORD_AFTER + "|" + part + "(?:\\.|(?=,? " + join + YEAR + ")))";
    String day = "(?:" + DAY + "(?: ?" + any("day-marks") + ")?\\.?|" + any("day-words") + ")";
    String weekday = "(?:" + anyOf(weekdays()) + ",? " + join + ")?";
    String year =
        ("(?:,? " + join + "(?:" + YEAR + "|'\\d\\d)(?!\\d)| " + any("date-joins") + " \\d\\d")
            + "(?![\\p{L}\\p{N}]|[.,:]\\d| ?[%€]))?";
    return List.of(
        PatternRule.of(
            Signs.ANY, ("(?<![\\p{L}\\p{N}.,/-])" + weekday + day + " ?" + join) + (month + year)),
        PatternRule.of(Signs.FOUR_DIGITS, WORD_BEFORE + full + ",? " + join + YEAR + "(?!\\d)"),
        PatternRule.of(
            Signs.INNER_DOT | Signs.DIGIT,
            (WORD_BEFORE + any("short-date-cues") + " (?<value>" + DAY)
                + "\\.(?:1[0-2]|0?[1-9])\\.)(?!\\d)"));
  }

  private List<String> months(TextStyle... styles) {
    List<String> names = new ArrayList<>(words("months"));
    for (TextStyle style : styles) {
      for (Month month : Month.values()) {
        String name = month.getDisplayName(style, locale).toLowerCase(locale);
        names.add(name.endsWith(".") ? name.substring(0, name.length() - 1) : name);
      }
    }
    return longestFirst(names);
  }

  private List<String> weekdays() {
    List<String> names = new ArrayList<>();
    for (DayOfWeek day : DayOfWeek.values()) {
      names.add(day.getDisplayName(TextStyle.FULL, locale).toLowerCase(locale));
    }
    return longestFirst(names);
  }

  private static List<String> longestFirst(Collection<String> words) {
    return words.stream()
        .distinct()
        .sorted((a, b) -> b.length() != a.length() ? b.length() - a.length() : a.compareTo(b))
        .toList();
  }

  private List<PatternRule> amounts() {
    String currency = "(?:" + any("currency") + WORD_AFTER + "|[€$£])";
    String join = "(?:" + any("money-joins") + " )?";
    String amount = "\\d{1,3}(?:[., ']?\\d{3}){0,3}(?:[.,]\\d{1,2}|,-)?";
    String numeral = any("numerals");
    return List.of(
        PatternRule.of(
            Signs.DIGIT,
            ("(?<![\\p{L}\\p{N}.,]|\\d-)" + amount + "(?: " + join + "\\d\\d)?")
                + (" ?"
                    + currency
                    + "(?: "
                    + join
                    + "\\d\\d(?: "
                    + currency
                    + ")?(?!\\d|[.,]\\d|[:%]))?")),
        PatternRule.of(
            Signs.ANY,
            (WORD_BEFORE + numeral + "(?:[ -]?" + numeral + "){0,12} (?:de )?")
                + (any("currency") + WORD_AFTER)));
  }

  private List<PatternRule> addresses() {
    String particles = "(?:" + any("particles") + " ){0,2}";
    String anyPlace = CAPITAL + "(?:[ -]" + particles + CAPITAL + "){0,3}";
    String own = any("post-codes", String::valueOf);
    String weak = any("place-codes", String::valueOf);
    String codes = "(?:" + own + "|" + weak + ")(?!\\d)";
    String tail =
        "(?:,? (?:\\d{1,2} ?[ºª°]|[Bb]us|[Aa]pto?\\.?|[Pp]iso)[\\p{L}\\d. ]{0,8})?"
            + ("(?:,? " + codes + "(?: " + anyPlace + ")?|, " + anyPlace + ")?");
    return List.of(
        PatternRule.cased(
            Signs.FOUR_DIGITS, WORD_BEFORE + own + "(?:,? " + anyPlace + ")?" + WORD_AFTER),
        PatternRule.of(
                Signs.FOUR_DIGITS, WORD_BEFORE + own + " (?<place>\\p{L}{3,30})" + WORD_AFTER)
            .when(match -> Lexicon.shared().isNoName(match.group("place"))),
        PatternRule.cased(
                Signs.FOUR_DIGITS, WORD_BEFORE + weak + " (?<place>" + anyPlace + ")" + WORD_AFTER)
            .when(this::isPlace),
        PatternRule.cased(
            Signs.FOUR_DIGITS,
            (WORD_BEFORE + "(?i:" + any("post-code-cues") + ")[^\\d\\n]{0,12}")
                + ("(?<value>" + codes + "(?:,? " + anyPlace + ")?)" + WORD_AFTER)),
        PatternRule.cased(
            Signs.DIGIT,
            (WORD_BEFORE + "(?i:" + any("street-types") + ")\\.? ")
                + ("(?:" + any("particles") + " ?){0,3}(?:" + CAPITAL + "|[XVI]{1,5})")
                + ("(?:[ -]" + particles + "(?:" + CAPITAL + "|\\d{1,2}(?= ))){0,4}")
                + ",? (?:n[.º°o]{0,2} ?)?\\d{1,5}(?: ?[a-zA-Z]|/[A-Z0-9]{1,3})?(?![\\p{L}\\d])"
                + tail));
  }

  /** "5000 Punkte" is no place; "1070 Wien" is one. */
  private boolean isPlace(Match match) {
    String place = match.group("place").toLowerCase(locale);
    int end = 0;
    while (end < place.length() && Character.isLetter(place.charAt(end))) {
      end++;
    }
    String first = place.substring(0, end);
    return !language.equals("de") || Lexicon.shared().isNoName(first) || !lexicon.isCommon(first);
  }

  // Phone numbers, in all languages.

  private static final int MOST_LOOK_UPS = 100;

  private List<PatternRule> phones(String before, String after) {
    return List.of(
        PatternRule.of(
                Signs.SIX_DIGITS,
                before + "(?:\\+ ?|\\(\\+|00)?\\(?\\d(?:[ .()/_-]{0,3}\\d){5,15}+" + after)
            .when(match -> match.index() < MOST_LOOK_UPS && isPhone(match)));
  }

  private boolean isPhone(Match match) {
    if (isAfterPhoneCue(match)) {
      return true;
    }
    PhoneNumberUtil plans = PhoneNumberUtil.getInstance();
    for (String region : regions) {
      try {
        if (plans.isValidNumber(plans.parse(match.value(), region))) {
          return true;
        }
      } catch (NumberParseException e) {
        return false;
      }
    }
    return false;
  }

  private boolean isAfterPhoneCue(Match match) {
    return phoneCue.matcher(match.before(32)).find();
  }

  // Chinese and Japanese.

  private static final String HAN_DIGITS = "[〇零一二三四五六七八九十廿两兩百千万萬億亿]";

  private List<List<Detector>> withoutBlanks() {
    return List.of(
        List.of(),
        List.of(
            new Detector(ACCOUNT, NationalIds.of(regions, this::isAfterPhoneCue)),
            new Detector(ADDRESS, hanAddresses()),
            new Detector(DATE, hanDates()),
            new Detector(MONEY, hanAmounts())),
        List.of(
            new Detector(PHONE, phones("(?<![\\p{IsLatin}\\d]|\\d[.,])", "(?![\\p{IsLatin}\\d])"))),
        List.of());
  }

  private List<PatternRule> hanDates() {
    String era = words("eras").isEmpty() ? "" : "|" + any("eras") + "(?:\\d{1,2}|元)";
    String number = "(?:\\d{1,2}|[一二三四五六七八九十廿]{1,3})";
    String day = number + "[日号號]";
    return List.of(
        PatternRule.of(
            Signs.ANY,
            ("(?<!\\d)(?:(?:\\d{4}|[〇零一二三四五六七八九]{4}" + era + ")年)(?: ?" + number)
                + ("月(?: ?" + day + ")?)?(?:[(（][月火水木金土日一二三四五六][)）])?")),
        PatternRule.of(
            Signs.ANY,
            ("(?<![\\d一二三四五六七八九十])" + number + "月 ?" + day) + "(?:[(（][月火水木金土日一二三四五六][)）])?"));
  }

  private List<PatternRule> hanAmounts() {
    String currency = any("currency");
    String scale = "(?:[十百千万萬億亿](?:\\d{1,4}[百千万]?)?){0,3}";
    return List.of(
        PatternRule.of(
            Signs.DIGIT,
            ("(?<![\\d.,])\\d{1,12}(?:,\\d{3}){0,4}(?:\\.\\d{1,2})?" + scale + " ?" + currency)
                + "(?:\\d{1,2}[角毛分]){0,2}"),
        PatternRule.of(
            Signs.ANY,
            "(?<!"
                + HAN_DIGITS
                + ")"
                + HAN_DIGITS
                + "{0,8}[十百千万萬]"
                + HAN_DIGITS
                + "{0,4}"
                + currency),
        PatternRule.of(Signs.CURRENCY, "[¥￥$€£] ?\\d{1,12}(?:[,.]\\d{1,3}){0,4}" + scale));
  }

  /** What a part of a Chinese or Japanese address may be written in. */
  private static final String PART = "[\\p{IsHan}\\p{IsKatakana}ーヶケノ々]";

  private List<PatternRule> hanAddresses() {
    if (language.equals("ja")) {
      String number =
          "[ 　]?\\d{1,4}(?:(?:丁目|番地?|号|条|線)[西東南北]?|[-の](?=\\d))?(?:\\d{1,4}(?:丁目|番地?|号室?|条|階|F)?[-の]?){0,4}(?:["
              + " 　][\\p{IsHan}\\p{IsKatakana}\\p{IsHiragana}ーA-Za-z]{1,15}[ "
              + "　]?\\d{1,4}(?:号室|階|F)?)?";
      String post = "(?:〒? ?\\d{3}-?\\d{4} ?)?";
      return List.of(
          PatternRule.of(
              Signs.ANY,
              post
                  + any("prefectures")
                  + "[\\p{IsHan}\\p{IsHiragana}\\p{IsKatakana}ー々]{1,20}(?:"
                  + number
                  + "|(?<=[市区町村ル]))"),
          PatternRule.of(
              Signs.DIGIT,
              post
                  + "(?:"
                  + PART
                  + "{1,6}[市区町村郡]){1,3}[\\p{IsHan}\\p{IsHiragana}\\p{IsKatakana}ー々]{1,12}?"
                  + number),
          PatternRule.of(Signs.FOUR_DIGITS, "〒 ?\\d{3}-?\\d{4}(?!\\d)"),
          PatternRule.of(Signs.DASH, "(?<![\\d-])\\d{3}-\\d{4}(?![\\d-])"));
    }
    String name = "(?:[\\p{IsHan}&&[^我你您他她它在到是住请送寄的了把为往从给址和与发]]|和(?=平))";
    String number = "\\d{1,5}(?:[号號弄巷楼樓层層单元室栋棟座幢之]{1,2}\\d{0,4}){1,6}";
    return List.of(
        PatternRule.of(
            Signs.DIGIT, name + "{2,24}(?:[路街道巷弄里段村镇]|大街|大道)" + name + "{0,8}(?:\\d段)?" + number));
  }
}
