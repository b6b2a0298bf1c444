package dev.repartee.text.privacy;

import static dev.repartee.text.privacy.PersonalData.DATE;

import java.util.List;
import java.util.regex.Pattern;

/** Calendar dates. Names of days and words such as "tomorrow" are none. */
final class Dates {

  private static final String DAY = "(?:3[01]|[12]\\d|0?[1-9])";
  private static final String SUFFIX = "(?: ?(?:st|nd|rd|th))";
  private static final String YEAR = "(?:19|20)\\d\\d";
  private static final String MONTH = Vocabulary.MONTH;

  /** A look at one character is cheaper than one at what stands before it. */
  private static final String MONTH_LETTER = "(?=[adefgjlmnos])";

  private static final String NO_WORD_BEFORE = "(?<![\\p{L}\\p{N}])";
  private static final String CLOCK =
      "(?:(?:t|,? | at )\\d{1,2}:\\d\\d(?::\\d\\d(?:[.,]\\d{1,9})?)?(?:z| ?[+-]\\d\\d:?\\d\\d)?)?+";

  /** Of a range of days only a day that says so, or that a dash joins. */
  private static final String RANGE =
      "(?:(?: ?(?:-|to|through|thru|until|till|and|or) ?(?:the )?"
          + DAY
          + SUFFIX
          + ")| ?- ?"
          + DAY
          + ")?+";

  private static final Pattern ASKS_FOR_DATE =
      Pattern.compile(
          "(?:\\b(?:on|by|due|dated?|from|until|till|to|since|before|after|for|the|of|born|birthday|birth"
              + "|dob|is|was|delivered|arrival|arriving|departing|departure|valid|and|between|it)|[(:])\\W*$");

  private static final Pattern VERSION =
      Pattern.compile("\\b(?:v|version|ios|android|release|build)\\W*$");
  private static final Pattern MEASURE =
      Pattern.compile(" ?(?:stars?|points?|inch|cup|of |hour|mile|price)");

  private static final Pattern RATING =
      Pattern.compile("\\b(?:rated?|rating|score|scored|gives?|gave)\\b");

  /** A day of the week stays, unless it is part of a date. */
  private static final String WEEKDAY =
      "(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch"
          + "|(?:lun|mar|mercre|jeu|vendre|same)di|dimanche|lunes|martes|miércoles|jueves|viernes|sábado|domingo"
          + "|(?:lune|marte|mercole|giove|vener)dì|sabato|domenica|(?:segunda|terça|quarta|quinta|sexta)-feira"
          + "|(?:maan|dins|woens|donder|vrij|zater|zon)dag|(?:mån|tis|ons|tors|fre|lör|sön)dag"
          + "|mon|tue|tues|wed|thu|thurs|fri|sat|sun),?(?: de[nr])? ";

  private Dates() {}

  static List<Detector> detectors() {
    return List.of(
        Form.of(
            DATE,
            Signs.WEEKDAY,
            NO_WORD_BEFORE
                + WEEKDAY
                + "(?:the )?(?:"
                + MONTH
                + "\\.? "
                + DAY
                + SUFFIX
                + "?(?![\\p{L}\\d:])|"
                + DAY
                + SUFFIX
                + "?\\.? (?:of |de )?"
                + MONTH
                + "(?!\\p{L})\\.?)(?:,? (?:de )?"
                + YEAR
                + "(?!\\d))?"),
        Form.of(
                DATE,
                Signs.MONTH,
                MONTH_LETTER
                    + NO_WORD_BEFORE
                    + "(?<month>"
                    + MONTH
                    + ")\\.?(?:,? |-|/)?(?:the )?(?<day>(?:"
                    + DAY
                    + SUFFIX
                    + "?|"
                    + Vocabulary.ORDINAL
                    + "))(?![\\p{L}\\d]|[:.]\\d| ?[ap]\\.?m)"
                    + RANGE
                    + "(?<year>(?:,? ?(?:of |in )?"
                    + YEAR
                    + "|[-/, ]{1,2}'?\\d\\d)(?![\\p{L}\\d]|[:.]\\d| ?[ap]\\.?m))?")
            .when(Dates::isDay),
        Form.of(
                DATE,
                Signs.MONTH,
                "(?=[\\defnst])(?<![\\p{L}\\p{N}:.,/$€£-])"
                    + "(?:the )?(?<day>(?:"
                    + DAY
                    + SUFFIX
                    + "?|"
                    + Vocabulary.ORDINAL
                    + ")(?: ?(?:-|to|and|or|until) ?(?:the )?"
                    + DAY
                    + SUFFIX
                    + "?)?)(?<of>\\.? ?(?:day )?(?:of |de |di )?|[-/])(?<month>"
                    + MONTH
                    + ")(?![\\p{L}])\\.?(?<year>(?:,? ?(?:of |de |del )?'?"
                    + YEAR
                    + "|[-/]"
                    + YEAR
                    + "|[-/]\\d\\d| '?\\d\\d)(?![\\p{L}\\d]|[:.]\\d| ?[ap]\\.?m))?")
            .when(Dates::isDay),
        Form.of(
            DATE,
            Signs.MONTH,
            MONTH_LETTER + NO_WORD_BEFORE + MONTH + "\\.?,? (?:of |de )?" + YEAR + "(?!\\d)"),
        Form.of(
            DATE,
            Signs.FOUR_DIGITS,
            "(?=\\d)"
                + NO_WORD_BEFORE
                + DAY
                + "\\.? (?:de )?(?:mag|set|gen|ago|out|fev|ene)\\.? (?:de )?"
                + YEAR
                + "(?!\\d)"),
        Form.of(
            DATE,
            Signs.FOUR_DIGITS,
            "(?=\\d)(?<![\\p{L}\\p{N}.-])(?:19|20)\\d\\d ?(?<sep>[-./]) ?(?:1[0-2]|0?[1-9]) ?\\k<sep> ?"
                + DAY
                + "(?!\\d)"
                + CLOCK),
        Form.of(
                DATE,
                Signs.THREE_DIGITS,
                "(?=\\d)(?<![\\p{L}\\p{N}./-])(?<a>\\d{1,2}) ?(?<sep>[-./]) ?(?<b>\\d{1,2}) ?\\k<sep> ?'?(?:"
                    + YEAR
                    + "|\\d\\d)(?![\\p{L}\\p{N}]|[./-]\\d)")
            .when(Dates::isCalendar),
        Form.of(
                DATE,
                Signs.SLASH,
                "(?=\\d)(?<![\\p{L}\\p{N}./$€£-])(?<a>\\d{1,2}) ?/ ?(?<b>\\d{1,2})(?![\\p{L}\\p{N}%]|[./-]\\d)")
            .when(Dates::isShort),
        Form.of(
            DATE,
            Signs.SLASH,
            "(?=\\d)(?<![\\p{L}\\p{N}./-])(?:1[0-2]|0?[1-9]) ?/ ?" + YEAR + "(?!\\d)"),
        Form.of(
            DATE,
            Signs.INNER_DOT,
            "(?<!\\d)(?:3[01]|[12]\\d|0?[1-9])\\.(?:1[0-2]|0?[1-9])\\."
                + "(?<=\\b(?:am|vom|bis|zum|ab|den) \\d{1,2}\\.\\d{1,2}\\.)(?!\\d)"),
        Form.of(
            DATE,
            Signs.ORDINAL_DAY,
            "(?:the )?\\b" + DAY + SUFFIX + " of (?:this|next|last|the|each|every) month\\b"),
        Form.of(
            DATE,
            Signs.ORDINAL_DAY,
            "the (?<=(?:\\b(?:on|by|until|till|before|after|since|through|from)"
                + "|(?:st|nd|rd|th|\\uFFFC),? (?:to|until|till|through|and|or)) the )"
                + DAY
                + SUFFIX
                + "(?= ?(?:[,.;!?)]|$|\\n)| (?:and|or|to|at|if|until|till|through|please|instead|then"
                + "|but|is|was|it|i|we|-)\\b)"),
        Form.of(
            DATE,
            Signs.BIRTH,
            "\\b(?:born|birth|dob|birthday)\\b[^\\d\\n]{0,12}(?<value>" + YEAR + ")(?!\\d)"));
  }

  /** "May 2" in lower case may be a verb and a number: "may" then needs more to be a month. */
  private static boolean isDay(Form.Hit hit) {
    String month = hit.matcher().group("month");
    boolean verb = month.equals("may") || month.equals("mar") || month.equals("march");
    if (!verb || Character.isUpperCase(typedMonth(hit))) {
      return true;
    }
    String day = hit.matcher().group("day");
    return hit.matcher().group("year") != null
        || !Character.isDigit(day.charAt(day.length() - 1))
        || ASKS_FOR_DATE.matcher(hit.before(12)).find();
  }

  private static char typedMonth(Form.Hit hit) {
    return hit.text().folded().charAt(hit.matcher().start("month"));
  }

  private static boolean isCalendar(Form.Hit hit) {
    int a = Integer.parseInt(hit.matcher().group("a"));
    int b = Integer.parseInt(hit.matcher().group("b"));
    boolean version = VERSION.matcher(hit.before(12)).find();
    return a > 0 && b > 0 && a <= 31 && b <= 31 && Math.min(a, b) <= 12 && !version;
  }

  /** Two numbers with a slash are a date, unless they read as a fraction, a share or a mark. */
  private static boolean isShort(Form.Hit hit) {
    String a = hit.matcher().group("a");
    String b = hit.matcher().group("b");
    int first = Integer.parseInt(a);
    int second = Integer.parseInt(b);
    if (first == 0 || second == 0 || first > 31 || second > 31 || Math.min(first, second) > 12) {
      return false;
    }
    if (MEASURE.matcher(hit.after(9)).lookingAt()
        || (second <= 10 && RATING.matcher(hit.before(16)).find())) {
      return false;
    }
    if (a.charAt(0) == '0' || b.charAt(0) == '0') {
      return true;
    }
    boolean fraction = first <= second && (second <= 5 || second == 8 || second == 10);
    boolean always = first == 24 && second == 7;
    return !always && (!fraction || ASKS_FOR_DATE.matcher(hit.before(12)).find());
  }
}
