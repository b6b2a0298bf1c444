package dev.repartee.text.privacy;

import static dev.repartee.text.privacy.PersonalData.ADDRESS;

import java.util.List;

/** Post codes, boxes, and streets as they are written outside of English. */
final class Addresses {

  private static final String FREE = "(?<![\\p{L}\\p{N}])";
  private static final String HOUSE =
      "\\d{1,4}(?: ?[a-z])?(?: ?[-/] ?\\d{1,4}(?: ?[a-z])?)?(?![\\p{L}\\p{N}])(?:,? ?\\d{1,2} ?[ºª°](?: ?[A-Za-z](?!\\p{L}))?)?+";
  private static final String NAME = "(?!(?:Apt|Suite|Zimmer)\\b)\\p{Lu}[\\p{L}.'-]{1,30}+";
  private static final String CITY =
      "(?: " + NAME + "| (?:am|an der|de|del|la|le|sur|van|den|do|da|dos|di|upon|y))";
  private static final String TAIL =
      "(?:(?:,? |,?\n| in )(?:[A-Z]{1,2}-)?(?:\\d{5}|\\d{4} ?[A-Z]{2}|\\d{4}|\\d{2}-\\d{3}|\\d{3} \\d{2}|\\d{4}-\\d{3})(?!\\d)(?:"
          + CITY
          + "){0,4}+|,(?:"
          + CITY
          + "){1,4}+(?:,? \\d{4,5}(?!\\d))?+){0,2}+";
  private static final String SMALL =
      "(?:(?:de la|de los|dela|del|des|de|du|la|les|le|della|di|da|dos|do|van|den|der|von|of|the|y|san|santa) |(?:de )?l'|d')";

  /** German streets that are called by where they lie: "Am Markt 3", "Unter den Linden 5". */
  private static final String PREPOSED =
      FREE
          + "(?:Am|Im|An der|An den|Auf dem|Auf der|In der|In den|Zum|Zur|Unter den|Hinter der|Vor dem) "
          + "(?:Alten |Neuen |Hohen |Langen )?"
          + "(?:Markt|Marktplatz|Park|Stadtpark|Bahnhof|Hang|See|Wald|Waldrand|Berg|Bach|Kirchberg|Mühlbach|Linden|Lindenbaum"
          + "|Rathaus|Anger|Graben|Brunnen|Dorfplatz|Sportplatz|Schloss|Friedhof|Ufer|Weiher|Winkel|Wiesen|Grund|Feld|Tor"
          + "|Kirche|Mühle|Schule|Post|Hof|Garten|Gärten|Eichen|Buchen|Weinberg|Sonnenhang|Hafen|Kanal|Deich|Rain|Acker|Teich) ";

  private Addresses() {}

  static List<Detector> detectors() {
    return List.of(
        Form.of(
            ADDRESS,
            Signs.STREET,
            FREE
                + "(?:p\\.? ?o\\.? ?box|post office box|postfach|apartado(?: de correos)?|boîte postale|bp|gpo box|locked bag)"
                + "(?: number| no\\.?)?:? ?#?\\d{1,6}(?!\\d)(?:, [\\p{L} ]{2,40}?,? [a-z]{2} \\d{5}(?:-\\d{4})?)?+"),
        Form.cased(
            ADDRESS,
            Signs.STREET,
            FREE
                + "(?:\\p{Lu}[\\p{L}-]{1,30}?|(?:\\p{Lu}[\\p{L}-]{1,20} ){1,2}?)(?i:straße|strasse|str\\.|weg|platz|allee|gasse|damm|ufer|ring|gässchen|steig|stieg|chaussee|promenade|straat|laan|gracht"
                + "|plein|kade|gatan|vägen|gata|gate|gade|vej|veien|katu|tie|utca|út)\\.? "
                + HOUSE
                + TAIL),
        Form.cased(ADDRESS, Signs.STREET, PREPOSED + HOUSE + TAIL),
        Form.cased(
            ADDRESS,
            Signs.STREET,
            FREE
                + "(?i:calle|c/|avenida|avda\\.?|av\\.|plaza|paseo|carrer|via|viale|piazza|corso|rua|travessa|praça|ul\\.|ulica|al\\.|aleja|rue|avenue|boulevard|place)"
                + " (?:"
                + SMALL
                + "){0,2}+"
                + NAME
                + "(?: (?:"
                + SMALL
                + "){0,2}+"
                + NAME
                + "){0,3}+,? (?:n[º°.] ?|no\\.? ?)?"
                + HOUSE
                + TAIL),
        Form.cased(
            ADDRESS,
            Signs.STREET,
            FREE
                + HOUSE
                + "(?: ?(?:bis|ter|quater)\\b)?,? (?i:rue|avenue|av\\.|boulevard|bd|place|chemin|impasse|allée|allee|voie|quai|cours|route|square|passage|sentier|faubourg|via|viale|piazza|calle|avenida)"
                + " (?:"
                + SMALL
                + "){0,2}+(?:"
                + NAME
                + ")(?:[ -](?:"
                + SMALL
                + "){0,2}+"
                + NAME
                + "){0,4}+"
                + TAIL),
        Form.cased(
            ADDRESS,
            Signs.FOUR_DIGITS,
            FREE
                + NAME
                + "(?: (?:de[rnm] )?"
                + NAME
                + "){0,3} \\d{1,4} ?[a-z]?(?:, |,?\\n| in )(?:\\d{5}|\\d{4} ?[A-Z]{2}|\\d{4}|\\d{2}-\\d{3}|\\d{3} \\d{2}) "
                + NAME
                + "(?: "
                + NAME
                + ")?"),
        Form.of(
            ADDRESS,
            Signs.MIXED,
            FREE + "[a-z]{1,2}\\d[a-z\\d]? \\d[abd-hjlnp-uw-z]{2}(?![\\p{L}\\p{N}])"),
        Form.cased(
            ADDRESS,
            Signs.MIXED,
            FREE + "[A-Z]{1,2}\\d[A-Z\\d]?\\d[ABD-HJLNP-UW-Z]{2}(?![\\p{L}\\p{N}])"),
        Form.of(
            ADDRESS,
            Signs.MIXED,
            FREE + "[abceghj-nprstvxy]\\d[a-z][ -]?\\d[a-z]\\d(?![\\p{L}\\p{N}])"),
        Form.cased(
            ADDRESS,
            Signs.FOUR_DIGITS,
            "(?=[A-Z])" + FREE + StreetAddresses.STATE + ",? \\d{5}(?:-\\d{4})?(?![\\p{L}\\d])"),
        Form.of(
            ADDRESS,
            Signs.THREE_DIGITS,
            "\\b(?:zip|zip ?code|post ?code|postal ?code|plz|cp)(?: (?:is|was|code))?[: ]{0,2}(?<value>\\d{3,6}(?:-\\d{3,4})?)(?!\\d)"),
        Form.cased(
            ADDRESS,
            Signs.FOUR_DIGITS,
            FREE
                + "\\d{4} ?[A-Z]{2} "
                + NAME
                + "(?: "
                + NAME
                + ")?|"
                + FREE
                + "(?:D-|A-|CH-|F-|B-)\\d{4,5} "
                + NAME));
  }
}
