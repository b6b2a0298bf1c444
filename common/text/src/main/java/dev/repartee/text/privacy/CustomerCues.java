package dev.repartee.text.privacy;

import dev.repartee.text.privacy.RedactedText.Detection;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The words beside a value by which an agent says that it is the customer's: "your number", "I will
 * call you on", "Ihre Adresse", "born". In English, German, French and Spanish.
 */
final class CustomerCues {

  private CustomerCues() {}

  private static final int REACH = 60;

  /** Stands for the value. */
  private static final String VALUE = String.valueOf(FoldedText.MASK);

  /** Between words of a sentence. */
  private static final String GAP = "[^\\w.!?]+";

  /** "Your call to our hotline": what is ours is not the customer's. */
  private static final String WORD = "(?!(?:ours?|unser\\w*|notre|nos|nuestr\\w+)\\b)\\w+";

  private static final String UP_TO_FOUR = "(?:" + WORD + GAP + "){0,4}";

  private static final String YOUR =
      "\\b(?:your|his|her|their|ihre?[mnrs]?|deine?[mnrs]?|votre|vos|ton|tes|sus?|tus?)\\b";

  /** "Ihre neue Adresse", but not "Ihre Anfrage an die Adresse". */
  private static final String ADJECTIVES =
      "(?:(?!(?:an|zu[mr]?|per|für|in|à|au|par|pour|en|al?|por|para|d[aei]s|de[nr]|die|l[ae]s?|l|el)"
          + ("\\b)" + WORD + GAP + "){0,3}?");

  /** Words that may stand between a value and "your": "is still", "noch als". */
  private static final String LINKS =
      "(?:(?:is|was|be|as|still|now|also|correct|right|really|best|current|that|this|it|the|date"
          + "|of|day|on|left|ist|noch|als|immer|weiterhin|aktuell\\w*|das|die|der|est|c|bien"
          + "|toujours|encore|comme|date|de|la|le|sigue|siendo|es|como|todavía|aún|fecha"
          + ("|account|remaining|" + YOUR + ")[ ,']{1,2}){0,5}");

  private static final String AFTER = VALUE + "[ ,)\"']{0,3}";

  /** English, whatever stands between: "Is your number still 555-0123", "I will call you on". */
  private static final String TO_CUSTOMER =
      ("\\b(?:your|his|her|their)\\W+(?:" + WORD + "\\W+){0,4}" + VALUE)
          + "|\\b(?:call|reach|text|phone|ring|contact|e-?mail|mail|write|send|ship|deliver)\\w*\\W+"
          + ("(?:(?!us\\b)" + WORD + "\\W+){0,2}(?:you|him|her|them)\\W+")
          + ("(?:" + WORD + "\\W+){0,3}" + VALUE)
          + ("|\\b(?:have|see|got)\\W+(?:\\w+\\W+)?" + AFTER + "(?:\\w+ ){0,2}for you\\b")
          + ("|" + AFTER + "(?:\\w+ ){0,2}(?:on (?:file|record)|on your (?:account|profile)")
          + "|hinterlegt|notiert|vermerkt|gespeichert)\\b"
          // "Wir rufen Sie unter", but not "Wir sind für Sie unter".
          + "|\\b(?:wir|ich|kolleg\\w*|techniker\\w*|mitarbeiter\\w*|ruft|erreicht)\\b[^.!?,]{0,40}"
          + "(?<!\\b(?:für|bitten?) )\\b(?:sie|dich) (?:(?!(?:uns|mich)\\b)\\w+ ){0,2}(?:unter|auf)"
          + (GAP + UP_TO_FOUR + VALUE)
          + "|\\b(?:schick|send|liefer|mail|schreib)\\w*\\b[^.!?,]{0,20}\\b(?:ihnen|dir) "
          + ("(?:\\w+ ){0,4}an" + GAP + UP_TO_FOUR + VALUE)
          // "Nous vous rappelons au", but not "Vous appelez le" or "vous envoyons un mail de".
          + "|\\bvous (?:r?appel|joindr|contact|recontact|envo[iy]|livr|écri)(?!\\w*ez\\b)\\w*[ ']"
          + ("(?:(?!(?:de|du|depuis)\\b)" + WORD + "[ ']){0,4}" + VALUE)
          // "Le llamamos al", but not "Le recomendamos llamar al" or "puede enviarlo a".
          + "|\\b(?:(?:le|te|les|lo|la) (?:(?:vamos|voy|va) a |puedo |podemos )?"
          + "(?:(?:llam|contact|(?<!l[oa] )(?:env[ií]|mand))(?:o|an?|amos|ar\\w*)"
          + "|escrib(?:o|imos|ir\\w*))|(?:llamar|contactar|enviar|mandar|escribir)(?:le|te|les)"
          + ("|llamarl[oa]) (?:(?!(?:de|del|desde)\\b)" + WORD + " ){0,4}" + VALUE);

  /** Beside "your" and the like, the words for a phone number, an e-mail address and so on. */
  private static Pattern ofCustomer(String noun) {
    String named = "\\w*(?:" + noun + ")\\w*\\b";
    return ofCustomer(
        TO_CUSTOMER,
        // "Ihre Adresse ist", but not "Ihre Mail an": the last word is no "to".
        (YOUR + GAP + ADJECTIVES + named + GAP + UP_TO_FOUR)
            + ("(?<!\\b(?:an|à|a)[^\\w.!?]{1,3})" + VALUE),
        (AFTER + LINKS + YOUR + GAP + ADJECTIVES + named),
        (AFTER + LINKS + named + " to (?:reach|call|text|contact) you\\b"));
  }

  private static Pattern ofCustomer(String... cues) {
    return Pattern.compile(
        String.join("|", cues),
        Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.UNICODE_CHARACTER_CLASS);
  }

  private static final String BIRTH =
      "\\b(?:birth\\w*|born|dob|geboren\\w*|geburt\\w*|née?|naissance"
          + "|nací|naci(?:ó|do|da|ste|miento))\\b";

  /** "Your balance", but not "a minimum balance". */
  private static final String BALANCE =
      "(?<!\\b(?:minimum|opening|a|any|einen?|un) )"
          + "\\b(?:balance(?! transfer)|kontostand\\w*|solde|saldo)\\b";

  private static final Map<PersonalData, Pattern> OF_CUSTOMER =
      Map.of(
          PersonalData.PHONE,
          ofCustomer(
              "number|phone|cell|nummer|telefon|handy|mobil|num[ée]ro|portable|móvil|celular"),
          PersonalData.EMAIL,
          ofCustomer("mail|address|adresse|courriel|correo|direcci[óo]n"),
          PersonalData.ADDRESS,
          ofCustomer("address|anschrift|adresse|domicil|direcci[óo]n"),
          PersonalData.DATE,
          ofCustomer(BIRTH + GAP + UP_TO_FOUR + VALUE, AFTER + LINKS + BIRTH),
          PersonalData.MONEY,
          ofCustomer(BALANCE + GAP + UP_TO_FOUR + VALUE, AFTER + LINKS + BALANCE));

  /** Whether a cue is beside {@code found}, a value in {@code text}. */
  static boolean areBeside(Detection found, String text) {
    Pattern cues = OF_CUSTOMER.get(found.kind());
    return cues != null
        && cues.matcher(
                text.substring(Math.max(0, found.start() - REACH), found.start())
                    + VALUE
                    + text.substring(found.end(), Math.min(text.length(), found.end() + REACH)))
            .find();
  }
}
