package dev.repartee.text.privacy;

import static dev.repartee.text.privacy.PersonalData.ADDRESS;

import java.util.List;
import java.util.regex.Pattern;

/** English addresses: a house number, a street, and what may stand around them. */
final class StreetAddresses {

  static final String STATE =
      "(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY]"
          + "|NSW|VIC|QLD|Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho"
          + "|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri"
          + "|Montana|Nebraska|Nevada|Ohio|Oklahoma|Oregon|Pennsylvania|Tennessee|Texas|Utah|Vermont|Virginia|Washington|Wisconsin|Wyoming"
          + "|(?:New|North|South|West|Rhode) (?:Hampshire|Jersey|Mexico|York|Carolina|Dakota|Virginia|Island))";

  /** Types that nothing else is likely to follow a number and a word. */
  private static final String SURE =
      "(?:street|avenue|ave|road|rd|lane|ln|boulevard|blvd|highway|hwy|parkway|pkwy|crescent|terrace|mews|st|drive|court)";

  /** Types that are everyday words: they count only with a capital. */
  private static final String TYPE =
      "(?:[Ss]treet|STREET|S[tT]|[Aa]venue|AVENUE|A[vV][eE]|[Rr]oad|ROAD|R[dD]|[Ll]ane|LANE|L[nN]|D[rR]|Drive|DRIVE|[Bb]oulevard|B[lL][vV][dD]"
          + "|C[tT]|Court|COURT|P[lL]|Place|Square|S[qQ]|Terrace|T[eE][rR]|Way|WAY|Highway|H[wW][yY]|Parkway|P[kK][wW][yY]|Circle|C[iI][rR]|Trail|T[rR][lL]"
          + "|Close|Crescent|Cres|Row|Mews|Grove|Gardens|Walk|Alley|Loop|Plaza|Quay|Rise|Hill|Park|View|Broadway|Bypass|Pike|Turnpike|Expressway|Freeway|Run|Path|Point|Green|Wharf|Parade|Esplanade)";

  private static final String WORD =
      "(?:\\p{Lu}[\\p{L}.'-]{0,25}+|\\d{1,3}(?:st|nd|rd|th|ST|ND|RD|TH))";
  private static final String HOUSE =
      "(?<![\\p{L}\\p{N}$€£:.,/-])#?(?:(?:[Uu]nit |[Aa]pt )?\\d{1,4} ?/ ?)?(?<house>\\d{1,6})(?: ?[A-Za-z](?![\\p{L}\\p{N}])| ?1/2)?(?: ?[-/&] ?\\d{1,5}[A-Za-z]?(?!\\p{L}))?,? ";
  private static final String UNIT =
      "(?i:apartment|apt|unit|suite|ste|studio|floor|fl|flat|room|rm|building|bldg|block|house|lot)\\.? ?#?(?: ?\\d{1,5}[A-Za-z]?| [A-Za-z]\\d{0,4}|[A-Za-z]-?\\d{1,4})(?![\\p{L}\\p{N}])";
  private static final String UNIT_AFTER =
      "(?:[,.]? ?(?:"
          + UNIT
          + "|# ?\\d{1,5}[A-Za-z]?|(?:\\d{1,3}(?:st|nd|rd|th)|[Gg]round|[Tt]op) [Ff]loor)){0,2}+";
  private static final String SIDE =
      "(?: (?:N|S|E|W|NE|NW|SE|SW|North|South|East|West|N\\.W\\.|N\\.E\\.|S\\.W\\.|S\\.E\\.)(?![\\p{L}]))?+";
  private static final String CITY =
      "(?:\\p{Lu}[\\p{L}.'-]{1,40}+(?!\\d)(?:[ -]\\p{Lu}[\\p{L}.'-]{1,25}+(?!\\d)){0,3}+)";
  private static final String POST =
      "(?:\\d{5}(?:-\\d{4})?|[A-Z]{1,2}\\d[A-Z\\d]? ?\\d[A-Z]{2}|[A-Z]\\d[A-Z] ?\\d[A-Z]\\d|\\d{4})(?![\\p{L}\\d])";
  private static final String PLACE =
      "(?:(?:, ?|,?\\n)(?:\\d{4,5}|[A-Z]{1,2}\\d[A-Z\\d]? ?\\d[A-Z]{2}) "
          + CITY
          + ")?+(?:(?:, ?|\\n| in )"
          + CITY
          + ")?+(?:,? "
          + STATE
          + "(?![\\p{L}]))?+(?:,? "
          + CITY
          + "(?= ?,? "
          + POST
          + "))?+(?:,? "
          + POST
          + ")?+(?:, ?(?:USA|US|UK|U\\.S\\.A\\.|United States|United Kingdom|Canada|Australia|England|Ireland|Scotland|Germany)(?!\\p{L}))?+";

  /** Types that need a longer house number, and a capital or a cue. */
  static final String RARE_WORDS =
      """
      place square way crossing ridge ridges meadow meadows mill mills manor landing hollow haven glen glens glade forge
      forges fork forks ford fords field fields ferry falls extension estate estates drives dale curve cove coves course
      corner corners common commons cliff cliffs causeway canyon brook brooks branch bluff bluffs bend bayou wells vista
      ville village viaduct valley valleys underpass track trace throughway summit stream stravenue spring springs spur
      skyway shore shores shoal shoals roads river ramp radial prairie plain plains pine pines passage parks overpass oval
      orchard neck motorway mountain mount lodge lock locks light lights lake knoll knolls key junction isle island islands
      inlet heights harbor harbors grove groves green greens gateway freeway expressway divide dam creek courts club center
      camp bypass burg bridge circle circles trail close crescent row gardens walk walks alley loop plaza rise hill hills
      park view run path point points squares streets turnpike union unions""";

  private static final String RARE = "(?:" + String.join("|", RARE_WORDS.split("\\s+")) + ")";

  private static final Pattern ASKS_FOR_STREET =
      Pattern.compile(
          "\\b(?:address|addresse|adresse|live at|live on|living at|lives at|located at|ship(?:ped)?(?: it)? to|deliver(?:ed)?(?: it)? to"
              + "|send(?: it)? to|sent to|moved to|pick me up (?:from|at)|come to|house is|home is|property (?:at|is)|from|at|it's|is)\\W*$");

  /** The A of "Terry A Francois Boulevard" is no article. */
  private static final Pattern INITIAL = Pattern.compile("(?<=[a-z]) \\p{Lu}\\.? (?=\\p{Lu})");

  private static final Pattern CAPITALS =
      Pattern.compile(
          "^\\d+ ?[A-Za-z]? (?:[NSEW]\\.? )?(?:(?:\\p{Lu}[\\p{L}.'-]*|\\d+[a-z]{2}) ){1,2}\\p{Lu}");

  private static final Pattern MEASURES =
      Pattern.compile(
          ".*\\b(?:a|an|of|to|for|on|down|up|at|in|from|with|and|is|was|my|your|our|per|minutes?|mins?|hours?|hrs?|days?|nights?|weeks?|months?|years?|miles?|km|blocks?|"
              + "people|guests?|persons?|rooms?|bed|bedrooms?|stars?|percent|way|lanes?|times|more|other|different|am|pm|tickets?|seats?|items?|or|if|i|you|we|they|that|this|which)\\b.*");

  private StreetAddresses() {}

  static List<Detector> detectors() {
    return List.of(
        Form.cased(
                ADDRESS,
                Signs.RARE_STREET,
                "(?=\\d)(?<![\\p{L}\\p{N}$€£:.,/-])(?<house>\\d{3,6})(?: ?[A-Za-z](?![\\p{L}\\p{N}]))? (?<street>(?:[NSEWnsew]\\.? )?(?:(?:\\p{L}[\\p{L}.'-]{0,25}+|\\d{1,3}(?:st|nd|rd|th)) ){1,2}(?i:"
                    + RARE
                    + ")(?![\\p{L}\\p{N}'])(?: [NSEWnsew](?!\\p{L}))?+)"
                    + UNIT_AFTER
                    + "(?<place>(?:(?:, ?|\\n)\\p{Lu}[\\p{L}.'-]{1,25}+(?: \\p{Lu}[\\p{L}.'-]{1,25}+){0,2}?(?=,? [A-Za-z]{2}(?:,? \\d{5}|$|\\n|[.,!])|[.,!\\n]|$))?+(?:,? [A-Za-z]{2}(?=,? \\d{5}|$|\\n|[.,!]))?+(?:,? \\d{5}(?:-\\d{4})?)?+)")
            .when(StreetAddresses::isRareStreet),
        Form.cased(
                ADDRESS,
                Signs.STREET,
                "(?:"
                    + UNIT
                    + "(?:[, ]{1,2}|,?\n))?+"
                    + HOUSE
                    + "(?<street>(?:(?:N|S|E|W|NE|NW|SE|SW)\\.? )?(?:"
                    + WORD
                    + " ){1,4}"
                    + TYPE
                    + "(?![\\p{L}\\p{N}])(?:(?<=\\b\\p{L}{2,4})\\.(?=[, \n]))?+)"
                    + SIDE
                    + UNIT_AFTER
                    + PLACE)
            .when(StreetAddresses::isStreet),
        Form.cased(
            ADDRESS,
            Signs.STREET,
            HOUSE
                + "(?:(?:N|S|E|W|North|South|East|West)\\.? )?(?:Broadway|Avenue [A-Z]|Highway \\d{1,4}|Route \\d{1,4}|Rt\\.? \\d{1,4}|The [A-Z][a-z]+|Piccadilly|Strand|Pall Mall|Whitehall)(?![\\p{L}\\p{N}])"
                + UNIT_AFTER
                + PLACE),
        Form.of(
                ADDRESS,
                Signs.STREET,
                "(?=[afsu\\d])(?<![\\p{L}\\p{N}$€£:.,/-])(?:(?:apartment|apt|unit|suite|ste|flat)\\.? ?#?\\d{0,4}[a-z]?, ?)?+(?<house>\\d{1,6})(?: ?[a-z](?![\\p{L}\\p{N}]))?,? (?<street>(?:(?:\\p{L}[\\p{L}.'-]{0,25}|\\d{1,3}(?:st|nd|rd|th)) ){1,4}?"
                    + SURE
                    + "(?![\\p{L}\\p{N}'])(?:(?<=\\b\\p{L}{2,4})\\.(?=[, ]))?+)(?:,? (?:apartment|apt|unit|suite|ste|floor|flat|room|bldg|#)\\.? ?#?[a-z]?\\d{1,5}[a-z]?(?![\\p{L}\\p{N}]))?+(?:,? ?(?:\\p{L}[\\p{L}'-]{1,20} ?){1,3}?,? [a-z]{2},? \\d{5}(?:-\\d{4})?)?+")
            .when(StreetAddresses::isStreet));
  }

  /** "1200 Brandon Crossing" with capitals; in lower case only where an address is told. */
  private static boolean isRareStreet(Form.Hit hit) {
    String typed = hit.text().folded().substring(hit.start(), hit.end());
    boolean capital = CAPITALS.matcher(typed).find();
    boolean told = ASKS_FOR_STREET.matcher(hit.before(40)).find();
    return (capital || told) && isStreet(hit);
  }

  /** "2 nights in a hotel on Castro Street" holds a number and a street, but no address. */
  private static boolean isStreet(Form.Hit hit) {
    int start = hit.matcher().start("street");
    String typed = hit.text().folded().substring(start, hit.matcher().end("street"));
    String street = INITIAL.matcher(typed).replaceAll(" ").toLowerCase(java.util.Locale.ROOT);
    String name = street.substring(0, Math.max(0, street.strip().lastIndexOf(' ')));
    return !MEASURES.matcher(name).matches();
  }
}
