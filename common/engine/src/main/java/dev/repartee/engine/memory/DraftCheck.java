package dev.repartee.engine.memory;

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
public final class DraftCheck {

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
  static List<Finding> check(
      List<Message> messages,
      Desk desk,
      String draft,
      LibraryTexts library,
      List<Detection> personal) {
    List<Finding> findings = new ArrayList<>();
    library
        .never()
        .findAll(draft)
        .forEach(
            one ->
                findings.add(new Finding(Finding.NEVER, one.start(), one.end(), Optional.empty())));
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
            new Finding(Finding.PERSONAL, one.start(), one.end(), Optional.of(one.kind().id())));
      }
    }
    findings.sort(Comparator.comparingInt(Finding::start));
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

  /**
   * A passage of a draft that should not be sent.
   *
   * @param kind {@value #NEVER} or {@value #PERSONAL}
   * @param start its first position, in UTF-16 units
   * @param end its end, exclusive
   * @param what kind of personal data it looks like
   */
  public record Finding(String kind, int start, int end, Optional<String> what) {

    /** A phrase that the answer library forbids. */
    public static final String NEVER = "never";

    /** It looks like personal data, and neither the conversation nor the desk has it. */
    public static final String PERSONAL = "personal";
  }
}
