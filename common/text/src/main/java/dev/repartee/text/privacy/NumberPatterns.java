package dev.repartee.text.privacy;

import static dev.repartee.text.privacy.PatternRule.NO_WORD_AFTER;
import static dev.repartee.text.privacy.PatternRule.NO_WORD_BEFORE;
import static dev.repartee.text.privacy.PatternRule.WORD_START;
import static dev.repartee.text.privacy.PatternRule.anyOf;

import dev.repartee.text.privacy.PatternRule.Match;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** The references of firms, amounts of money, and all other numbers of four digits or more. */
final class NumberPatterns {

  private static final Pattern YEAR = Pattern.compile("(?:19|20)\\d\\d");

  private NumberPatterns() {}

  // References: what firms number, such as orders, tickets, bookings, parcels and invoices.

  private static final String FOREIGN_FILLER =
      "(?i: (?:ist|lautet|est|es|le|nummer|nr\\.?|numéro|número|n[°º]|no)(?!\\p{L})|[:.])";

  private static final String REFERENCE_FILLER =
      "(?: ?(?:number|numbers|numb|num|no|nr|id|ids|code|ref|reference|ticket|order|is|was|it's|its"
          + "|reads|says|[=:#.(\"'-])(?![a-z])){0,6}+";

  /** A code with a digit in it; further groups are joined by a sign, or by a blank to digits. */
  private static final String CODE =
      " ?(?<value>#?"
          + " ?(?:[a-z]{1,10}[-_/])?[a-z]*+\\d[a-z0-9]*+(?:[-_/][a-z0-9]++|\\.\\d{3}\\.\\d{3}(?![.\\d]))*+(?:"
          + " (?=\\d{3})\\d{3,8}(?![a-z:.\\d]))*+)";

  private static final Pattern LETTERS_AND_DIGITS = Pattern.compile("[a-z]++\\d++|\\d++[a-z]++");
  private static final Pattern MEASURE =
      Pattern.compile(
          "\\d+(?:st|nd|rd|th|s|x|k|m|g|p|gb|mb|tb|kb|kg|km|cm|mm|ml|mg|lb|lbs|oz|ft|in|hz|mhz|ghz"
              + "|mah|wh|kwh|kw|w|v|mbps|gbps|mph|kmh|min|mins|hr|hrs|h|sec|secs|am|pm|days?|weeks?"
              + "|years?|yrs?|yo|pcs|usd|eur|gbp|px|fps|bhk|d)");

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

  static final List<PatternRule> REFERENCES =
      List.of(
          PatternRule.of(
              Signs.DASH,
              NO_WORD_BEFORE
                  + "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
                  + NO_WORD_AFTER),
          PatternRule.of(
              Signs.FOUR_IN_A_ROW,
              "(?=\\d)(?<![\\p{L}\\p{N}.,/-])\\d{4,8}/\\d{1,4}(?![\\p{L}\\p{N}/%])"),
          PatternRule.of(
                  Signs.REFERENCE_WORD,
                  WORD_START + anyOf("reference-words") + REFERENCE_FILLER + CODE)
              .when(NumberPatterns::isCode),
          PatternRule.of(
                  Signs.REFERENCE_WORD, WORD_START + anyOf("code-names") + REFERENCE_FILLER + CODE)
              .when(match -> hasLetter(match.value()) && isCode(match)),
          PatternRule.of(
              Signs.MIXED,
              "(?=1)"
                  + NO_WORD_BEFORE
                  + "1z[ -]?[a-z0-9]{3}[ -]?[a-z0-9]{3}[ -]?\\d{2}[ -]?\\d{4}[ -]?\\d{4}(?!\\d)"),
          PatternRule.of(
              Signs.FOUR_IN_A_ROW,
              "(?=\\d)" + NO_WORD_BEFORE + "(?:\\d{4} ){4,}\\d{1,4}" + NO_WORD_AFTER),
          PatternRule.of(
                  Signs.HASH,
                  "(?=#)"
                      + NO_WORD_BEFORE
                      + "# ?(?=[a-z-]{0,12}\\d)[a-z0-9]++(?:[-_/][a-z0-9]++)*+")
              .when(
                  match ->
                      !HASHTAG.matcher(match.value()).matches()
                          && (match.digits() >= FEW_DIGITS
                              || HASH_ID.matcher(match.value()).find())),
          PatternRule.of(
                  Signs.THREE_DIGITS | Signs.MIXED,
                  "(?=[a-z0-9])(?<![\\p{L}\\p{N}.@'/_-])(?=[a-z0-9_/-]{0,30}\\d)[a-z0-9]++"
                      + "(?:[-_/][a-z0-9]++)*+"
                      + NO_WORD_AFTER)
              .when(NumberPatterns::isMixed),
          PatternRule.cased(
                  Signs.CODE_WORD,
                  WORD_START
                      + ("(?:(?i:" + anyOf("capitals-words") + ")")
                      + "(?i: (?:number|code|is|was|no|id|ref)|[:#=.]){1,4}+"
                      + ("|(?i:" + anyOf("sure-code-words") + ")")
                      + ("|(?<foreign>(?i:"
                          + anyOf("foreign-capitals-words")
                          + ")"
                          + FOREIGN_FILLER)
                      + ("{0,4}+|(?i:" + anyOf("foreign-things") + ")" + FOREIGN_FILLER + "{1,4}+)")
                      + ("|(?i:" + anyOf("parcel-words") + ")")
                      + "(?<filler>(?i: (?:number|code|no|id|ref)|[:#=.]| \\(){0,4}+))"
                      + (" ?(?<value>[A-Z][A-Z\\d]{4,9})" + NO_WORD_AFTER))
              .when(NumberPatterns::isLetterCode));

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

  /** Six capitals are a code, unless they are a word or all of the message is in capitals. */
  private static boolean isLetterCode(Match match) {
    boolean bare = "".equals(match.group("filler")) || match.has("foreign");
    return (!bare || VOWELS.matcher(match.value()).replaceAll("").length() >= LEAST_CONSONANTS)
        && isNoWord(match);
  }

  /** Whether capitals are neither a word nor a name, nor all of the message in capitals. */
  static boolean isNoWord(Match match) {
    return !Lexicon.shared().isCommon(match.value())
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
    for (int i = 0; i < value.length(); i++) {
      if (value.charAt(i) >= 'a' && value.charAt(i) <= 'z') {
        return true;
      }
    }
    return false;
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

  // Amounts of money, in digits and in words.

  private static final String AMOUNT =
      "\\d++(?:[,.' ]\\d{3}(?!\\d)|,\\d\\d(?=,\\d))*+(?:[.,]\\d{1,2}(?!\\d))?+(?:[.,]-|/-|-)?+";
  private static final String SCALE =
      "(?: ?(?:k|m|mn|bn|mio)(?![\\p{L}\\p{N}])"
          + "| (?:hundred|thousand|million|billion|grand|lakhs?|crores?)(?!\\p{L}))?+";
  private static final String SIGN = "[$€£¥₹₩₽₺₫₦₱₴₪฿¢₾]";
  private static final String CURRENCY_CODE = anyOf("currency-codes");
  private static final String CURRENCY =
      "(?:(?:us |u\\.s\\. |american |canadian |australian |british )?"
          + ("(?:pounds? sterling|swiss francs?|" + anyOf("currency-names", "currency-codes"))
          + "))";
  private static final String UNIT =
      "(?: ?(?:(?:us|ca|au|nz|hk|mx|br|r)(?=\\$))?"
          + (SIGN + "(?:us(?![\\p{L}]))?| ?-?" + CURRENCY + NO_WORD_AFTER + ")");

  /**
   * A number in words. Its order matters: inside the possessive repetition of {@link #AMOUNTS},
   * "six" wins over "sixty", so that "one hundred and sixty dollars" is found from "sixty" on.
   */
  private static final String NUMERAL = anyOf("numerals");

  static final List<PatternRule> AMOUNTS =
      List.of(
          PatternRule.of(
              Signs.CURRENCY,
              NO_WORD_BEFORE
                  + "[-+]?(?:(?:us|ca|au|nz|hk|nt|mx|br|jp|cn) ?|[acsr](?=\\$))?"
                  + (SIGN + " ?-?" + AMOUNT + SCALE)
                  + ("(?: ?-?" + CURRENCY + NO_WORD_AFTER + ")?")),
          PatternRule.of(Signs.CURRENCY, SIGN + " ?\\.\\d{1,2}(?!\\d)"),
          PatternRule.of(
              Signs.MONEY_WORD | Signs.CURRENCY,
              NO_WORD_BEFORE
                  + ("(?:" + CURRENCY_CODE + "|rs\\.?|kr\\.?|fr\\.|euros?) ?")
                  + (AMOUNT + SCALE + "(?![\\p{L}\\d])")),
          PatternRule.cased(
              Signs.MONEY_WORD | Signs.CURRENCY,
              NO_WORD_BEFORE + anyOf("cased-currencies") + " ?" + AMOUNT + "(?![\\p{L}\\d])"),
          PatternRule.cased(
                  Signs.MONEY_WORD,
                  "(?<![\\p{L}\\p{N}.,]|\\d-)"
                      + (AMOUNT + "(?<unit> ?(?:ALL|TRY)" + NO_WORD_AFTER + ")?+"))
              .when(match -> match.has("unit")),
          // The unit is optional for the pattern, so that a long amount is read once.
          PatternRule.of(
                  Signs.MONEY_WORD | Signs.CURRENCY,
                  "(?<![\\p{L}\\p{N}.,]|\\d-)"
                      + (AMOUNT + SCALE)
                      + ("(?<unit>" + UNIT + "(?:(?: and)? \\d{1,2} (?:cents|pence))?+)?+"))
              .when(match -> match.has("unit")),
          PatternRule.of(
              Signs.MONEY_WORD | Signs.CURRENCY,
              "(?<![\\p{L}\\p{N}.,]|\\d-)\\d{1,2}p" + NO_WORD_AFTER + "(?! ?m)"),
          PatternRule.of(
              Signs.MONEY_WORD,
              "(?<![\\p{L}\\p{N}-])"
                  + "(?:(?:a|half a|a couple)(?: of)? (?:hundred|thousand|million)|"
                  + (NUMERAL + ")(?:(?:[ -]| and | a )" + NUMERAL + "){0,12}+ " + CURRENCY)
                  + ("(?: and " + NUMERAL + "(?:[ -]" + NUMERAL + ")? (?:cents|pence))?+")
                  + NO_WORD_AFTER),
          PatternRule.of(
              Signs.COST_WORD,
              WORD_START
                  + anyOf("cost-words")
                  + "(?: (?:is|was|of|for|me|you|us|at|only|about|around|exactly)){0,3}+[: ]{1,2}"
                  + "(?<value>\\d{1,9}+[.,]\\d\\d)(?![\\d%]|[.,]\\d)"),
          PatternRule.of(
              Signs.THREE_IN_A_ROW,
              "(?<![\\p{L}\\p{N}.,$])\\d{1,3}(?:,\\d{3}){1,4}\\.\\d\\d(?!\\d)"));

  // Numbers of four digits or more of which nothing else is known, and spelled digits.

  private static final List<String> DIGIT_LISTS =
      IntStream.range(0, 10).mapToObj(figure -> "digit-" + figure).toList();

  /** The figure of each spelled digit. */
  static final Map<String, Integer> FIGURES = figures();

  private static Map<String, Integer> figures() {
    Map<String, Integer> figures = new HashMap<>();
    for (int figure = 0; figure < DIGIT_LISTS.size(); figure++) {
      for (String word : Lexicon.phrases(DIGIT_LISTS.get(figure))) {
        figures.put(word, figure);
      }
    }
    return Map.copyOf(figures);
  }

  private static final String TIMES = "(?:(?:double|triple|treble)[ -])?";
  private static final String DIGIT =
      "(?:" + anyOf(DIGIT_LISTS.toArray(String[]::new)) + "|\\d)(?![\\p{L}\\p{N}])";

  /** Words before a year that says when something happened. */
  private static final Pattern BEFORE_YEAR =
      Pattern.compile("(?:^|[^\\p{L}])(?:" + anyOf("before-year") + "|\\()[ '-]{0,2}$");

  private static final Pattern AFTER_YEAR =
      Pattern.compile("^(?:s\\b| " + anyOf("after-year") + "\\b|\\))");

  static final List<PatternRule> NUMBERS =
      List.of(
          PatternRule.of(
              Signs.FOUR_IN_A_ROW,
              "(?=[-\\d])" + NO_WORD_BEFORE + "-?\\d{1,6}\\.\\d{4,}+(?![\\p{L}\\d])"),
          PatternRule.of(
              Signs.THREE_IN_A_ROW,
              "(?=\\d)(?<!\\d|\\d[.,])\\d{1,3}(?:[,']\\d{3})++(?:\\.\\d{1,2})?(?!\\d)"),
          PatternRule.of(
              Signs.FOUR_IN_A_ROW,
              "(?=\\d)(?<![\\p{L}\\d.,-])\\d{1,3}(?:-\\d{1,3}){0,3}?-\\d{4,}+"
                  + "(?:-\\d++)*+(?!\\p{L})"),
          PatternRule.of(Signs.FOUR_IN_A_ROW, "(?<!\\d)\\d{4,}+").when(match -> !isYear(match)),
          PatternRule.of(Signs.FOUR_DIGITS, "(?=\\d)(?<![\\p{L}\\d])\\d(?:[ -]\\d(?!\\d)){5,}+"),
          PatternRule.of(
              Signs.DIGIT_WORD,
              NO_WORD_BEFORE + TIMES + DIGIT + "(?:[ ,-]{1,3}" + TIMES + DIGIT + "){5,}+"));

  /** A year in a phrase such as "in 2019"; a year alone may be a PIN. */
  private static boolean isYear(Match match) {
    return YEAR.matcher(match.value()).matches()
        && (BEFORE_YEAR.matcher(match.before(14)).find()
            || AFTER_YEAR.matcher(match.after(10)).find());
  }
}
