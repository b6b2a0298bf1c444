package dev.repartee.text.privacy;

import static dev.repartee.text.privacy.PersonalData.CARD;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Payment cards: whole numbers, their last digits and their security codes. */
final class Cards implements Detector {

  private static final Pattern GROUPS =
      Pattern.compile("(?<![\\p{L}\\p{N}])\\d(?:[ ._/-]{0,3}\\d){12,60}+(?!\\p{L})");
  private static final Pattern CARD_WORD =
      Pattern.compile(
          "\\b(?:cards?|visa|mastercard|master card|amex|american express|discover|maestro|debit|credit)\\b");
  private static final Pattern CARD_GROUPS =
      Pattern.compile(
          "\\d{4}([ ._/-]{1,3})\\d{4}\\1\\d{4}\\1\\d{4}|3\\d{3}([ ._/-]{1,3})\\d{6}\\2\\d{5}");
  private static final int FEWEST = 13;
  private static final int MOST = 19;
  private static final int CUE_DISTANCE = 40;

  static List<Detector> detectors() {
    return List.of(
        new Cards(),
        Form.of(
                CARD,
                Signs.THREE_DIGITS,
                "\\b(?:ending|ends|finishing|finishes|end)(?: up)?(?: (?:in|with|on|by|is))?(?: the)?(?: (?:digits|numbers?))?[: ]{1,2}(?<value>[*x#•. ]{0,19}\\d{3,5})(?!\\d|[.:/-]\\d| ?[ap]\\.?m| (?:days?|weeks?|hours?|minutes?)\\b)")
            .when(hit -> hit.digits() >= 4 || hit.value().length() > 3),
        Form.of(
            CARD,
            Signs.THREE_DIGITS,
            "\\blast (?:four|4)(?: (?:digits?|numbers?))?(?: (?:of|on|for) (?:my|the|your) (?:[a-z]{1,12} ){0,3}+(?:card|account|number)?)?(?: ?(?:is|are|were|=|:))? ?(?<value>\\d{4})(?!\\d)"),
        Form.of(
            CARD,
            Signs.THREE_DIGITS,
            "(?<![\\p{L}\\p{N}])[*x•#](?:[*x•# -]{0,24}[*x•# -])?\\d{4}(?![\\p{L}\\p{N}])"),
        Form.of(
            CARD,
            Signs.THREE_DIGITS,
            "\\b(?:cvv2?|cvc2?|cvn|cid|security code|verification code)(?: (?:is|number|code|on|back)){0,3}+[: #-]{0,3}(?<value>\\d{3,4})(?!\\d)"));
  }

  @Override
  public int signs() {
    return Signs.THIRTEEN_DIGITS;
  }

  @Override
  public void find(FoldedText text, Finds finds) {
    Matcher groups = GROUPS.matcher(text.lower());
    while (groups.find()) {
      int start = groups.start();
      int end = cardEnd(groups.group(), hasCue(text.lower(), start, groups.end()));
      if (end > 0) {
        finds.add(CARD, start, start + end);
      }
    }
  }

  private static boolean hasCue(String text, int start, int end) {
    return CARD_WORD
        .matcher(
            text.substring(
                Math.max(0, start - CUE_DISTANCE), Math.min(text.length(), end + CUE_DISTANCE / 2)))
        .find();
  }

  /**
   * Where the card ends that {@code groups} begins with, since an expiry date may follow; 0 for
   * none. Of the lengths at which a group ends the longest with a valid check digit is taken.
   */
  private static int cardEnd(String groups, boolean cue) {
    int digits = 0;
    int best = 0;
    for (int i = 0; i < groups.length() && digits < MOST; i++) {
      if (!isDigit(groups.charAt(i))) {
        continue;
      }
      digits++;
      boolean groupEnds = i + 1 == groups.length() || !isDigit(groups.charAt(i + 1));
      if (groupEnds && digits >= FEWEST && hasValidCheckDigit(groups.substring(0, i + 1))) {
        best = i + 1;
      }
    }
    if (best > 0) {
      return best;
    }
    Matcher formed = CARD_GROUPS.matcher(groups);
    if (formed.lookingAt()) {
      return formed.end();
    }
    long all = groups.chars().filter(c -> c >= '0' && c <= '9').count();
    return cue && all <= MOST ? groups.length() : 0;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /** The Luhn check that payment card numbers pass, and one number in ten by chance. */
  private static boolean hasValidCheckDigit(String number) {
    int sum = 0;
    boolean doubled = false;
    for (int i = number.length() - 1; i >= 0; i--) {
      if (isDigit(number.charAt(i))) {
        int digit = number.charAt(i) - '0';
        int value = doubled ? 2 * digit : digit;
        sum += value > 9 ? value - 9 : value;
        doubled = !doubled;
      }
    }
    return sum % 10 == 0;
  }
}
