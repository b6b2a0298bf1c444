package dev.repartee.text.privacy;

import static dev.repartee.text.privacy.PersonalData.TIME;

import java.util.List;

/** Times of day. */
final class Times {

  private static final String HOUR = "(?:2[0-4]|1\\d|0?\\d)";
  private static final String FREE = "(?=\\d)(?<![\\p{L}\\p{N}:/$€£#]|\\d[.,-])";
  private static final String WORD = Vocabulary.HOUR;
  private static final String MINUTES =
      "(?:oh[- ](?:one|two|three|four|five|six|seven|eight|nine)|five|ten|fifteen|twenty(?:[- ]five)?"
          + "|thirty(?:[- ]five)?|forty(?:[- ]five)?|fifty(?:[- ]five)?)";
  private static final String NOON = "(?:[ap]\\. ?m\\.|[ap]\\.? ?m(?![\\p{L}\\p{N}]))";
  private static final String ZONE =
      "(?: ?(?:utc|gmt|est|edt|pst|pdt|cst|cdt|mst|cet|cest|bst|ist|uhr|hrs|hours|h|o'clock)(?![\\p{L}\\p{N}]))?+";
  private static final String PART = " in the (?:early |late )?(?:morning|afternoon|evening)";

  private Times() {}

  static List<Detector> detectors() {
    return List.of(
        Form.of(
            TIME,
            Signs.CLOCK,
            FREE
                + "(?:"
                + HOUR
                + "(?:[:.]\\d\\d)?(?: ?- ?| to | and | or | until | till ))?"
                + HOUR
                + "(?:[:.h][0-5]\\d){0,2}(?:ish)? ?-?"
                + NOON
                + ZONE),
        Form.of(
            TIME,
            Signs.COLON,
            FREE
                + HOUR
                + " ?: ?[0-5]\\d(?::[0-5]\\d(?:[.,]\\d{1,6})?)?(?! ?:? ?\\d|[.,/]\\d|\\p{L})"
                + ZONE),
        Form.of(TIME, Signs.COLON, FREE + HOUR + ":[0-5]\\d(?:h|hrs|ish|[ap])(?![\\p{L}\\p{N}])"),
        Form.of(
            TIME, Signs.CLOCK, FREE + HOUR + "(?:[.:]\\d\\d)? ?o'? ?clock" + "(?:" + PART + ")?+"),
        Form.of(
            TIME,
            Signs.CLOCK,
            "(?<![\\p{L}\\p{N}-])"
                + WORD
                + "(?:[- ]"
                + MINUTES
                + ")?+(?: ?o'? ?clock(?:"
                + PART
                + ")?+| ?"
                + NOON
                + "|"
                + PART
                + ")"),
        Form.of(
            TIME,
            Signs.CLOCK,
            "(?<![\\p{L}\\p{N}-])(?:(?:a )?(?:half|quarter)(?: past| to| till| after| before)|(?:five|ten|twenty"
                + "(?:[- ]five)?|\\d{1,2}) (?:minutes |mins )?(?:past)|(?:five|ten|twenty(?:[- ]five)?|\\d{1,2})"
                + " (?:minutes|mins) (?:to|before)) (?:"
                + WORD
                + "|noon|midnight|1[0-2]|\\d)(?![\\p{L}\\p{N}%])(?: ?"
                + NOON
                + ")?+"),
        Form.of(
            TIME,
            Signs.MINUTE_WORD,
            "(?<![\\p{L}\\p{N}-])"
                + WORD
                + "(?<=\\b(?:at|by|around|until|till|before|after) [a-z]{3,6})[- ](?:oh[- ](?:one|two|three|four"
                + "|five|six|seven|eight|nine)|fifteen|thirty|forty[- ]five)"
                + "(?![\\p{L}\\p{N}]| ?(?:dollars|days|minutes|people|percent))"),
        Form.of(TIME, Signs.CLOCK, FREE + HOUR + " ?h ?[0-5]\\d(?![\\p{L}\\p{N}])"),
        Form.of(
            TIME,
            Signs.CLOCK,
            FREE + HOUR + "(?:[.:][0-5]\\d)? ?uhr(?: [0-5]\\d)?(?![\\p{L}\\p{N}])"),
        Form.of(
            TIME,
            Signs.INNER_DOT,
            "(?<!\\d)(?:2[0-3]|[01]?\\d)\\.[0-5]\\d(?<=\\b(?:at|kl|kl\\.|by|um) [\\d.]{4,5})(?![\\p{L}\\d%]|[.,]\\d)"),
        Form.of(
            TIME,
            Signs.CLOCK,
            FREE + "(?:[01]\\d|2[0-3])[0-5]\\d ?(?:hrs|hours|h)(?![\\p{L}\\p{N}])"),
        Form.of(TIME, Signs.CLOCK, FREE + HOUR + "(?:" + PART + "| at night)(?![\\p{L}])"));
  }
}
