package dev.repartee.text.privacy;

import static dev.repartee.text.privacy.PersonalData.ADDRESS;

import java.util.List;
import java.util.regex.Pattern;

/** What belongs to an address by its place: after a cue, or right after a street that was found. */
final class AddressParts {

  private static final String CAPITAL =
      "(?!(?:Apt|Apartment|Suite|Unit|Ste|Flat|Zimmer|Etage)\\b)\\p{Lu}[\\p{L}.'-]{1,40}+";
  private static final String HOUSE = "\\d{1,5}(?: ?[A-Za-z](?![\\p{L}\\p{N}]))?";
  private static final String UNIT =
      "(?:(?i:apartment|apt|unit|suite|ste|flat|zimmer|floor|etage|stock|wohnung|whg)\\.? ?#?\\d{1,5}[A-Za-z]?"
          + "|\\d{1,3}\\.? ?(?i:og|ug|eg|étage|etage|stock|piso|floor)(?!\\p{L}))";
  private static final String POST =
      "(?:\\d{4,5}(?:-\\d{4})?|[A-Z]{1,2}\\d{1,2}[A-Z]? \\d{1,2}[A-Z]{1,2})(?![\\p{L}\\d])";
  private static final String PLACE =
      "(?:, "
          + CAPITAL
          + "(?: "
          + CAPITAL
          + "){0,2}+(?=, (?:"
          + POST
          + "|"
          + FoldedText.MASK
          + ")))?+(?:(?:,? ?\\n|, | )"
          + POST
          + "(?: "
          + CAPITAL
          + "){0,3}+)?+";

  private static final Pattern TELLS =
      Pattern.compile(
          "(?:\\b(?:address|adresse|anschrift|lieferadresse|rechnungsadresse|street|live|lives|living|residing|residence)"
              + "(?: (?:is|was|at|in|on|now|changed to))*|\\b(?:ship|ships|shipped|shipping|deliver|delivered|delivery|send|sent|moved|moving)"
              + "(?: (?:it|them|this|everything|the engineer|a technician|someone))? ?(?:to|:)|\\bleft at|\\bvisit us at|\\bpick me up (?:at|from)"
              + "|\\bwohne (?:in|am|im)?|\\bhabite(?: au)?)[ :-]{0,3}$");
  private static final Pattern IS_AT = Pattern.compile("\\b(?:i'm|im|i am|we're|we are) at $");
  private static final Pattern DAY =
      Pattern.compile(
          "(?:"
              + Vocabulary.MONTH_WORDS
              + "|(?:mon|tues|wednes|thurs|fri|satur|sun)day)(?!\\p{L})");
  private static final int TELLING_DISTANCE = 48;

  private AddressParts() {}

  static List<Detector> detectors() {
    return List.of(
        Form.cased(
                ADDRESS,
                Signs.ADDRESS_WORD,
                "(?=\\d)(?<![\\p{L}\\p{N}.,$€£-])"
                    + HOUSE
                    + ",?(?: (?:(?:de la|de|du|des) )?"
                    + CAPITAL
                    + "){2,4}+(?:,? "
                    + UNIT
                    + ")?+"
                    + PLACE)
            .when(hit -> isTold(hit) || IS_AT.matcher(hit.before(12)).find()),
        Form.cased(
                ADDRESS,
                Signs.ADDRESS_WORD,
                "(?=\\p{Lu})(?<![\\p{L}\\p{N}])"
                    + CAPITAL
                    + "(?: (?:(?:der|den|dem|de|la) )?"
                    + CAPITAL
                    + "){0,2}+ \\d{1,4}(?: ?[a-z](?![\\p{L}\\p{N}]))?(?![\\p{L}\\p{N}:/]|\\.\\d)"
                    + PLACE)
            .when(hit -> isTold(hit) && !isDay(hit)),
        Form.cased(
            ADDRESS,
            Signs.ADDRESS_WORD,
            "(?=\\d)(?<![\\p{L}\\p{N}.,$€£-])"
                + HOUSE
                + ",?(?: "
                + CAPITAL
                + "){1,4}+,? (?:Apt|Apartment|Suite|Unit|Ste|Flat)\\.? ?#?\\d{1,5}[A-Za-z]?(?![\\p{L}\\d])"
                + PLACE),
        Form.cased(
            ADDRESS,
            Signs.FOUR_DIGITS | Signs.MIXED,
            FoldedText.MASK
                + "(?<value>, [A-Z]{1,2}\\d{1,2}[A-Z]? \\d{1,2}[A-Z]{1,2})(?![\\p{L}\\d])"),
        Form.cased(
            ADDRESS,
            Signs.ADDRESS_WORD,
            FoldedText.MASK + "(?<value>,? ?" + UNIT + ")(?![\\p{L}\\d])"),
        Form.cased(
            ADDRESS,
            Signs.FOUR_DIGITS | Signs.MIXED,
            FoldedText.MASK + "(?:,? ?\\n|, ?| )(?<value>" + POST + "(?: " + CAPITAL + "){1,3}+)"));
  }

  private static boolean isTold(Form.Hit hit) {
    return TELLS.matcher(hit.before(TELLING_DISTANCE)).find();
  }

  private static boolean isDay(Form.Hit hit) {
    return DAY.matcher(hit.value()).lookingAt();
  }
}
