package dev.repartee.text.privacy;

import static dev.repartee.text.privacy.PatternRule.NO_WORD_AFTER;
import static dev.repartee.text.privacy.PatternRule.NO_WORD_BEFORE;
import static dev.repartee.text.privacy.PatternRule.WORD_START;
import static dev.repartee.text.privacy.PatternRule.anyOf;

import dev.repartee.text.privacy.PatternRule.Match;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Postal addresses: streets with house numbers, boxes, post codes, and what stands beside them. */
final class AddressPatterns {

  private static final String NO_AMOUNT_BEFORE = "(?<![\\p{L}\\p{N}$€£:.,/-])";

  private AddressPatterns() {}

  // English streets: a house number, a name, and a type such as "Street".

  private static final String TYPE =
      "(?:"
          + String.join(
              "|",
              anyOf("small-street-types"),
              anyOf(titled("street-types")),
              anyOf(
                  Lexicon.phrases("shouted-street-types").stream()
                      .map(word -> word.toUpperCase(Locale.ROOT))
                      .toList()),
              "(?=\\p{Lu})(?i:" + anyOf("short-street-types") + ")")
          + ")";

  private static final String STATE =
      "(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]"
          + "|T[NX]|UT|V[AT]|W[AIVY]|NSW|VIC|QLD"
          + "|Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida"
          + "|Georgia|Hawaii|Idaho|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland"
          + "|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana|Nebraska|Nevada|Ohio"
          + "|Oklahoma|Oregon|Pennsylvania|Tennessee|Texas|Utah|Vermont|Virginia|Washington"
          + "|Wisconsin|Wyoming|(?:New|North|South|West|Rhode)"
          + " (?:Hampshire|Jersey|Mexico|York|Carolina|Dakota|Virginia|Island))";

  private static final String NAME_WORD =
      "(?:\\p{Lu}[\\p{L}.'-]*+|\\d{1,3}(?:st|nd|rd|th|ST|ND|RD|TH))";
  private static final String HOUSE =
      NO_AMOUNT_BEFORE
          + "#?(?:(?:[Uu]nit |[Aa]pt )?\\d{1,4} ?/ ?)?\\d{1,6}"
          + ("(?: ?[A-Za-z]" + NO_WORD_AFTER + "| ?1/2)?")
          + "(?: ?[-/&] ?\\d{1,5}[A-Za-z]?(?!\\p{L}))?,? ";
  private static final String UNIT =
      "(?i:apartment|apt|unit|suite|ste|studio|floor|fl|flat|room|rm|building|bldg|block|house|lot)"
          + "\\.? ?#?(?: ?\\d{1,5}[A-Za-z]?| [A-Za-z]\\d{0,4}|[A-Za-z]-?\\d{1,4})"
          + NO_WORD_AFTER;
  private static final String UNIT_AFTER =
      ("(?:[,.]? ?(?:" + UNIT + "|# ?\\d{1,5}[A-Za-z]?")
          + "|(?:\\d{1,3}(?:st|nd|rd|th)|[Gg]round|[Tt]op) [Ff]loor)){0,2}+";
  private static final String SIDE =
      "(?: (?:N|S|E|W|NE|NW|SE|SW|North|South|East|West|N\\.W\\.|N\\.E\\.|S\\.W\\.|S\\.E\\.)"
          + "(?![\\p{L}]))?+";
  private static final String CITY =
      "(?:\\p{Lu}[\\p{L}.'-]++(?!\\d)(?:[ -]\\p{Lu}[\\p{L}.'-]++(?!\\d)){0,3}+)";
  private static final String POST =
      "(?:\\d{5}(?:-\\d{4})?|[A-Z]{1,2}\\d[A-Z\\d]? ?\\d[A-Z]{2}|[A-Z]\\d[A-Z] ?\\d[A-Z]\\d|\\d{4})"
          + "(?![\\p{L}\\d])";
  private static final String PLACE =
      ("(?:(?:, ?|,?\\n)(?:\\d{4,5}|[A-Z]{1,2}\\d[A-Z\\d]? ?\\d[A-Z]{2}) " + CITY + ")?+")
          + ("(?:(?:, ?|\\n| in )" + CITY + ")?+")
          + ("(?:,? " + STATE + "(?![\\p{L}]))?+")
          + ("(?:,? " + CITY + "(?= ?,? " + POST + "))?+")
          + ("(?:,? " + POST + ")?+")
          + "(?:, ?(?:USA|US|UK|U\\.S\\.A\\.|United States|United Kingdom|Canada|Australia|England"
          + "|Ireland|Scotland|Germany)(?!\\p{L}))?+";

  private static final Pattern CUE =
      Pattern.compile(
          "\\b(?:address|addresse|adresse|live at|live on|living at|lives at|located at"
              + "|ship(?:ped)?(?: it)? to|deliver(?:ed)?(?: it)? to|send(?: it)? to|sent to"
              + "|moved to|pick me up (?:from|at)|come to|house is|home is|property (?:at|is)|from"
              + "|at|it's|is)\\W*$");
  private static final int CUE_DISTANCE = 40;

  /** The A of "Terry A Francois Boulevard" is no article. */
  private static final Pattern INITIAL = Pattern.compile("(?<=[a-z]) \\p{Lu}\\.? (?=\\p{Lu})");

  private static final Pattern CAPITALS =
      Pattern.compile(
          "^\\d+ ?[A-Za-z]? (?:[NSEW]\\.? )?(?:(?:\\p{Lu}[\\p{L}.'-]*|\\d+[a-z]{2}) ){1,2}\\p{Lu}");

  private static final Pattern NO_STREET_NAME =
      Pattern.compile("\\b" + anyOf("no-street-names") + "\\b");

  static final List<PatternRule> STREETS =
      List.of(
          PatternRule.cased(
                  Signs.RARE_STREET,
                  ("(?=\\d)" + NO_AMOUNT_BEFORE + "\\d{3,6}(?: ?[A-Za-z]" + NO_WORD_AFTER + ")? ")
                      + "(?<street>(?:[NSEWnsew]\\.? )?"
                      + "(?:(?:\\p{L}[\\p{L}.'-]*+|\\d{1,3}(?:st|nd|rd|th)) ){1,2}"
                      + ("(?i:" + anyOf("rare-street-types") + ")")
                      + "(?![\\p{L}\\p{N}'])(?: [NSEWnsew](?!\\p{L}))?+)"
                      + UNIT_AFTER
                      + "(?:(?:, ?|\\n)"
                      + "\\p{Lu}[\\p{L}.'-]++(?: \\p{Lu}[\\p{L}.'-]++){0,2}?"
                      + "(?=,? [A-Za-z]{2}(?:,? \\d{5}|$|\\n|[.,!])|[.,!\\n]|$))?+"
                      + "(?:,? [A-Za-z]{2}(?=,? \\d{5}|$|\\n|[.,!]))?+(?:,? \\d{5}(?:-\\d{4})?)?+")
              .when(AddressPatterns::isRareStreet),
          PatternRule.cased(
                  Signs.STREET,
                  ("(?:" + UNIT + "(?:[, ]{1,2}|,?\n))?+" + HOUSE)
                      + "(?<street>(?:(?:N|S|E|W|NE|NW|SE|SW)\\.? )?"
                      + ("(?:" + NAME_WORD + " ){1,4}" + TYPE + NO_WORD_AFTER)
                      + "(?:(?<=\\b\\p{L}{2,4})\\.(?=[, \n]))?+)"
                      + (SIDE + UNIT_AFTER + PLACE))
              .when(AddressPatterns::isStreet),
          PatternRule.cased(
              Signs.STREET,
              (HOUSE + "(?:(?:N|S|E|W|North|South|East|West)\\.? )?")
                  + "(?:Broadway|Avenue [A-Z]|Highway \\d{1,4}|Route \\d{1,4}|Rt\\.? \\d{1,4}"
                  + "|The [A-Z][a-z]+|Piccadilly|Strand|Pall Mall|Whitehall)"
                  + (NO_WORD_AFTER + UNIT_AFTER + PLACE)),
          PatternRule.of(
                  Signs.STREET,
                  ("(?=[afsu\\d])" + NO_AMOUNT_BEFORE)
                      + "(?:(?:apartment|apt|unit|suite|ste|flat)\\.? ?#?\\d{0,4}[a-z]?, ?)?+"
                      + ("\\d{1,6}(?: ?[a-z]" + NO_WORD_AFTER + ")?,? ")
                      + "(?<street>(?:(?:\\p{L}[\\p{L}.'-]*+|\\d{1,3}(?:st|nd|rd|th)) ){1,4}?"
                      + (anyOf("sure-street-types") + "(?![\\p{L}\\p{N}'])")
                      + "(?:(?<=\\b\\p{L}{2,4})\\.(?=[, ]))?+)"
                      + "(?:,? (?:apartment|apt|unit|suite|ste|floor|flat|room|bldg|#)\\.? ?#?"
                      + ("[a-z]?\\d{1,5}[a-z]?" + NO_WORD_AFTER + ")?+")
                      + "(?:,? ?\\p{L}[\\p{L}'-]++(?: \\p{L}[\\p{L}'-]++){0,2}? ?,? [a-z]{2},?"
                      + " \\d{5}(?:-\\d{4})?)?+")
              .when(AddressPatterns::isStreet));

  private static List<String> titled(String list) {
    return Lexicon.phrases(list).stream()
        .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
        .toList();
  }

  /** "1200 Brandon Crossing" with capitals; in lower case only after a cue for an address. */
  private static boolean isRareStreet(Match match) {
    boolean capital = CAPITALS.matcher(match.typed()).find();
    boolean cue = CUE.matcher(match.before(CUE_DISTANCE)).find();
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

  // Streets as they are written in other languages, post codes, boxes.

  private static final String ENDING = "(?i:" + anyOf("street-endings") + ")";
  private static final String FOREIGN_HOUSE =
      ("\\d{1,4}(?: ?[a-z])?(?: ?[-/] ?\\d{1,4}(?: ?[a-z])?)?" + NO_WORD_AFTER)
          + "(?:,? ?\\d{1,2} ?[ºª°](?: ?[A-Za-z](?!\\p{L}))?)?+";
  private static final String NAME = "(?!(?:Apt|Suite|Zimmer)\\b)\\p{Lu}[\\p{L}.'-]++";
  private static final String TOWN =
      "(?: " + NAME + "| (?:am|an der|de|del|la|le|sur|van|den|do|da|dos|di|upon|y))";
  private static final String TOWN_AFTER =
      "(?:(?:,? |,?\n| in )(?:[A-Z]{1,2}-)?"
          + "(?:\\d{5}|\\d{4} ?[A-Z]{2}|\\d{4}|\\d{2}-\\d{3}|\\d{3} \\d{2}|\\d{4}-\\d{3})(?!\\d)"
          + ("(?:" + TOWN + "){0,4}+|,(?:" + TOWN + "){1,4}+(?:,? \\d{4,5}(?!\\d))?+){0,2}+");
  private static final String PARTICLES =
      "(?:(?:de la|de los|dela|del|des|de|du|la|les|le|della|di|da|dos|do|van|den|der|von|of|the|y"
          + "|san|santa) |(?:de )?l'|d'){0,2}+";

  static final List<PatternRule> OTHER_ADDRESSES =
      List.of(
          PatternRule.of(
              Signs.STREET,
              NO_WORD_BEFORE
                  + "(?:p\\.? ?o\\.? ?box|post office box|postfach|apartado(?: de correos)?"
                  + "|boîte postale|bp|gpo box|locked bag)(?: number| no\\.?)?:? ?#?\\d{1,6}(?!\\d)"
                  + "(?:, [\\p{L} ]{2,40}?,? [a-z]{2} \\d{5}(?:-\\d{4})?)?+"),
          PatternRule.cased(
                  Signs.STREET,
                  (NO_WORD_BEFORE + "\\p{Lu}[\\p{L}-]++(?<house>")
                      + ("(?:(?<=[\\p{L}-]{2}"
                          + ENDING
                          + ")\\.?|(?<=[\\p{L}-]{2}(?i:str))\\.{1,2}) ")
                      + (FOREIGN_HOUSE + TOWN_AFTER + ")?+"))
              .when(match -> match.has("house")),
          PatternRule.cased(
              Signs.STREET,
              (NO_WORD_BEFORE + "(?:\\p{Lu}[\\p{L}-]{1,60} ){1,2}?")
                  + ("(?:" + ENDING + "\\.?|(?i:str)\\.{1,2}) " + FOREIGN_HOUSE + TOWN_AFTER)),
          PatternRule.cased(
              Signs.STREET,
              NO_WORD_BEFORE
                  + "(?:Am|Im|An der|An den|Auf dem|Auf der|In der|In den|Zum|Zur|Unter den"
                  + "|Hinter der|Vor dem) (?:Alten |Neuen |Hohen |Langen )?"
                  + (anyOf(titled("german-street-places")) + " " + FOREIGN_HOUSE + TOWN_AFTER)),
          PatternRule.cased(
              Signs.STREET,
              (NO_WORD_BEFORE + "(?i:" + anyOf("street-types-before-name") + ") ")
                  + (PARTICLES + NAME + "(?: " + PARTICLES + NAME + "){0,3}+")
                  + (",? (?:n[º°.] ?|no\\.? ?)?" + FOREIGN_HOUSE + TOWN_AFTER)),
          PatternRule.cased(
              Signs.STREET,
              (NO_WORD_BEFORE + FOREIGN_HOUSE + "(?: ?(?:bis|ter|quater)\\b)?,? ")
                  + ("(?i:" + anyOf("street-types-after-house") + ") ")
                  + (PARTICLES + NAME + "(?:[ -]" + PARTICLES + NAME + "){0,4}+" + TOWN_AFTER)),
          PatternRule.cased(
                  Signs.FOUR_DIGITS,
                  (NO_WORD_BEFORE + NAME + "(?<place>(?: (?:de[rnm] )?" + NAME + "){0,3}")
                      + " \\d{1,4} ?[a-z]?(?:, |,?\\n| in )"
                      + "(?:\\d{5}|\\d{4} ?[A-Z]{2}|\\d{4}|\\d{2}-\\d{3}|\\d{3} \\d{2}) "
                      + (NAME + "(?: " + NAME + ")?)?+"))
              .when(match -> match.has("place")),
          PatternRule.of(
              Signs.MIXED,
              NO_WORD_BEFORE + "[a-z]{1,2}\\d[a-z\\d]? \\d[abd-hjlnp-uw-z]{2}" + NO_WORD_AFTER),
          PatternRule.cased(
              Signs.MIXED,
              NO_WORD_BEFORE + "[A-Z]{1,2}\\d[A-Z\\d]?\\d[ABD-HJLNP-UW-Z]{2}" + NO_WORD_AFTER),
          PatternRule.of(
              Signs.MIXED,
              NO_WORD_BEFORE + "[abceghj-nprstvxy]\\d[a-z][ -]?\\d[a-z]\\d" + NO_WORD_AFTER),
          PatternRule.cased(
              Signs.FOUR_IN_A_ROW,
              "(?=[A-Z])" + NO_WORD_BEFORE + STATE + ",? \\d{5}(?:-\\d{4})?(?![\\p{L}\\d])"),
          PatternRule.of(
              Signs.STREET,
              WORD_START
                  + "(?:zip|zip ?code|post ?code|postal ?code|plz|cp)(?: (?:is|was|code))?[: ]{0,2}"
                  + "(?<value>\\d{3,6}(?:-\\d{3,4})?)(?!\\d)"),
          PatternRule.cased(
              Signs.FOUR_IN_A_ROW,
              (NO_WORD_BEFORE + "\\d{4} ?[A-Z]{2} " + NAME + "(?: " + NAME + ")?|")
                  + (NO_WORD_BEFORE + "(?:D-|A-|CH-|F-|B-)\\d{4,5} " + NAME)));

  // Parts of addresses: after a cue, or right after a street that an earlier stage masked.

  private static final String CAPITAL =
      "(?!(?:Apt|Apartment|Suite|Unit|Ste|Flat|Zimmer|Etage)\\b)\\p{Lu}[\\p{L}.'-]++";
  private static final String PART_HOUSE = "\\d{1,5}(?: ?[A-Za-z]" + NO_WORD_AFTER + ")?";
  private static final String PART_UNIT =
      ("(?:(?i:" + anyOf("unit-words") + ")\\.? ?#?\\d{1,5}[A-Za-z]?")
          + ("|\\d{1,3}\\.? ?(?i:" + anyOf("storey-words") + ")(?!\\p{L}))");
  private static final String PART_POST =
      "(?:\\d{4,5}(?:-\\d{4})?|[A-Z]{1,2}\\d{1,2}[A-Z]? \\d{1,2}[A-Z]{1,2})(?![\\p{L}\\d])";
  private static final String PART_PLACE =
      ("(?:, " + CAPITAL + "(?: " + CAPITAL + "){0,2}+")
          + ("(?=, (?:" + PART_POST + "|" + FoldedText.MASK + ")))?+")
          + ("(?:(?:,? ?\\n|, | )" + PART_POST + "(?: " + CAPITAL + "){0,3}+)?+");
  private static final String NO_DECIMAL_BEFORE = "(?=\\d)(?<![\\p{L}\\p{N}.,$€£-])";

  private static final Pattern PART_CUE =
      Pattern.compile(
          ("(?:\\b" + anyOf("home-words") + "(?: (?:is|was|at|in|on|now|changed to)){0,16}")
              + ("|\\b" + anyOf("send-words"))
              + "(?: (?:it|them|this|everything|the engineer|a technician|someone))? ?(?:to|:)"
              + "|\\bleft at|\\bvisit us at|\\bpick me up (?:at|from)|\\bwohne (?:in|am|im)?"
              + "|\\bhabite(?: au)?)[ :-]{0,3}$");
  private static final int PART_CUE_DISTANCE = 48;
  private static final Pattern IS_AT = Pattern.compile("\\b(?:i'm|im|i am|we're|we are) at $");
  private static final Pattern DAY =
      Pattern.compile(
          "(?:" + anyOf("months") + "|(?:mon|tues|wednes|thurs|fri|satur|sun)day)(?!\\p{L})");

  static final List<PatternRule> ADDRESS_PARTS =
      List.of(
          PatternRule.cased(
                  Signs.ADDRESS_WORD,
                  NO_DECIMAL_BEFORE
                      + ("(?:\\d{1,4}[abc] " + CAPITAL + "(?! \\p{Lu})|" + PART_HOUSE)
                      + (",?(?: (?:(?:de la|de|du|des) )?" + CAPITAL + "){2,4}+)")
                      + ("(?:,? " + PART_UNIT + ")?+" + PART_PLACE))
              .when(match -> hasCue(match) || IS_AT.matcher(match.before(12)).find()),
          PatternRule.cased(
                  Signs.ADDRESS_WORD,
                  ("(?=\\p{Lu})" + NO_WORD_BEFORE + CAPITAL)
                      + ("(?<house>(?: (?:(?:der|den|dem|de|la) )?" + CAPITAL + "){0,2}+")
                      + (" \\d{1,4}(?: ?[a-z]" + NO_WORD_AFTER + ")?")
                      + ("(?![\\p{L}\\p{N}:/]|\\.\\d)" + PART_PLACE + ")?+"))
              .when(
                  match ->
                      match.has("house")
                          && hasCue(match)
                          && !DAY.matcher(match.value()).lookingAt()),
          PatternRule.cased(
              Signs.ADDRESS_WORD,
              (NO_DECIMAL_BEFORE + PART_HOUSE + ",?(?: " + CAPITAL + "){1,4}+")
                  + ",? (?:Apt|Apartment|Suite|Unit|Ste|Flat)\\.? ?#?\\d{1,5}[A-Za-z]?"
                  + ("(?![\\p{L}\\d])" + PART_PLACE)),
          PatternRule.cased(
              Signs.FOUR_DIGITS | Signs.MIXED,
              FoldedText.MASK
                  + "(?<value>, [A-Z]{1,2}\\d{1,2}[A-Z]? \\d{1,2}[A-Z]{1,2})(?![\\p{L}\\d])"),
          PatternRule.cased(
              Signs.ADDRESS_WORD,
              FoldedText.MASK + "(?<value>,? ?" + PART_UNIT + ")(?![\\p{L}\\d])"),
          PatternRule.cased(
              Signs.FOUR_DIGITS | Signs.MIXED,
              FoldedText.MASK
                  + ("(?:,? ?\\n|, ?| )(?<value>" + PART_POST + "(?: " + CAPITAL + "){1,3}+)")));

  private static final String SMALL_FILLER =
      "(?:[ :,]{1,3}" + anyOf("small-address-fillers") + NO_WORD_AFTER + "){0,5}+[ :,]{1,3}";

  private static final String SMALL_NAME = "\\p{L}[\\p{L}.'-]*+";

  private static final String SMALL_PARTICLES =
      "(?:(?:de la|de los|del|des|de|du|la|les|le|della|dei|di|da|van|den|der|l'|d') ?){0,2}+";

  /** "12 baker street". */
  private static final String NUMBER_FIRST =
      ("\\d{1,5}[a-z]? (?<street>(?:" + SMALL_NAME + " ){1,3}")
          + (anyOf("sure-street-types", "rare-street-types") + NO_WORD_AFTER + ")");

  /** "3 bis chemin des vignes". */
  private static final String NUMBER_THEN_TYPE =
      ("\\d{1,4}(?: ?bis| ?ter| ?[a-z])?,? " + anyOf("street-types-after-house") + " ")
          + (SMALL_PARTICLES + SMALL_NAME)
          + ("(?: (?!et\\b|s'il|svp|merci|please)" + SMALL_PARTICLES + SMALL_NAME + ")?");

  /** "kerkstraat 12", "lange gasse 7", "markt 3". */
  private static final String TYPE_LAST =
      ("(?:(?:"
              + SMALL_NAME
              + " ){0,2}?[\\p{L}'-]{0,40}?"
              + anyOf("street-endings", "short-street-endings"))
          + ("\\.?|" + anyOf("german-street-places") + ") \\d{1,4}(?: ?[a-z](?!\\p{L}))?+");

  /** "calle mayor 5". */
  private static final String TYPE_FIRST =
      anyOf("street-types-before-name")
          + (" (?:" + SMALL_PARTICLES + SMALL_NAME + " ){1,3}?\\d{1,4}[a-z]?");

  static final List<PatternRule> SMALL_STREETS =
      List.of(
          PatternRule.of(
                  Signs.HOME_WORD,
                  (WORD_START + anyOf("small-address-cues") + SMALL_FILLER + "(?<value>(?:")
                      + String.join("|", NUMBER_FIRST, NUMBER_THEN_TYPE, TYPE_LAST, TYPE_FIRST)
                      + (")"
                          + NO_WORD_AFTER
                          + "(?:,? "
                          + PART_UNIT
                          + ")?+(?:, "
                          + SMALL_NAME
                          + "(?= ?(?:[.,;!?)\\n]|$)))?+)"))
              .endingAt(AddressPatterns::smallEnd));

  private static final Set<String> NO_TOWN = Lexicon.set("no-towns");

  /** A town may follow a comma; "thanks" and the like may, too. */
  private static int smallEnd(Match match) {
    if (match.has("street") && !isStreet(match)) {
      return PatternRule.REFUSED;
    }
    int comma = match.value().lastIndexOf(", ");
    boolean town = comma < 0 || !NO_TOWN.contains(match.value().substring(comma + 2));
    return town ? match.end() : match.start() + comma;
  }

  private static boolean hasCue(Match match) {
    return PART_CUE.matcher(match.before(PART_CUE_DISTANCE)).find();
  }
}
