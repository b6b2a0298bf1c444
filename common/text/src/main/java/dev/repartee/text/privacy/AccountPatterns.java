package dev.repartee.text.privacy;

import static dev.repartee.text.privacy.PatternRule.NO_WORD_AFTER;
import static dev.repartee.text.privacy.PatternRule.NO_WORD_BEFORE;
import static dev.repartee.text.privacy.PatternRule.REFUSED;
import static dev.repartee.text.privacy.PatternRule.WORD_START;
import static dev.repartee.text.privacy.PatternRule.anyOf;

import dev.repartee.text.privacy.PatternRule.Match;
import java.math.BigInteger;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Payment cards, bank accounts, and the numbers and names under which somebody is registered. */
final class AccountPatterns {

  private AccountPatterns() {}

  // Payment cards: whole numbers, their last digits, their security codes.

  private static final Pattern CARD_WORD =
      Pattern.compile(
          "\\b(?:cards?|visa|mastercard|master card|amex|american express|discover|maestro|debit"
              + "|credit)\\b");
  private static final Pattern CARD_GROUPS =
      Pattern.compile(
          "\\d{4}([ ._/-]{1,3})\\d{4}\\1\\d{4}\\1\\d{4}|3\\d{3}([ ._/-]{1,3})\\d{6}\\2\\d{5}");
  private static final int LEAST_CARD_DIGITS = 13;
  private static final int MOST_CARD_DIGITS = 19;
  private static final int CARD_CUE_DISTANCE = 40;

  static final List<PatternRule> CARDS =
      List.of(
          PatternRule.of(
                  Signs.THIRTEEN_DIGITS,
                  // A phone number that begins with its country may pass the check of cards, too.
                  "(?<![\\p{L}\\p{N}+])\\d(?:[ ._/-]{0,3}\\d){12,60}+(?!\\p{L})")
              .endingAt(AccountPatterns::cardEnd),
          PatternRule.of(
                  Signs.CARD_WORD,
                  WORD_START
                      + "(?:ending|ends|finishing|finishes|end)(?: up)?(?:"
                      + " (?:in|with|on|by|is))?(?: the)?(?: (?:digits|numbers?))?[:"
                      + " ]{1,2}(?<value>[*x#•. ]{0,19}\\d{3,5})(?!\\d|[.:/-]\\d| ?[ap]\\.?m|"
                      + " (?:days?|weeks?|hours?|minutes?)\\b)")
              .when(match -> match.digits() >= 4 || match.end() - match.start() > 3),
          PatternRule.of(
              Signs.CARD_WORD,
              WORD_START
                  + "last (?:four|4)(?: (?:digits?|numbers?))?(?: (?:of|on|for) (?:my|the|your)"
                  + " (?:[a-z]{1,12} ){0,3}+(?:card|account|number)?)?(?: ?(?:is|are|were|=|:))?"
                  + " ?(?<value>\\d{4})(?!\\d)"),
          PatternRule.of(
              Signs.FOUR_IN_A_ROW,
              NO_WORD_BEFORE + "[*x•#](?:[*x•# -]{0,24}[*x•# -])?\\d{4}" + NO_WORD_AFTER));

  /**
   * The end of the card at the start of a run of digit groups; an expiry date may follow it. Of the
   * ends of groups the last with a valid check digit counts, then the usual layout of cards, then,
   * beside a word for cards, the whole run.
   */
  private static int cardEnd(Match match) {
    String run = match.value();
    int digits = 0;
    int best = 0;
    for (int i = 0; i < run.length() && digits < MOST_CARD_DIGITS; i++) {
      if (!Signs.isDigit(run.charAt(i))) {
        continue;
      }
      digits++;
      boolean groupEnds = i + 1 == run.length() || !Signs.isDigit(run.charAt(i + 1));
      if (groupEnds && digits >= LEAST_CARD_DIGITS && hasLuhnDigit(run.substring(0, i + 1))) {
        best = i + 1;
      }
    }
    if (best > 0) {
      return match.start() + best;
    }
    Matcher groups = CARD_GROUPS.matcher(run);
    if (groups.lookingAt()) {
      return match.start() + groups.end();
    }
    String around = match.before(CARD_CUE_DISTANCE) + run + match.after(CARD_CUE_DISTANCE / 2);
    return match.digits() <= MOST_CARD_DIGITS && CARD_WORD.matcher(around).find()
        ? match.end()
        : REFUSED;
  }

  /** The check of payment card numbers, which one number in ten passes by chance. */
  private static boolean hasLuhnDigit(String number) {
    int sum = 0;
    boolean doubled = false;
    for (int i = number.length() - 1; i >= 0; i--) {
      if (Signs.isDigit(number.charAt(i))) {
        int digit = number.charAt(i) - '0';
        int value = doubled ? 2 * digit : digit;
        sum += value > 9 ? value - 9 : value;
        doubled = !doubled;
      }
    }
    return sum % 10 == 0;
  }

  // Bank accounts, identity and tax numbers, memberships, user names.

  private static final String ACCOUNT_FILLER =
      "(?: ?(?:number|numbers|numb|num|no|nr|id|code|holder|is|was|are|it's|its|called|ending|ends"
          + "|in|with|of|mine|here|[=:#.-])(?![a-z])){0,6}+";

  /** A value needs a digit; further groups must be digits, since words may follow. */
  private static final String ACCOUNT_VALUE =
      " ?(?<value>[a-z]{0,6}+[-_./]?\\d[a-z0-9]*+"
          + "(?:[ ./-]{1,2}(?=\\d{2})(?:\\d{13,}+|\\d{2,12})(?![a-z:])"
          + "|[-/.](?=[a-z]{0,12}\\d)[a-z0-9]++)*+)";

  private static final String NO_NUMBER_BEFORE = "(?<![\\p{L}\\p{N}.-])";
  private static final String NO_NUMBER_AFTER = "(?![\\p{L}\\p{N}]|[.-]\\d)";

  private static final Pattern YEAR = Pattern.compile("(?:19|20)\\d\\d");
  private static final Pattern LOOSE_IBAN = Pattern.compile("[a-z]{2}\\d\\d(?: ?[a-z0-9]){10,32}");
  private static final Pattern IBAN_IN_FOURS =
      Pattern.compile("[A-Z]{2}\\d\\d(?:[ -][A-Z0-9]{4}){3,7}(?:[ -][A-Z0-9]{1,3})?");
  private static final int MOST_PLAIN_DIGITS = 3;

  static final List<PatternRule> ACCOUNTS =
      List.of(
          PatternRule.of(
                  Signs.MIXED,
                  NO_NUMBER_BEFORE
                      + "[a-z]{2}\\d{2}[ -]?[a-z0-9]{4}(?:[ -]?(?=[a-z]{0,3}\\d)[a-z0-9]{4}){1,7}"
                      + "(?:[ -]?(?=[a-z]{0,2}\\d)[a-z0-9]{1,3})?"
                      + NO_NUMBER_AFTER)
              .when(AccountPatterns::isIban),
          PatternRule.cased(
                  Signs.MIXED,
                  NO_NUMBER_BEFORE
                      + "[A-Z]{2}\\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?"
                      + NO_NUMBER_AFTER)
              .when(AccountPatterns::isIban),
          PatternRule.of(
              Signs.FOUR_IN_A_ROW,
              NO_NUMBER_BEFORE + "\\d{3}[- ]\\d{2}[- ]\\d{4}" + NO_NUMBER_AFTER),
          PatternRule.of(Signs.FOUR_IN_A_ROW, NO_NUMBER_BEFORE + "\\d{2}-\\d{7}" + NO_NUMBER_AFTER),
          PatternRule.of(
              Signs.FOUR_DIGITS,
              NO_NUMBER_BEFORE
                  + "[a-ceghj-prstw-z]{2} ?\\d\\d ?\\d\\d ?\\d\\d ?[a-d]"
                  + NO_NUMBER_AFTER),
          PatternRule.of(Signs.DASH, NO_NUMBER_BEFORE + "\\d\\d-\\d\\d-\\d\\d" + NO_NUMBER_AFTER)
              .when(match -> !isDate(match)),
          PatternRule.of(
                  Signs.ACCOUNT_WORD,
                  WORD_START + anyOf("account-words") + ACCOUNT_FILLER + ACCOUNT_VALUE)
              .when(AccountPatterns::isLongEnough),
          PatternRule.of(
                  Signs.ACCOUNT_WORD,
                  WORD_START
                      + anyOf("holder-words")
                      + "(?: ?(?:number|numb|num|no|nr|id|code|#)\\.?)(?:"
                      + " ?(?:is|was|=|:|-|#)){0,3}+"
                      + ACCOUNT_VALUE)
              .when(AccountPatterns::isLongEnough),
          PatternRule.of(
                  Signs.USER_WORD,
                  WORD_START
                      + "(?:username|user name|user ?id|login|login name|screen name)"
                      + "(?:(?: ?(?:is|was|=|:)){1,2}+ ?| (?=[\\p{L}-]{2,}+[._\\d][\\p{L}\\d]))"
                      + "(?<value>[\\p{L}\\p{N}._@!$%*-]{3,}+)")
              .when(match -> !isCommon(match.value().replaceAll("[.!]+$", ""))),
          PatternRule.cased(
              Signs.MIXED,
              NO_NUMBER_BEFORE
                  + "(?:bc1[a-z0-9]{20,}+|[13][1-9A-HJ-NP-Za-km-z]{25,34}|0x[0-9a-fA-F]{40})"
                  + NO_WORD_AFTER),
          PatternRule.cased(
                  Signs.BANK_CODE,
                  WORD_START
                      + ("(?i:" + anyOf("bank-code-words") + ")")
                      + "(?i:[ /-]{1,3}(?:code|number|no|bic|swift|is)){0,4}+"
                      + "[ :.#-]{1,3}(?<value>[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?)"
                      + NO_WORD_AFTER)
              .when(match -> !isCommon(match.value())),
          PatternRule.of(
                  Signs.AT,
                  "(?<![\\p{L}\\p{N}@._-])@[a-z][a-z0-9_.]{2,}(?![\\p{L}\\p{N}@]|\\.\\p{L})")
              .when(match -> !isCommon(match.value().substring(1))));

  /** Groups of letters and digits may be anything: the check digits or the layout must fit. */
  private static boolean isIban(Match match) {
    String iban = match.value().replaceAll("[ -]", "");
    if (!LOOSE_IBAN.matcher(iban).matches() || iban.length() < 15 || iban.length() > 34) {
      return false;
    }
    boolean laidOut = IBAN_IN_FOURS.matcher(match.typed()).matches();
    return laidOut || match.before(16).contains("iban") || hasIbanChecksum(iban);
  }

  /** ISO 7064 MOD 97-10. */
  private static boolean hasIbanChecksum(String iban) {
    StringBuilder digits = new StringBuilder();
    String turned = iban.substring(4) + iban.substring(0, 4);
    for (int i = 0; i < turned.length(); i++) {
      digits.append(Character.digit(turned.charAt(i), 36));
    }
    return new BigInteger(digits.toString()).mod(BigInteger.valueOf(97)).intValue() == 1;
  }

  private static boolean isDate(Match match) {
    int first = Integer.parseInt(match.value().substring(0, 2));
    int second = Integer.parseInt(match.value().substring(3, 5));
    return first > 0
        && second > 0
        && first <= 31
        && second <= 31
        && Math.min(first, second) <= 12
        && !match.before(20).contains("sort");
  }

  private static boolean isLongEnough(Match match) {
    return match.digits() > MOST_PLAIN_DIGITS && !YEAR.matcher(match.value()).matches();
  }

  private static boolean isCommon(String word) {
    return Lexicon.shared().isCommon(word);
  }
}
