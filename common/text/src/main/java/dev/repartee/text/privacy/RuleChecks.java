package dev.repartee.text.privacy;

import static dev.repartee.text.privacy.PatternRule.REFUSED;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import dev.repartee.text.StopWords;
import dev.repartee.text.WordLists;
import dev.repartee.text.privacy.PatternRule.Match;
import java.math.BigInteger;
import java.net.IDN;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the patterns of {@code rules.txt} cannot decide: whether a match is what it looks like. */
final class RuleChecks {

  private RuleChecks() {}

  /**
   * The check that a rule names.
   *
   * @return the end of the span of a match, or {@link PatternRule#REFUSED}
   */
  static ToIntFunction<Match> named(String name) {
    return switch (name) {
      case "cardEnd" -> RuleChecks::cardEnd;
      case "plateEnd" -> RuleChecks::plateEnd;
      case "townEnd" -> RuleChecks::townEnd;
      default -> PatternRule.onlyIf(test(name));
    };
  }

  private static Predicate<Match> test(String name) {
    return switch (name) {
      case "isSpelledAddress" -> RuleChecks::isSpelledAddress;
      case "isDomain" -> RuleChecks::isDomain;
      case "isAnyDomain" -> RuleChecks::isAnyDomain;
      case "isPhone" -> RuleChecks::isPhone;
      case "isLastDigits" -> RuleChecks::isLastDigits;
      case "isIban" -> RuleChecks::isIban;
      case "isNoDate" -> RuleChecks::isNoDate;
      case "isLongEnough" -> RuleChecks::isLongEnough;
      case "isHandle" -> RuleChecks::isHandle;
      case "isNoCommonWord" -> RuleChecks::isNoCommonWord;
      case "isOnCard" -> RuleChecks::isOnCard;
      case "isPassword" -> RuleChecks::isPassword;
      case "isUnknown" -> RuleChecks::isUnknown;
      case "isBookingCode" -> RuleChecks::isBookingCode;
      case "isRareStreet" -> RuleChecks::isRareStreet;
      case "isStreet" -> RuleChecks::isStreet;
      case "isAfterAddressCue" -> RuleChecks::isAfterAddressCue;
      case "isHouseAfterCue" -> RuleChecks::isHouseAfterCue;
      case "isDay" -> RuleChecks::isDay;
      case "isCalendar" -> RuleChecks::isCalendar;
      case "isShort" -> RuleChecks::isShort;
      case "isCode" -> RuleChecks::isCode;
      case "isCodeWithLetter" -> RuleChecks::isCodeWithLetter;
      case "isHashReference" -> RuleChecks::isHashReference;
      case "isMixed" -> RuleChecks::isMixed;
      case "isLetterCode" -> RuleChecks::isLetterCode;
      case "isNoYear" -> RuleChecks::isNoYear;
      default -> throw new IllegalArgumentException("no check is named '" + name + "'");
    };
  }

  private static boolean isCommon(String word) {
    return Lexicon.shared().isCommon(word);
  }

  private static boolean isNoCommonWord(Match match) {
    return !isCommon(match.value().replaceAll("[.!]+$", ""));
  }

  /** "@jo_88", but not "@order". */
  private static boolean isHandle(Match match) {
    return !isCommon(match.value().substring(1));
  }

  private static final Pattern YEAR = Pattern.compile("(?:19|20)\\d\\d");

  // E-mail addresses, links, bare domains.

  /** "Look at example dot com": a verb before "at", and no user. */
  private static final Set<String> VERBS_BEFORE_AT = Lexicon.set("verbs-before-at");

  private static final Pattern ENDS_IN_WORD_TOP = RuleTable.pattern("\\b%{word-domain-endings}$");

  /**
   * "At the shop. In" is no address either: a bare "at" needs a spelled dot and a user that is no
   * verb. In English "at this point in" is none.
   */
  private static boolean isSpelledAddress(Match match) {
    String at = match.group("at");
    boolean bracketed = !at.equals(" at ") && !at.equals(" @ ");
    String user = match.group("user");
    if (at.equals(" @ ")) {
      // "Two for one @ the shop . In" may be a sentence; "@ mail . com" may not.
      return !ENDS_IN_WORD_TOP.matcher(match.value()).find() || !isCommon(user);
    }
    String dot = match.group("dot").strip();
    boolean spelled = bracketed || !(dot.equals(".") || dot.equals("(.)") || dot.equals("point"));
    return spelled && (bracketed || !VERBS_BEFORE_AT.contains(user));
  }

  /** "sorry.my partner": a blank was left out. */
  private static final Pattern WORD_AND_TOP =
      Pattern.compile("[\\p{L}']+\\.(?:my|us|id|ca|th|ie|ai|so)");

  /** The names at the end of domains, in letters and as they are sent. */
  static final Set<String> TOP_DOMAINS =
      new WordLists(Lexicon.class, "top-level-domains.txt")
          .words("top-level-domains").stream()
              .flatMap(name -> Stream.of(name, IDN.toUnicode(name)))
              .collect(Collectors.toUnmodifiableSet());

  /** Top-level domains that are far more often the endings of files. */
  private static final Set<String> FILE_ENDINGS = Set.of("zip", "mov");

  /** In "Thanks.My order" a blank is missing: a capital begins a sentence, unless all are. */
  private static boolean isDomain(Match match) {
    String typed = match.typed();
    String value = match.value();
    int dot = typed.indexOf('.');
    boolean capitalAfterDot =
        dot + 1 < typed.length() && Character.isUpperCase(typed.charAt(dot + 1));
    boolean shouted = typed.equals(typed.toUpperCase(Locale.ROOT));
    boolean glued = WORD_AND_TOP.matcher(value).matches() && isCommon(value.substring(0, dot));
    return (!capitalAfterDot || shouted || value.endsWith(".com")) && !glued;
  }

  /**
   * Any name of the root zone of the internet, or any name at all before a path. In "done.click on
   * it" a blank is missing: an everyday word and a full stop are no domain.
   */
  private static boolean isAnyDomain(Match match) {
    String top = match.group("top");
    boolean path = match.has("path");
    if (!path && !TOP_DOMAINS.contains(top)) {
      return false;
    }
    String domain = match.value().substring(0, match.matcher().end("top") - match.start());
    String label = domain.substring(0, domain.length() - top.length() - 1);
    boolean plain = label.chars().allMatch(Character::isLetter);
    CharSequence typed = match.text().folded();
    if (!path
        && Character.isUpperCase(typed.charAt(match.matcher().start("top")))
        && !Character.isUpperCase(typed.charAt(match.matcher().end("top") - 1))) {
      return false; // "March 3rd.Is that okay?"
    }
    boolean wordOrFile = StopWords.isCommon(top) || FILE_ENDINGS.contains(top);
    return !plain || !(isWord(label) || (wordOrFile && !path));
  }

  static boolean isWord(String text) {
    return isCommon(text) || StopWords.isCommon(text);
  }

  // Phone numbers. Groups of digits with signs between them are recognised by their form; for a
  // run of digits without any, the numbering plans of several regions decide.

  private static final Pattern PHONE_WORD = RuleTable.pattern("\\b%{phone-words}\\b");
  private static final Pattern DIGIT_GROUP = Pattern.compile("\\d+");
  private static final Pattern YEARS = Pattern.compile("(?:19|20)\\d\\d ?[-/] ?(?:19|20)\\d\\d");

  /** Regions in which numbers are dialled without a leading zero. */
  private static final List<String> PLAIN_REGIONS = List.of("US", "IN");

  /** Regions in which numbers are dialled with a leading zero. */
  private static final List<String> ZERO_REGIONS =
      List.of("GB", "DE", "FR", "IT", "AU", "NL", "IN", "ZA");

  private static final int LEAST_DIGITS = 7;
  private static final int MOST_DIGITS = 16;
  private static final int MOST_PLAN_DIGITS = 13;
  private static final int PHONE_CUE_DISTANCE = 32;

  /** Bounds the look-ups in numbering plans in a text of nothing but numbers. */
  static final int MOST_LOOK_UPS = 100;

  private static boolean isPhone(Match match) {
    if (!match.has("end")) {
      return false;
    }
    String typed = match.value();
    boolean cue =
        match.has("extension") || PHONE_WORD.matcher(match.before(PHONE_CUE_DISTANCE)).find();
    boolean bare = match.digits() == typed.length();
    return bare
        ? cue || (match.index() < MOST_LOOK_UPS && isValidSomewhere(typed))
        : hasPhoneGroups(typed, match.digits(), cue);
  }

  private static boolean hasPhoneGroups(String typed, int digits, boolean cue) {
    boolean plus = typed.contains("+");
    if (digits < (cue ? LEAST_DIGITS - 1 : LEAST_DIGITS)
        || (digits > MOST_DIGITS && !cue && !plus)
        || YEARS.matcher(typed).matches()) {
      return false;
    }
    boolean international = plus || typed.startsWith("0") || typed.startsWith("(");
    List<Integer> lengths =
        DIGIT_GROUP.matcher(typed).results().map(group -> group.group().length()).toList();
    int groups = lengths.size();
    long longGroups = lengths.stream().filter(length -> length >= 3).count();
    long single = lengths.stream().filter(length -> length == 1).count();
    return international
        || (cue && single < groups)
        || (longGroups >= 2 && single <= 1)
        || (longGroups >= 1 && groups <= 4 && single <= 1 && digits >= 9)
        || (groups == 4 && longGroups == 0 && single == 0);
  }

  private static boolean isValidSomewhere(String digits) {
    return digits.length() > LEAST_DIGITS
        && digits.length() <= MOST_PLAN_DIGITS
        && isValid(digits, digits.startsWith("0") ? ZERO_REGIONS : PLAIN_REGIONS);
  }

  /** Whether one of these regions has such a phone number. */
  static boolean isValid(String number, List<String> regions) {
    PhoneNumberUtil plans = PhoneNumberUtil.getInstance();
    for (String region : regions) {
      try {
        if (plans.isValidNumber(plans.parse(number, region))) {
          return true;
        }
      } catch (NumberParseException e) {
        return false;
      }
    }
    return false;
  }

  // Payment cards: whole numbers, their last digits, their security codes.

  private static final Pattern CARD_WORD = RuleTable.pattern("CARD_WORD");
  private static final Pattern CARD_GROUPS =
      Pattern.compile(
          "\\d{4}([ ._/-]{1,3})\\d{4}\\1\\d{4}\\1\\d{4}|3\\d{3}([ ._/-]{1,3})\\d{6}\\2\\d{5}");
  private static final int LEAST_CARD_DIGITS = 13;
  private static final int MOST_CARD_DIGITS = 19;
  private static final int CARD_CUE_DISTANCE = 40;

  /**
   * The end of the card at the start of a run of digit groups; an expiry date may follow it. Of the
   * ends of groups the last with a valid check digit counts, then the usual layout of cards, then,
   * beside a word for cards, the whole run.
   */
  private static int cardEnd(Match match) {
    String run = match.value();
    int digits = 0;
    int best = 0;
    for (int i = 0; i < run.length() && digits < MOST_CARD_DIGITS; i++) {
      if (!Sign.isDigit(run.charAt(i))) {
        continue;
      }
      digits++;
      boolean groupEnds = i + 1 == run.length() || !Sign.isDigit(run.charAt(i + 1));
      if (groupEnds && digits >= LEAST_CARD_DIGITS && hasLuhnDigit(run.substring(0, i + 1))) {
        best = i + 1;
      }
    }
    if (best > 0) {
      return match.start() + best;
    }
    Matcher groups = CARD_GROUPS.matcher(run);
    if (groups.lookingAt()) {
      return match.start() + groups.end();
    }
    String around = match.before(CARD_CUE_DISTANCE) + run + match.after(CARD_CUE_DISTANCE / 2);
    return match.digits() <= MOST_CARD_DIGITS && CARD_WORD.matcher(around).find()
        ? match.end()
        : REFUSED;
  }

  /** The check of payment card numbers, which one number in ten passes by chance. */
  static boolean hasLuhnDigit(String number) {
    int sum = 0;
    boolean doubled = false;
    for (int i = number.length() - 1; i >= 0; i--) {
      if (Sign.isDigit(number.charAt(i))) {
        int digit = number.charAt(i) - '0';
        int value = doubled ? 2 * digit : digit;
        sum += value > 9 ? value - 9 : value;
        doubled = !doubled;
      }
    }
    return sum % 10 == 0;
  }

  private static final Pattern LOOSE_IBAN = Pattern.compile("[a-z]{2}\\d\\d(?: ?[a-z0-9]){10,32}");
  private static final Pattern IBAN_IN_FOURS =
      Pattern.compile("[A-Z]{2}\\d\\d(?:[ -][A-Z0-9]{4}){3,7}(?:[ -][A-Z0-9]{1,3})?");
  private static final int MOST_PLAIN_DIGITS = 3;

  /** Groups of letters and digits may be anything: the check digits or the layout must fit. */
  private static boolean isIban(Match match) {
    String iban = match.value().replaceAll("[ -]", "");
    if (!LOOSE_IBAN.matcher(iban).matches() || iban.length() < 15 || iban.length() > 34) {
      return false;
    }
    boolean laidOut = IBAN_IN_FOURS.matcher(match.typed()).matches();
    return laidOut || match.before(16).contains("iban") || hasIbanChecksum(iban);
  }

  /** ISO 7064 MOD 97-10. */
  private static boolean hasIbanChecksum(String iban) {
    StringBuilder digits = new StringBuilder();
    String turned = iban.substring(4) + iban.substring(0, 4);
    for (int i = 0; i < turned.length(); i++) {
      digits.append(Character.digit(turned.charAt(i), 36));
    }
    return new BigInteger(digits.toString()).mod(BigInteger.valueOf(97)).intValue() == 1;
  }

  /** "12-11-20" may be the sort code of a bank. */
  private static boolean isNoDate(Match match) {
    int first = Integer.parseInt(match.value().substring(0, 2));
    int second = Integer.parseInt(match.value().substring(3, 5));
    return !isDayAndMonth(first, second) || match.before(20).contains("sort");
  }

  private static boolean isLastDigits(Match match) {
    return match.digits() >= 4 || match.end() - match.start() > 3;
  }

  private static boolean isLongEnough(Match match) {
    return match.digits() > MOST_PLAIN_DIGITS && !YEAR.matcher(match.value()).matches();
  }

  // The security codes of cards.

  private static final Pattern CARD_BACK =
      RuleTable.pattern("CARD_BACK", Pattern.UNICODE_CHARACTER_CLASS);

  private static boolean isOnCard(Match match) {
    return CARD_BACK.matcher(match.cue()).find();
  }

  // Passwords.

  /** Characters inside a password that no word has. */
  private static final Pattern PASSWORD_SIGN =
      Pattern.compile("\\p{N}|[\\p{L}][_@$%*#&+=^~][\\p{L}\\p{N}]|\\p{Ll}\\p{Lu}");

  /** The languages of the cues, with the form of words that say how a password is. */
  static final Map<String, Pattern> STATES =
      Stream.of("en", "nl", "de", "fr", "es", "it", "pt")
          .collect(Collectors.toMap(it -> it, it -> RuleTable.pattern("STATE_" + it)));

  /**
   * Letters alone are a password where a word such as "is" or a colon says so and they are no word
   * of its language. With a capital or in quotes an everyday word may be one, too; in German all
   * nouns have capitals.
   */
  private static boolean isPassword(Match match) {
    String typed = match.typed().replaceAll("[.!?]+$", "");
    if (PASSWORD_SIGN.matcher(typed).find()) {
      return !NO_PASSWORD.matcher(typed).matches();
    }
    if (!match.has("said")) {
      return false;
    }
    String said = match.group("said").replaceFirst(".* ", "");
    boolean stated = !Character.isLetter(said.charAt(0));
    Set<String> languages =
        STATES.keySet().stream()
            .filter(it -> StopWords.isCommon(said, it))
            .collect(Collectors.toSet());
    if (languages.isEmpty()) {
      languages = STATES.keySet();
    }
    String lower = typed.toLowerCase(Locale.ROOT);
    boolean title = typed.matches("\\p{Lu}\\P{Lu}+");
    boolean noun = title && languages.contains("de");
    boolean marked = match.has("quote") || (title && !noun && !stated);
    if (!noun && isState(lower, marked || stated ? Set.of("en") : languages)) {
      return false;
    }
    return marked
        ? !StopWords.isCommon(lower) && !Lexicon.shared().isNoName(lower)
        : !isEveryday(lower, stated && title ? Set.of("en") : languages);
  }

  private static boolean isState(String word, Set<String> languages) {
    return languages.stream().anyMatch(it -> STATES.get(it).matcher(word).matches());
  }

  private static boolean isEveryday(String word, Set<String> languages) {
    return isWord(word) || languages.stream().anyMatch(it -> Lexicon.isEveryday(word, it));
  }

  /** Neither a word of the languages of the cues nor one that is typed carelessly. */
  private static boolean isUnknown(Match match) {
    String value = match.value();
    return !isEveryday(value, STATES.keySet())
        && !isState(value, STATES.keySet())
        && !Lexicon.shared().isMistyped(value);
  }

  private static final Pattern NO_PASSWORD =
      Pattern.compile("\\d{1,3}|\\d{1,3}(?:st|nd|rd|th|h|min|x)");

  /** Six capitals are a code, unless they are a word or all of the message is in capitals. */
  private static boolean isBookingCode(Match match) {
    boolean bare = match.group("filler").isEmpty();
    return (!bare || match.value().length() == 6) && isNoWord(match);
  }

  /** "031 NGA and": words may follow. */
  private static int plateEnd(Match match) {
    String plate = match.typed();
    Matcher word = LAST_WORD.matcher(plate);
    while (word.find() && isCommon(word.group("word"))) {
      plate = plate.substring(0, word.start());
      word = LAST_WORD.matcher(plate);
    }
    boolean mixed =
        plate.chars().anyMatch(Character::isDigit) && plate.chars().anyMatch(Character::isLetter);
    return mixed && !MEASURED.matcher(plate).find() ? match.start() + plate.length() : REFUSED;
  }

  private static final Pattern LAST_WORD = Pattern.compile(" (?<word>\\p{Ll}+)$");

  /** "2 days", "5 cm". */
  private static final Pattern MEASURED = Pattern.compile("^\\d{1,3} \\p{Ll}+$");

  private static final Pattern STREET_CUE = RuleTable.pattern("STREET_CUE");
  private static final int STREET_DISTANCE = 40;

  /** The A of "Terry A Francois Boulevard" is no article. */
  private static final Pattern INITIAL = Pattern.compile("(?<=[a-z]) \\p{Lu}\\.? (?=\\p{Lu})");

  private static final Pattern CAPITALS =
      Pattern.compile(
          "^\\d+ ?[A-Za-z]? (?:[NSEW]\\.? )?(?:(?:\\p{Lu}[\\p{L}.'-]*|\\d+[a-z]{2}) ){1,2}\\p{Lu}");
  private static final Pattern NO_STREET_NAME = RuleTable.pattern("\\b%{no-street-names}\\b");

  /** "1200 Brandon Crossing" with capitals; in lower case only after a cue for an address. */
  private static boolean isRareStreet(Match match) {
    boolean capital = CAPITALS.matcher(match.typed()).find();
    boolean cue = STREET_CUE.matcher(match.before(STREET_DISTANCE)).find();
    return (capital || cue) && isStreet(match);
  }

  /** "2 nights in a hotel on Castro Street" holds a number and a street, but no address. */
  private static boolean isStreet(Match match) {
    int start = match.matcher().start("street");
    int end = match.matcher().end("street");
    String typed = match.text().folded().subSequence(start, end).toString();
    String street = INITIAL.matcher(typed).replaceAll(" ").toLowerCase(Locale.ROOT);
    String name = street.substring(0, Math.max(0, street.strip().lastIndexOf(' ')));
    return !NO_STREET_NAME.matcher(name).find();
  }

  private static final Pattern PART_CUE = RuleTable.pattern("PART_CUE");
  private static final int PART_CUE_DISTANCE = 48;
  private static final Pattern IS_AT = Pattern.compile("\\b(?:i'm|im|i am|we're|we are) at $");
  private static final Pattern MONTH_OR_WEEKDAY = RuleTable.pattern("MONTH_OR_WEEKDAY");
  private static final Set<String> NO_TOWN = Lexicon.set("no-towns");

  /** A town may follow a comma; "thanks" and the like may, too. */
  private static int townEnd(Match match) {
    if (match.has("street") && !isStreet(match)) {
      return REFUSED;
    }
    int comma = match.value().lastIndexOf(", ");
    boolean town = comma < 0 || !NO_TOWN.contains(match.value().substring(comma + 2));
    return town ? match.end() : match.start() + comma;
  }

  private static boolean hasAddressCue(Match match) {
    return PART_CUE.matcher(match.before(PART_CUE_DISTANCE)).find();
  }

  private static boolean isAfterAddressCue(Match match) {
    return hasAddressCue(match) || IS_AT.matcher(match.before(12)).find();
  }

  private static boolean isHouseAfterCue(Match match) {
    return match.has("house")
        && hasAddressCue(match)
        && !MONTH_OR_WEEKDAY.matcher(match.value()).lookingAt();
  }

  private static final Set<String> DATE_CUES = Lexicon.set("date-cues");
  private static final int DATE_DISTANCE = 12;
  private static final Pattern VERSION =
      Pattern.compile("\\b(?:v|version|ios|android|release|build)\\W*$");
  private static final Pattern OF_MEASURE =
      Pattern.compile(" ?(?:stars?|points?|inch|cup|of |hour|mile|price)");
  private static final Pattern RATING =
      Pattern.compile("\\b(?:rated?|rating|score|scored|gives?|gave)\\b");

  /** "You may 2 times": in lower case "may", "mar" and "march" need more to be a month. */
  private static boolean isDay(Match match) {
    String month = match.group("month");
    boolean verb = month.equals("may") || month.equals("mar") || month.equals("march");
    char typed = match.text().folded().charAt(match.matcher().start("month"));
    if (!verb || Character.isUpperCase(typed)) {
      return true;
    }
    String day = match.group("day");
    return match.has("year")
        || !Character.isDigit(day.charAt(day.length() - 1))
        || match.follows(DATE_CUES, "(:", DATE_DISTANCE);
  }

  private static boolean isCalendar(Match match) {
    int a = Integer.parseInt(match.group("a"));
    int b = Integer.parseInt(match.group("b"));
    boolean version = VERSION.matcher(match.before(DATE_DISTANCE)).find();
    return isDayAndMonth(a, b) && !version;
  }

  /** In either order. */
  private static boolean isDayAndMonth(int a, int b) {
    return a > 0 && b > 0 && a <= 31 && b <= 31 && Math.min(a, b) <= 12;
  }

  /** Two numbers with a slash are a date, unless they read as a fraction, a share or a mark. */
  private static boolean isShort(Match match) {
    String a = match.group("a");
    String b = match.group("b");
    int first = Integer.parseInt(a);
    int second = Integer.parseInt(b);
    if (!isDayAndMonth(first, second)
        || OF_MEASURE.matcher(match.after(9)).lookingAt()
        || (second <= 10 && RATING.matcher(match.before(16)).find())) {
      return false;
    }
    if (a.charAt(0) == '0' || b.charAt(0) == '0') {
      return true;
    }
    boolean fraction = first <= second && (second <= 5 || second == 8 || second == 10);
    boolean always = first == 24 && second == 7;
    return !always && (!fraction || match.follows(DATE_CUES, "(:", DATE_DISTANCE));
  }

  private static final Pattern LETTERS_AND_DIGITS = Pattern.compile("[a-z]++\\d++|\\d++[a-z]++");
  private static final Pattern MEASURE = RuleTable.pattern("MEASURE");

  /** A phone number that ends in a word. */
  private static final Pattern FREEPHONE = Pattern.compile("(?:1-)?8\\d\\d-[a-z-]{3,13}");

  /** The six capitals and digits of a booking, a letter at both ends. */
  private static final Pattern LOCATOR =
      Pattern.compile("(?=[A-Z]*\\d[A-Z\\d]*)[A-Z][A-Z\\d]{4}[A-Z]");

  private static final Pattern SHORT_DATE =
      Pattern.compile("\\d{1,2}[/.-]\\d{1,2}(?:[/.-]\\d{2,4})?");
  private static final Pattern CODE_CUE = Pattern.compile("[#:]|\\b(?:number|no\\.?|id|is)\\W*$");
  private static final int CODE_CUE_DISTANCE = 12;
  private static final Pattern MIXED_GROUP =
      Pattern.compile("(?<![A-Z\\d])(?:[A-Z]++\\d|\\d++[A-Z])");
  private static final Pattern LOWER_ID = Pattern.compile("[a-z]{1,6}[-_]\\d{4,}");
  private static final Pattern HASH_ID = Pattern.compile("#[a-z]+-?\\d");

  /** "#covid19", "#ps5" of posts. */
  private static final Pattern HASHTAG = Pattern.compile("#[a-z]{2,}\\d{1,2}");

  private static final Pattern PROJECT_ID =
      Pattern.compile("(?!HTTP|ISO|ERROR|COVID|UTF|DIN|USB|WIN|RFC|EUR|USD)[A-Z]{2,10}-\\d{3}");

  /** What is left of a phone number without its brackets or its plus. */
  private static final Pattern EXTENDED = Pattern.compile("[\\d-]{6,}x\\d{1,6}");

  private static final Pattern VOWELS = Pattern.compile("[aeiouy]");
  private static final int CASE_DISTANCE = 24;
  private static final int LEAST_CONSONANTS = 5;
  private static final int LEAST_MIXED = 5;
  private static final int LEAST_RANDOM = 8;
  private static final int LEAST_CASE_CHANGES = 3;
  private static final int FEW_DIGITS = 3;

  private static boolean isCode(Match match) {
    String value = match.value();
    if (MEASURE.matcher(value).matches()
        || EXTENDED.matcher(value).matches()
        || SHORT_DATE.matcher(value).matches()) {
      return false;
    }
    int digits = match.digits();
    boolean asked = CODE_CUE.matcher(match.before(CODE_CUE_DISTANCE)).find();
    boolean year = YEAR.matcher(value).matches() && !asked;
    boolean locator = LOCATOR.matcher(match.typed()).matches();
    int least = locator ? 1 : hasLetter(value) ? 2 : FEW_DIGITS + 1;
    return (!year && digits >= least)
        || (value.startsWith("#") && digits >= FEW_DIGITS)
        || (digits == FEW_DIGITS && asked);
  }

  private static boolean isCodeWithLetter(Match match) {
    return hasLetter(match.value()) && isCode(match);
  }

  private static boolean isHashReference(Match match) {
    return !HASHTAG.matcher(match.value()).matches()
        && (match.digits() >= FEW_DIGITS || HASH_ID.matcher(match.value()).find());
  }

  /** Six capitals are a code, unless they are a word or all of the message is in capitals. */
  private static boolean isLetterCode(Match match) {
    boolean bare = "".equals(match.group("filler")) || match.has("foreign");
    return (!bare || VOWELS.matcher(match.value()).replaceAll("").length() >= LEAST_CONSONANTS)
        && isNoWord(match);
  }

  /** Whether capitals are neither a word nor a name, nor all of the message in capitals. */
  static boolean isNoWord(Match match) {
    return !isCommon(match.value())
        && !Lexicon.shared().isGiven(match.value())
        && match.typedBefore(CASE_DISTANCE).chars().anyMatch(Character::isLowerCase);
  }

  /** "Qaj5JxJcNmUX": capitals, small letters and digits change too often for a word. */
  private static boolean isRandom(Match match) {
    String typed = match.typed();
    boolean cased =
        typed.length() >= LEAST_RANDOM
            && match.digits() > 0
            && typed.chars().anyMatch(Character::isUpperCase)
            && typed.chars().anyMatch(Character::isLowerCase);
    int changes = 0;
    for (int i = 1; cased && i < typed.length(); i++) {
      char before = typed.charAt(i - 1);
      char c = typed.charAt(i);
      boolean rises = Character.isLowerCase(before) && Character.isUpperCase(c);
      boolean figure = Character.isDigit(before) != Character.isDigit(c);
      changes += rises || figure ? 1 : 0;
    }
    return changes >= LEAST_CASE_CHANGES;
  }

  private static boolean hasLetter(String value) {
    return value.chars().anyMatch(c -> c >= 'a' && c <= 'z');
  }

  /** Without a cue, letters and digits must be mixed as in no word and no measure. */
  private static boolean isMixed(Match match) {
    String value = match.value();
    if (value.length() < LEAST_MIXED || !hasLetter(value)) {
      return false;
    }
    String typed = match.typed();
    int digits = match.digits();
    if (LOCATOR.matcher(typed).matches()
        || PROJECT_ID.matcher(typed).matches()
        || isRandom(match)) {
      return true;
    }
    if (digits < 2
        || FREEPHONE.matcher(value).matches()
        || EXTENDED.matcher(value).matches()
        || MEASURE.matcher(value).matches()) {
      return false;
    }
    boolean capitals = typed.chars().noneMatch(Character::isLowerCase);
    if (value.indexOf('-') >= 0 || value.indexOf('_') >= 0 || value.indexOf('/') >= 0) {
      boolean mixedGroup = capitals && digits >= FEW_DIGITS && MIXED_GROUP.matcher(typed).find();
      return mixedGroup
          || digits > (capitals ? FEW_DIGITS : FEW_DIGITS + 1)
          || LOWER_ID.matcher(value).matches();
    }
    if (LETTERS_AND_DIGITS.matcher(value).matches()) {
      return digits >= (capitals ? FEW_DIGITS : FEW_DIGITS + 1);
    }
    return capitals || (value.length() > LEAST_MIXED && digits >= FEW_DIGITS);
  }

  /** Words before a year that says when something happened. */
  private static final Pattern BEFORE_YEAR = RuleTable.pattern("BEFORE_YEAR");

  private static final Pattern AFTER_YEAR = RuleTable.pattern("AFTER_YEAR");

  /** A year in a phrase such as "in 2019" is no number; a year alone may be a PIN. */
  private static boolean isNoYear(Match match) {
    return !YEAR.matcher(match.value()).matches()
        || !(BEFORE_YEAR.matcher(match.before(14)).find()
            || AFTER_YEAR.matcher(match.after(10)).find());
  }
}
