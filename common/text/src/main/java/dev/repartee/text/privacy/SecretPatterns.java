package dev.repartee.text.privacy;

import static dev.repartee.text.privacy.PatternRule.NO_WORD_AFTER;
import static dev.repartee.text.privacy.PatternRule.NO_WORD_BEFORE;
import static dev.repartee.text.privacy.PatternRule.WORD_START;
import static dev.repartee.text.privacy.PatternRule.anyOf;

import dev.repartee.text.privacy.PatternRule.Match;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What opens an account or is known to few: passwords, security codes of cards, booking codes of
 * letters only, number plates, keys of programs and devices. Most have no form of their own, so a
 * cue before them decides, in English, Dutch, German, French, Spanish and Italian.
 */
final class SecretPatterns {

  private SecretPatterns() {}

  // The security codes of cards.

  private static final Pattern CARD_BACK =
      Pattern.compile(
          "\\b(?:back|reverse|front|achterkant|achterop|rückseite|hinten|dos|verso|reverso|atrás|atras|retro)\\b",
          Pattern.UNICODE_CHARACTER_CLASS);

  private static final String CARD_FILLER =
      "(?:[ ,:=]{1,3}" + anyOf("is-words", "card-code-fillers") + NO_WORD_AFTER + ")";

  private static final String CARD_CODE =
      "[ :=#,-]{1,3}(?<value>\\d{3,4})(?![\\p{L}\\p{N}%]|[., -]{1,2}\\d)";

  static final List<PatternRule> CARD_CODES =
      List.of(
          PatternRule.of(
              Signs.CARD_WORD,
              WORD_START + anyOf("sure-card-codes") + CARD_FILLER + "{0,10}+" + CARD_CODE),
          PatternRule.of(
                  Signs.CARD_WORD,
                  WORD_START + anyOf("loose-card-codes") + CARD_FILLER + "{1,10}+" + CARD_CODE)
              .when(match -> CARD_BACK.matcher(match.cue()).find()));

  // Passwords.

  private static final String WHERE =
      "(?:(?: (?:for|of|on|van|für|vom|zum|du|de|del|di|della|voor)(?:"
          + " (?:the|my|our|de|het|das|mein|le|la|il))? [\\p{L}-]{2,20}| i use| number|"
          + " code){1,2}?)?";

  private static final String PASSWORD_VALUE =
      "[\"'«“]?(?<value>[\\p{L}\\p{N}][\\p{L}\\p{N}._@!$%*#?&+=^~-]{2,}+)";

  /** Characters inside a password that no word has. */
  private static final Pattern PASSWORD_SIGN =
      Pattern.compile("\\p{N}|[\\p{L}][_@$%*#&+=^~][\\p{L}\\p{N}]|\\p{Ll}\\p{Lu}");

  static final List<PatternRule> PASSWORD_RULES =
      List.of(
          PatternRule.of(
                  Signs.PASSWORD_WORD,
                  WORD_START
                      + ("(?:(?<english>"
                          + anyOf("passwords")
                          + ")|"
                          + anyOf("foreign-passwords")
                          + ")")
                      + (NO_WORD_AFTER + WHERE)
                      + ("(?<link>(?: ?[:=]| "
                          + anyOf("is-words", "password-fillers")
                          + "(?!\\p{L})){0,2}+) ?")
                      + PASSWORD_VALUE)
              .when(SecretPatterns::isPassword));

  /** Letters alone are a password after a colon, and where no English word would follow "is". */
  private static boolean isPassword(Match match) {
    String typed = match.typed().replaceAll("[.!?]+$", "");
    if (PASSWORD_SIGN.matcher(typed).find()) {
      return !MEASURE.matcher(typed).matches();
    }
    String link = match.group("link").strip();
    boolean stated = link.endsWith(":") || link.endsWith("=");
    boolean said = match.has("english") && ENGLISH_IS.contains(link);
    return (stated || said) && !Lexicon.shared().isCommon(match.value().replaceAll("[.!?]+$", ""));
  }

  private static final Set<String> ENGLISH_IS = Set.of("is", "was");
  private static final Pattern MEASURE =
      Pattern.compile("\\d{1,3}|\\d{1,3}(?:st|nd|rd|th|h|min|x)");

  // Booking codes of letters only, or with few digits.

  private static final String BOOKING_FILLER =
      "(?i:"
          + ("(?: ?[:.=#(])|[ ](?:"
              + anyOf("is-words", "booking-fillers")
              + ")"
              + NO_WORD_AFTER
              + ")");

  static final List<PatternRule> BOOKING_CODES =
      List.of(
          PatternRule.cased(
                  Signs.CODE_WORD,
                  (WORD_START + "(?i:" + anyOf("bookings") + ")" + NO_WORD_AFTER)
                      + ("(?<filler>" + BOOKING_FILLER + "{0,5}+) ?(?<value>[A-Z][A-Z\\d]{4,7})")
                      + "(?![\\p{L}\\p{N}]|'\\p{L})")
              .when(SecretPatterns::isBookingCode));

  /** Six capitals are a code, unless they are a word or all of the message is in capitals. */
  private static boolean isBookingCode(Match match) {
    boolean bare = match.group("filler").isEmpty();
    return (!bare || match.value().length() == 6) && NumberPatterns.isNoWord(match);
  }

  // Number plates.

  private static final String PLATE_FILLER =
      "(?:[ :=]{1,3}(?:" + anyOf("is-words", "plate-fillers") + ")" + NO_WORD_AFTER + "){0,5}+";

  static final List<PatternRule> PLATE_RULES =
      List.of(
          PatternRule.of(
                  Signs.PLATE_WORD,
                  WORD_START
                      + anyOf("plates")
                      + (NO_WORD_AFTER + PLATE_FILLER)
                      + "[ :=#]{1,3}(?<value>(?:[a-zäöü]{1,3}(?!\\p{L})|\\d{1,4}(?!\\d))"
                      + "(?:[ ·-]{0,2}(?:[a-z]{1,3}(?!\\p{L})|\\d{1,4}(?!\\d))){1,3}+)"
                      + NO_WORD_AFTER)
              .endingAt(SecretPatterns::plateEnd));

  /** "031 NGA and": words may follow. */
  private static int plateEnd(Match match) {
    String plate = match.typed();
    Matcher word = LAST_WORD.matcher(plate);
    while (word.find() && Lexicon.shared().isCommon(word.group("word"))) {
      plate = plate.substring(0, word.start());
      word = LAST_WORD.matcher(plate);
    }
    boolean mixed =
        plate.chars().anyMatch(Character::isDigit) && plate.chars().anyMatch(Character::isLetter);
    return mixed && !MEASURED.matcher(plate).find()
        ? match.start() + plate.length()
        : PatternRule.REFUSED;
  }

  private static final Pattern LAST_WORD = Pattern.compile(" (?<word>\\p{Ll}+)$");

  /** "2 days", "5 cm". */
  private static final Pattern MEASURED = Pattern.compile("^\\d{1,3} \\p{Ll}+$");

  // The addresses of network devices, and keys that programs use.

  static final List<PatternRule> KEYS =
      List.of(
          PatternRule.of(
              Signs.COLON | Signs.DASH,
              "(?=[0-9a-f])(?<![\\p{L}\\p{N}:-])[0-9a-f]{2}(?<sign>[:-])(?:[0-9a-f]{2}\\k<sign>){4}[0-9a-f]{2}"
                  + "(?![\\p{L}\\p{N}:]|-[\\p{L}\\p{N}])"),
          PatternRule.of(
              Signs.INNER_DOT,
              "(?=[0-9a-f])(?<![\\p{L}\\p{N}.-])[0-9a-f]{4}\\.[0-9a-f]{4}\\.[0-9a-f]{4}(?![\\p{L}\\p{N}]|\\.\\d)"),
          PatternRule.cased(
              Signs.MIXED | Signs.DASH | Signs.UNDERSCORE,
              NO_WORD_BEFORE
                  + "(?:(?:AKIA|ASIA|AGPA|AIDA|AROA)[A-Z\\d]{12,20}"
                  + "|(?:gh[pousr]|github_pat|glpat|xox[abeoprs]|ya29|AIza|[spr]k_(?:live|test)|sk|whsec"
                  + "|npm|pypi|hf|dop_v1|shpat)[_.-]?[\\w-]{16,}+"
                  + "|eyJ[\\w-]{8,}+(?:\\.[\\w-]+){1,2}+)"));
}
