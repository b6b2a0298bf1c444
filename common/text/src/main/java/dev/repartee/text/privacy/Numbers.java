package dev.repartee.text.privacy;

import static dev.repartee.text.privacy.PersonalData.NUMBER;

import java.util.List;
import java.util.regex.Pattern;

/** Numbers of four digits or more of which nothing else is known, and digits that are spelled. */
final class Numbers {

  private static final Pattern YEAR = Pattern.compile("(?:19|20)\\d\\d");

  /** Words before a year that tell when something happened, and no number of anybody's. */
  private static final Pattern BEFORE_YEAR =
      Pattern.compile(
          "(?:^|[^\\p{L}])(?:in|since|during|until|till|before|after|from|by|year|early|mid|late|summer|winter|spring"
              + "|autumn|fall|of|around|about|circa|for|season|back in|and|to|the|a|an|\\()[ '-]{0,2}$");

  private static final Pattern AFTER_YEAR =
      Pattern.compile(
          "^(?:s\\b| (?:model|edition|version|season|film|movie|olympics|election|world|toyota|honda|ford|nissan|bmw)\\b|\\))");

  private Numbers() {}

  static List<Detector> detectors() {
    return List.of(
        Form.of(
            NUMBER,
            Signs.FOUR_DIGITS,
            "(?=[-\\d])(?<![\\p{L}\\p{N}])-?\\d{1,6}\\.\\d{4,18}(?![\\p{L}\\d])"),
        Form.of(
            NUMBER,
            Signs.FOUR_DIGITS,
            "(?=\\d)(?<!\\d|\\d[.,])\\d{1,3}(?:[,']\\d{3}){1,8}+(?:\\.\\d{1,2})?(?!\\d)"),
        Form.of(
            NUMBER,
            Signs.FOUR_DIGITS,
            "(?=\\d)(?<![\\p{L}\\d.,-])\\d{1,3}(?:-\\d{1,3}){0,3}?-\\d{4,18}+(?:-\\d{1,18}){0,4}+(?!\\p{L})"),
        Form.of(NUMBER, Signs.FOUR_DIGITS, "(?<!\\d)\\d{4,}+").when(hit -> !isYear(hit)),
        Form.of(NUMBER, Signs.FOUR_DIGITS, "(?=\\d)(?<![\\p{L}\\d])\\d(?:[ -]\\d(?!\\d)){5,100}+"),
        Form.of(
            NUMBER,
            Signs.DIGIT_WORD,
            "(?<![\\p{L}\\p{N}])(?:(?:double|triple|treble)[ -])?"
                + digitWord()
                + "(?:[ ,-]{1,3}(?:(?:double|triple|treble)[ -])?"
                + digitWord()
                + "){5,60}+(?![\\p{L}\\p{N}])"));
  }

  private static String digitWord() {
    return "(?:zero|oh|o|nought|one|two|three|four|five|six|seven|eight|nine|\\d)(?![\\p{L}\\d])";
  }

  /** "In 2019" says when; a bare 2019 may be a PIN. */
  private static boolean isYear(Form.Hit hit) {
    return YEAR.matcher(hit.value()).matches()
        && (BEFORE_YEAR.matcher(hit.before(14)).find() || AFTER_YEAR.matcher(hit.after(10)).find());
  }
}
