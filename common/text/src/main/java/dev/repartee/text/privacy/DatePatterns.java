package dev.repartee.text.privacy;

import static dev.repartee.text.privacy.PatternRule.NO_WORD_AFTER;
import static dev.repartee.text.privacy.PatternRule.NO_WORD_BEFORE;
import static dev.repartee.text.privacy.PatternRule.WORD_END;
import static dev.repartee.text.privacy.PatternRule.WORD_START;
import static dev.repartee.text.privacy.PatternRule.anyOf;

import dev.repartee.text.privacy.PatternRule.Match;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Calendar dates and times of day. Days of the week, "tomorrow" and "noon" are neither. */
final class DatePatterns {

  private DatePatterns() {}

  // Dates.

  private static final String MONTH = anyOf("months");
  private static final String DAY = "(?:3[01]|[12]\\d|0?[1-9])";
  private static final String ENDING = "(?: ?" + anyOf("ordinal-endings") + ")";
  private static final String YEAR = "(?:19|20)\\d\\d";
  private static final String ORDINAL = "(?:(?:twenty|thirty)[- ]?)?" + anyOf("ordinals");

  /** The letters with which months begin: this look-ahead is cheaper than a look-behind. */
  private static final String MONTH_LETTER = "(?=[adefgjlmnos])";

  private static final String CLOCK =
      "(?:(?:t|,? | at )\\d{1,2}:\\d\\d(?::\\d\\d(?:[.,]\\d{1,9})?)?(?:z| ?[+-]\\d\\d:?\\d\\d)?)?+";

  /** The second day of a range needs an ending or a dash before it. */
  private static final String RANGE =
      "(?:(?: ?(?:-|to|through|thru|until|till|and|or) ?(?:the )?"
          + (DAY + ENDING + ")| ?- ?" + DAY + ")?+");

  private static final Set<String> DATE_CUES = Lexicon.set("date-cues");
  private static final int CUE_DISTANCE = 12;

  private static final Pattern VERSION =
      Pattern.compile("\\b(?:v|version|ios|android|release|build)\\W*$");
  private static final Pattern MEASURE =
      Pattern.compile(" ?(?:stars?|points?|inch|cup|of |hour|mile|price)");
  private static final Pattern RATING =
      Pattern.compile("\\b(?:rated?|rating|score|scored|gives?|gave)\\b");

  static final List<PatternRule> DATES =
      List.of(
          PatternRule.of(
              Signs.WEEKDAY,
              NO_WORD_BEFORE
                  + (anyOf("weekdays") + ",?(?: de[nr])? (?:the )?")
                  + ("(?:" + MONTH + "\\.? " + DAY + ENDING + "?(?![\\p{L}\\d:])|")
                  + (DAY + ENDING + "?\\.? (?:of |de )?" + MONTH + "(?!\\p{L})\\.?)")
                  + ("(?:,? (?:de )?" + YEAR + "(?!\\d))?")),
          PatternRule.of(
                  Signs.MONTH,
                  MONTH_LETTER
                      + NO_WORD_BEFORE
                      + ("(?<month>" + MONTH + ")\\.?(?:,? |-|/)?(?:the )?")
                      + ("(?<day>(?:" + DAY + ENDING + "?|" + ORDINAL + "))")
                      + ("(?![\\p{L}\\d]|[:.]\\d| ?[ap]\\.?m)" + RANGE)
                      + ("(?<year>(?:,? ?(?:of |in )?" + YEAR + "|[-/, ]{1,2}'?\\d\\d)")
                      + "(?![\\p{L}\\d]|[:.]\\d| ?[ap]\\.?m))?")
              .when(DatePatterns::isDay),
          PatternRule.of(
                  Signs.MONTH,
                  "(?=[\\defnst])(?<![\\p{L}\\p{N}:.,/$€£-])(?:the )?"
                      + ("(?<day>(?:" + DAY + ENDING + "?|" + ORDINAL + ")")
                      + ("(?: ?(?:-|to|and|or|until) ?(?:the )?" + DAY + ENDING + "?)?)")
                      + "(?<of>\\.? ?(?:day )?(?:of |de |di )?|[-/])"
                      + ("(?<month>" + MONTH + ")(?![\\p{L}])\\.?")
                      + ("(?<year>(?:,? ?(?:of |de |del )?'?" + YEAR + "|[-/]" + YEAR)
                      + "|[-/]\\d\\d| '?\\d\\d)(?![\\p{L}\\d]|[:.]\\d| ?[ap]\\.?m))?")
              .when(DatePatterns::isDay),
          PatternRule.of(
              Signs.MONTH,
              (MONTH_LETTER + NO_WORD_BEFORE) + (MONTH + "\\.?,? (?:of |de )?" + YEAR + "(?!\\d)")),
          PatternRule.of(
              Signs.FOUR_IN_A_ROW,
              ("(?=\\d)" + NO_WORD_BEFORE + DAY)
                  + "\\.? (?:de )?(?:mag|set|gen|ago|out|fev|ene)\\.? (?:de )?"
                  + (YEAR + "(?!\\d)")),
          PatternRule.of(
              Signs.FOUR_IN_A_ROW,
              "(?=\\d)(?<![\\p{L}\\p{N}.-])"
                  + (YEAR + " ?(?<sep>[-./]) ?(?:1[0-2]|0?[1-9]) ?\\k<sep> ?" + DAY + "(?!\\d)")
                  + CLOCK),
          PatternRule.of(
                  Signs.THREE_DIGITS,
                  "(?=\\d)(?<![\\p{L}\\p{N}./-])"
                      + "(?<a>\\d{1,2}) ?(?<sep>[-./]) ?(?<b>\\d{1,2}) ?\\k<sep> ?'?"
                      + ("(?:" + YEAR + "|\\d\\d)(?![\\p{L}\\p{N}]|[./-]\\d)"))
              .when(DatePatterns::isCalendar),
          PatternRule.of(
                  Signs.SLASH,
                  "(?=\\d)(?<![\\p{L}\\p{N}./$€£-])(?!(?<=\\()[1-9]/[2-9]\\))(?<a>\\d{1,2}) ?/ ?(?<b>\\d{1,2})"
                      + "(?![\\p{L}\\p{N}%]|[./-]\\d)")
              .when(DatePatterns::isShort),
          PatternRule.of(
              Signs.FOUR_IN_A_ROW,
              "(?=\\d)(?<![\\p{L}\\p{N}./-])(?:1[0-2]|0?[1-9]) ?/ ?" + YEAR + "(?!\\d)"),
          PatternRule.of(
              Signs.INNER_DOT,
              ("(?<!\\d)" + DAY + "\\.(?:1[0-2]|0?[1-9])\\.")
                  + "(?<=\\b(?:am|vom|bis|zum|ab|den) \\d{1,2}\\.\\d{1,2}\\.)(?!\\d)"),
          PatternRule.of(
              Signs.ORDINAL_DAY,
              ("(?:the )?" + WORD_START + DAY + ENDING)
                  + (" of (?:this|next|last|the|each|every) month" + WORD_END)),
          PatternRule.of(
              Signs.ORDINAL_DAY,
              "the (?<=(?:\\b(?:on|by|until|till|before|after|since|through|from)"
                  + "|(?:st|nd|rd|th|\\uFFFC),? (?:to|until|till|through|and|or)) the )"
                  + (DAY + ENDING)
                  + "(?= ?(?:[,.;!?)]|$|\\n)| (?:and|or|to|at|if|until|till|through|please|instead"
                  + "|then|but|is|was|it|i|we|-)\\b)"),
          PatternRule.of(
              Signs.BIRTH,
              (WORD_START + anyOf("birth-words") + WORD_END)
                  + ("[^\\d\\n]{0,12}(?<value>" + YEAR + ")(?!\\d)")));

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
        || match.follows(DATE_CUES, "(:", CUE_DISTANCE);
  }

  private static boolean isCalendar(Match match) {
    int a = Integer.parseInt(match.group("a"));
    int b = Integer.parseInt(match.group("b"));
    boolean version = VERSION.matcher(match.before(CUE_DISTANCE)).find();
    return a > 0 && b > 0 && a <= 31 && b <= 31 && Math.min(a, b) <= 12 && !version;
  }

  /** Two numbers with a slash are a date, unless they read as a fraction, a share or a mark. */
  private static boolean isShort(Match match) {
    String a = match.group("a");
    String b = match.group("b");
    int first = Integer.parseInt(a);
    int second = Integer.parseInt(b);
    if (first == 0 || second == 0 || first > 31 || second > 31 || Math.min(first, second) > 12) {
      return false;
    }
    if (MEASURE.matcher(match.after(9)).lookingAt()
        || (second <= 10 && RATING.matcher(match.before(16)).find())) {
      return false;
    }
    if (a.charAt(0) == '0' || b.charAt(0) == '0') {
      return true;
    }
    boolean fraction = first <= second && (second <= 5 || second == 8 || second == 10);
    boolean always = first == 24 && second == 7;
    return !always && (!fraction || match.follows(DATE_CUES, "(:", CUE_DISTANCE));
  }

  // Times of day.

  private static final String HOUR = "(?:2[0-4]|1\\d|0?\\d)";
  private static final String HOUR_WORD = anyOf("hour-words");
  private static final String OH_MINUTES = "oh[- ](?:one|two|three|four|five|six|seven|eight|nine)";
  private static final String MINUTES =
      ("(?:" + OH_MINUTES + "|five|ten|fifteen|twenty(?:[- ]five)?|thirty(?:[- ]five)?")
          + "|forty(?:[- ]five)?|fifty(?:[- ]five)?)";
  private static final String FREE = "(?=\\d)(?<![\\p{L}\\p{N}:/$€£#]|\\d[.,-])";
  private static final String FREE_WORD = "(?<![\\p{L}\\p{N}-])";
  private static final String NOON = "(?:[ap]\\. ?m\\.|[ap]\\.? ?m" + NO_WORD_AFTER + ")";
  private static final String ZONE = "(?: ?" + anyOf("clock-zones") + (NO_WORD_AFTER + ")?+");
  private static final String PART = " in the (?:early |late )?(?:morning|afternoon|evening)";

  static final List<PatternRule> TIMES =
      List.of(
          PatternRule.of(
              Signs.CLOCK,
              FREE
                  + ("(?:" + HOUR + "(?:[:.]\\d\\d)?(?: ?- ?| to | and | or | until | till ))?")
                  + (HOUR + "(?:[:.h][0-5]\\d){0,2}(?:ish)? ?-?" + NOON + ZONE)),
          PatternRule.of(
              Signs.COLON,
              (FREE + HOUR + " ?: ?[0-5]\\d(?::[0-5]\\d(?:[.,]\\d{1,6})?)?")
                  + ("(?! ?:? ?\\d|[.,/]\\d|\\p{L})" + ZONE)),
          PatternRule.of(Signs.COLON, FREE + HOUR + ":[0-5]\\d(?:h|hrs|ish|[ap])" + NO_WORD_AFTER),
          PatternRule.of(
              Signs.CLOCK, FREE + HOUR + "(?:[.:]\\d\\d)? ?o'? ?clock(?:" + PART + ")?+"),
          PatternRule.of(
              Signs.CLOCK,
              (FREE_WORD + HOUR_WORD + "(?:[- ]" + MINUTES + ")?+")
                  + ("(?: ?o'? ?clock(?:" + PART + ")?+| ?" + NOON + "|" + PART + ")")),
          PatternRule.of(
              Signs.CLOCK,
              FREE_WORD
                  + "(?:(?:a )?(?:half|quarter)(?: past| to| till| after| before)"
                  + "|(?:five|ten|twenty(?:[- ]five)?|\\d{1,2}) (?:minutes |mins )?(?:past)"
                  + "|(?:five|ten|twenty(?:[- ]five)?|\\d{1,2}) (?:minutes|mins) (?:to|before)) "
                  + ("(?:" + HOUR_WORD + "|noon|midnight|1[0-2]|\\d)(?![\\p{L}\\p{N}%])")
                  + ("(?: ?" + NOON + ")?+")),
          PatternRule.of(
              Signs.MINUTE_WORD,
              (FREE_WORD + HOUR_WORD)
                  + "(?<=\\b(?:at|by|around|until|till|before|after) [a-z]{3,6})"
                  + ("[- ](?:" + OH_MINUTES + "|fifteen|thirty|forty[- ]five)")
                  + "(?![\\p{L}\\p{N}]| ?(?:dollars|days|minutes|people|percent))"),
          PatternRule.of(Signs.CLOCK, FREE + HOUR + " ?h ?[0-5]\\d" + NO_WORD_AFTER),
          PatternRule.of(
              Signs.CLOCK, FREE + HOUR + "(?:[.:][0-5]\\d)? ?uhr(?: [0-5]\\d)?" + NO_WORD_AFTER),
          PatternRule.of(
              Signs.INNER_DOT,
              "(?<!\\d)(?:2[0-3]|[01]?\\d)\\.[0-5]\\d"
                  + "(?<=\\b(?:at|kl|kl\\.|by|um) [\\d.]{4,5})(?![\\p{L}\\d%]|[.,]\\d)"),
          PatternRule.of(
              Signs.CLOCK, FREE + "(?:[01]\\d|2[0-3])[0-5]\\d ?(?:hrs|hours|h)" + NO_WORD_AFTER),
          PatternRule.of(Signs.CLOCK, FREE + HOUR + "(?:" + PART + "| at night)(?![\\p{L}])"));
}
