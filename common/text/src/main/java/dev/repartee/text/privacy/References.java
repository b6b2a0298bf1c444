package dev.repartee.text.privacy;

import static dev.repartee.text.privacy.PersonalData.REFERENCE;

import java.util.List;
import java.util.regex.Pattern;

/** What firms number: orders, tickets, bookings, cases, parcels, invoices. */
final class References {

  private static final String CUE =
      "\\b(?:orders?|tickets?|cases?|bookings?|reservations?|confirmation|confirm|tracking|invoices?|ref|reference"
          + "|incidents?|requests?|claims?|shipments?|parcels?|packages?|transactions?|receipts?|rma|pnr|record"
          + "|locator|voucher|coupon|promo|quote|complaints?|purchase|po|delivery|return|refund|issue|job|appointment"
          + "|enquiry|inquiry|flight|serial|model|tracking|airway bill|awb|consignment|bestellung|bestellnummer|pedido"
          + "|sendungsnummer|fall-nr|vorgangsnummer|ticketnummer|commande|itinerary|application|work order|service request|sr)";
  private static final String FILLER =
      "(?: ?(?:number|numbers|numb|num|no|nr|id|ids|code|ref|reference|ticket|order|is|was|it's|its|reads|says|[=:#.(\"'-])(?![a-z])){0,6}+";

  /** A code with a digit in it; further groups are joined by a sign, or by a blank to digits. */
  private static final String CODE =
      " ?(?<value>#? ?(?:[a-z]{1,10}[-_/])?[a-z0-9]{0,20}?\\d[a-z0-9]{0,40}+(?:[-_/][a-z0-9]{1,40}+){0,8}+(?: (?=\\d{3})\\d{3,8}(?![a-z:.\\d])){0,4}+)";

  private static final Pattern LETTERS_AND_DIGITS = Pattern.compile("[a-z]++\\d++|\\d++[a-z]++");
  private static final Pattern MEASURE =
      Pattern.compile(
          "\\d+(?:st|nd|rd|th|s|x|k|m|g|p|gb|mb|tb|kb|kg|km|cm|mm|ml|mg|lb|lbs|oz|ft|in|hz|mhz|ghz|mah|wh|kwh|kw|w|v"
              + "|mbps|gbps|mph|kmh|min|mins|hr|hrs|h|sec|secs|am|pm|days?|weeks?|years?|yrs?|yo|pcs|usd|eur|gbp|px|fps|bhk|d)");

  /** A phone number whose end is a word: not a reference. */
  private static final Pattern FREEPHONE = Pattern.compile("(?:1-)?8\\d\\d-[a-z-]{3,13}");

  /** A booking's six capitals and digits, a letter at both ends. */
  private static final Pattern LOCATOR =
      Pattern.compile("(?=[A-Z]*\\d[A-Z\\d]*)[A-Z][A-Z\\d]{4}[A-Z]");

  private static final Pattern SHORT_DATE =
      Pattern.compile("\\d{1,2}[/.-]\\d{1,2}(?:[/.-]\\d{2,4})?");
  private static final Pattern YEAR = Pattern.compile("(?:19|20)\\d\\d");
  private static final Pattern ASKS_FOR_CODE =
      Pattern.compile("[#:]|\\b(?:number|no\\.?|id|is)\\W*$");
  private static final Pattern MIXED_GROUP =
      Pattern.compile("(?<![A-Z\\d])(?:[A-Z]++\\d|\\d++[A-Z])");
  private static final Pattern LOWER_ID = Pattern.compile("[a-z]{1,6}[-_]\\d{4,}");
  private static final Pattern HASH_ID = Pattern.compile("#[a-z]+-?\\d");
  private static final Pattern PROJECT_ID =
      Pattern.compile("(?!HTTP|ISO|ERROR|COVID|UTF|DIN|USB|WIN|RFC|EUR|USD)[A-Z]{2,10}-\\d{3}");

  /** What is left of a phone number when its brackets or its plus are cut off. */
  private static final Pattern EXTENDED = Pattern.compile("[\\d-]{6,}x\\d{1,6}");

  private static final int SHORTEST_MIXED = 5;
  private static final Pattern VOWELS = Pattern.compile("[aeiouy]");
  private static final int FEWEST_CONSONANTS = 5;
  private static final int SHORTEST_RANDOM = 8;
  private static final int FEWEST_DIGITS = 3;

  private References() {}

  static List<Detector> detectors() {
    return List.of(
        Form.of(
            REFERENCE,
            Signs.SIX_DIGITS,
            "(?<![\\p{L}\\p{N}])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![\\p{L}\\p{N}])"),
        Form.of(
            REFERENCE,
            Signs.FOUR_DIGITS,
            "(?=\\d)(?<![\\p{L}\\p{N}.,/-])\\d{4,8}/\\d{1,4}(?![\\p{L}\\p{N}/%])"),
        Form.of(REFERENCE, Signs.REFERENCE_WORD, CUE + FILLER + CODE).when(References::isCode),
        Form.of(REFERENCE, Signs.REFERENCE_WORD, "\\b(?:id|code|number)" + FILLER + CODE)
            .when(hit -> hasLetter(hit.value()) && isCode(hit)),
        Form.of(
            REFERENCE,
            Signs.SIX_DIGITS,
            "(?=1)(?<![\\p{L}\\p{N}])1z[ -]?[a-z0-9]{3}[ -]?[a-z0-9]{3}[ -]?\\d{2}[ -]?\\d{4}[ -]?\\d{4}(?!\\d)"),
        Form.of(
            REFERENCE,
            Signs.THIRTEEN_DIGITS,
            "(?=\\d)(?<![\\p{L}\\p{N}])(?:\\d{4} ){4,6}\\d{1,4}(?![\\p{L}\\p{N}])"),
        Form.of(
                REFERENCE,
                Signs.HASH,
                "(?=#)(?<![\\p{L}\\p{N}])# ?(?=[a-z-]{0,12}\\d)[a-z0-9]{1,40}+(?:[-_/][a-z0-9]{1,40}+){0,6}+")
            .when(hit -> hit.digits() >= FEWEST_DIGITS || HASH_ID.matcher(hit.value()).find()),
        Form.of(
                REFERENCE,
                Signs.THREE_DIGITS | Signs.MIXED,
                "(?=[a-z0-9])(?<![\\p{L}\\p{N}.@'/_-])(?=[a-z0-9_/.-]{0,30}\\d)[a-z0-9]{1,40}+(?:[-_/][a-z0-9]{1,40}+){0,8}+(?![\\p{L}\\p{N}])")
            .when(References::isMixed),
        Form.cased(
                REFERENCE,
                Signs.CODE_WORD,
                "\\b(?:(?i:code|confirmation|reference|booking|reservation|pnr|locator|voucher|ticket|case|number|id)"
                    + "(?i: (?:number|code|is|was|no|id|ref)|[:#=.]){1,4}+"
                    + "|(?i:sendungsnummer|pnr)"
                    + "|(?i:order|parcel|delivery|shipment|track|tracking)"
                    + "(?<filler>(?i: (?:number|code|no|id|ref)|[:#=.]| \\(){0,4}+)) ?(?<value>[A-Z][A-Z\\d]{4,9})(?![\\p{L}\\p{N}])")
            .when(References::isLetterCode));
  }

  private static boolean isCode(Form.Hit hit) {
    String value = hit.value();
    if (MEASURE.matcher(value).matches()
        || EXTENDED.matcher(value).matches()
        || SHORT_DATE.matcher(value).matches()) {
      return false;
    }
    long digits = hit.digits();
    boolean year = YEAR.matcher(value).matches() && !ASKS_FOR_CODE.matcher(hit.before(12)).find();
    boolean locator = LOCATOR.matcher(hit.typed()).matches();
    long fewest = locator ? 1 : hasLetter(value) ? 2 : FEWEST_DIGITS + 1;
    return (!year && digits >= fewest)
        || (value.startsWith("#") && digits >= FEWEST_DIGITS)
        || (digits == FEWEST_DIGITS && ASKS_FOR_CODE.matcher(hit.before(12)).find());
  }

  /** Six capitals: a code, unless all of the message is in capitals. */
  private static boolean isLetterCode(Form.Hit hit) {
    String around = hit.text().folded().substring(Math.max(0, hit.start() - 24), hit.start());
    boolean bare = "".equals(hit.matcher().group("filler"));
    return (!bare || VOWELS.matcher(hit.value()).replaceAll("").length() >= FEWEST_CONSONANTS)
        && !Lexicon.shared().isCommon(hit.value())
        && !Lexicon.shared().isGiven(hit.value())
        && around.chars().anyMatch(Character::isLowerCase);
  }

  /** "Qaj5JxJcNmUX": capitals, small letters and digits change too often for a word. */
  private static boolean isRandom(Form.Hit hit) {
    String typed = hit.typed();
    boolean cased =
        typed.length() >= SHORTEST_RANDOM
            && hit.digits() > 0
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
    return changes >= 3;
  }

  private static boolean hasLetter(String value) {
    return value.chars().anyMatch(c -> c >= 'a' && c <= 'z');
  }

  /** Without a cue, letters and digits must be mixed as nobody mixes them in words and measures. */
  private static boolean isMixed(Form.Hit hit) {
    String value = hit.value();
    long digits = hit.digits();
    if (LOCATOR.matcher(hit.typed()).matches()
        || PROJECT_ID.matcher(hit.typed()).matches()
        || isRandom(hit)) {
      return true;
    }
    if (digits < 2
        || value.length() < SHORTEST_MIXED
        || !hasLetter(value)
        || FREEPHONE.matcher(value).matches()
        || EXTENDED.matcher(value).matches()
        || MEASURE.matcher(value).matches()) {
      return false;
    }
    String typed = hit.typed();
    boolean capitals = typed.chars().noneMatch(Character::isLowerCase);
    if (value.indexOf('-') >= 0 || value.indexOf('_') >= 0 || value.indexOf('/') >= 0) {
      boolean mixedGroup = capitals && digits > 2 && MIXED_GROUP.matcher(typed).find();
      return mixedGroup
          || (capitals && digits > FEWEST_DIGITS)
          || digits > FEWEST_DIGITS + 1
          || LOWER_ID.matcher(value).matches();
    }
    if (LETTERS_AND_DIGITS.matcher(value).matches()) {
      return digits >= (capitals ? FEWEST_DIGITS : FEWEST_DIGITS + 1);
    }
    return capitals || (value.length() > SHORTEST_MIXED && digits >= FEWEST_DIGITS);
  }
}
