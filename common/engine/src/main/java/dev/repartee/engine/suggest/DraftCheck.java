package dev.repartee.engine.suggest;

import dev.repartee.text.TextNorm;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.privacy.PersonalData;
import dev.repartee.text.privacy.RedactedText.Detection;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Looks through a draft, before it is sent, for what should not be in it. */
final class DraftCheck {

  /** Shorter runs of digits are in many conversations by chance. */
  private static final int FEWEST_DIGITS = 4;

  /** What tells people apart; agents write times, amounts and numbers of their own. */
  private static final Set<PersonalData> PERSONAL =
      EnumSet.of(
          PersonalData.EMAIL,
          PersonalData.CARD,
          PersonalData.ACCOUNT,
          PersonalData.ADDRESS,
          PersonalData.REFERENCE,
          PersonalData.PHONE,
          PersonalData.CUSTOMER_NAME,
          PersonalData.NAME);

  private DraftCheck() {}

  /**
   * @param library has the phrases that must not be said
   * @param personal what was found in the draft
   */
  static List<DraftFinding> check(
      List<Message> messages,
      Desk desk,
      String draft,
      LibraryTexts library,
      List<Detection> personal) {
    List<DraftFinding> findings = new ArrayList<>();
    library
        .never()
        .findAll(draft)
        .forEach(
            one ->
                findings.add(
                    new DraftFinding(
                        DraftFinding.NEVER, one.start(), one.end(), Optional.empty())));
    String known =
        Stream.concat(messages.stream().map(Message::text), desk.metadata().values().stream())
            .map(TextNorm::norm)
            .collect(Collectors.joining(" \n "));
    String digits = digits(known);
    for (Detection one : personal) {
      if (PERSONAL.contains(one.kind())
          && !isKnown(one.text(), known, digits)
          && !library.hasForAll(TextNorm.norm(one.text()))) {
        findings.add(
            new DraftFinding(
                DraftFinding.PERSONAL, one.start(), one.end(), Optional.of(one.kind().id())));
      }
    }
    findings.sort(Comparator.comparingInt(DraftFinding::start));
    return findings;
  }

  /** Whether the conversation or the desk has the value, in whatever spelling. */
  private static boolean isKnown(String value, String known, String knownDigits) {
    String digits = digits(value);
    return known.contains(TextNorm.norm(value))
        || (digits.length() >= FEWEST_DIGITS && knownDigits.contains(digits));
  }

  private static String digits(String text) {
    return text.replaceAll("[^\\p{Nd}\\n]+", "");
  }
}
