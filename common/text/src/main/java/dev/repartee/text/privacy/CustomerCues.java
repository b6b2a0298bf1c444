package dev.repartee.text.privacy;

import dev.repartee.text.privacy.RedactedText.Detection;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Finds the words beside a value by which an agent says that it is the customer's, such as "your
 * number". They stand in {@code rules.txt}.
 */
final class CustomerCues {

  private CustomerCues() {}

  private static final int REACH = 60;

  /** Stands for the value. */
  private static final String VALUE = String.valueOf(FoldedWords.MASK);

  /** Beside "your" and the like, the words for a phone number, an e-mail address and so on. */
  private static Pattern ofCustomer(String noun) {
    String named = "\\w*(?:" + noun + ")\\w*\\b";
    return anyOf(
        "%{TO_CUSTOMER}",
        // "Ihre Adresse ist", but not "Ihre Mail an": the last word is no "to".
        "%{YOUR}%{GAP}%{ADJECTIVES}"
            + named
            + "%{GAP}%{UP_TO_FOUR}(?<!\\b(?:an|à|a)[^\\w.!?]{1,3})%{MASK}",
        "%{AFTER_VALUE}%{CUE_LINKS}%{YOUR}%{GAP}%{ADJECTIVES}" + named,
        "%{AFTER_VALUE}%{CUE_LINKS}" + named + " to (?:reach|call|text|contact) you\\b");
  }

  private static Pattern beside(String cue) {
    return anyOf(cue + "%{GAP}%{UP_TO_FOUR}%{MASK}", "%{AFTER_VALUE}%{CUE_LINKS}" + cue);
  }

  private static Pattern anyOf(String... cues) {
    return RuleTable.pattern(
        String.join("|", cues),
        Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.UNICODE_CHARACTER_CLASS);
  }

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
          beside("%{BIRTH_CUE}"),
          PersonalData.MONEY,
          beside("%{BALANCE}"));

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
