package dev.repartee.text.privacy;

import static dev.repartee.text.privacy.PersonalData.ACCOUNT;

import java.math.BigInteger;
import java.util.List;
import java.util.regex.Pattern;

/** Bank accounts, identity and tax numbers, memberships, user names. */
final class Accounts {

  private static final String FREE = "(?<![\\p{L}\\p{N}.-])";
  private static final String FREE_AFTER = "(?![\\p{L}\\p{N}]|[.-]\\d)";
  private static final String FILLER =
      "(?: ?(?:number|numbers|numb|num|no|nr|id|code|holder|is|was|are|it's|its|called|ending|ends|in|with|of|mine|here|[=:#.-])(?![a-z])){0,6}+";

  /** A value needs a digit; further groups must be digits, since words may follow. */
  private static final String VALUE =
      " ?(?<value>[a-z]{0,6}+[-_./]?\\d[a-z0-9]{0,30}+(?:[ ./-]{1,2}(?=\\d{2})\\d{2,12}(?![a-z:])|[-/.](?=[a-z0-9]{0,12}\\d)[a-z0-9]{1,12}+){0,7}+)";

  private static final Pattern LOOSE_IBAN = Pattern.compile("[a-z]{2}\\d\\d(?: ?[a-z0-9]){10,32}");
  private static final Pattern YEAR = Pattern.compile("(?:19|20)\\d\\d");
  private static final Pattern IN_FOURS =
      Pattern.compile("[A-Z]{2}\\d\\d(?:[ -][A-Z0-9]{4}){3,7}(?:[ -][A-Z0-9]{1,3})?");
  private static final int MOST_PIN = 3;

  private Accounts() {}

  static List<Detector> detectors() {
    return List.of(
        Form.of(
                ACCOUNT,
                Signs.FOUR_DIGITS,
                FREE
                    + "[a-z]{2}\\d{2}[ -]?[a-z0-9]{4}(?:[ -]?(?=[a-z]{0,3}\\d)[a-z0-9]{4}){1,7}(?:[ -]?(?=[a-z]{0,2}\\d)[a-z0-9]{1,3})?"
                    + FREE_AFTER)
            .when(Accounts::isIban),
        Form.cased(
                ACCOUNT,
                Signs.FOUR_DIGITS,
                FREE
                    + "[A-Z]{2}\\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?"
                    + FREE_AFTER)
            .when(Accounts::isIban),
        Form.of(ACCOUNT, Signs.FOUR_DIGITS, FREE + "\\d{3}[- ]\\d{2}[- ]\\d{4}" + FREE_AFTER),
        Form.of(ACCOUNT, Signs.FOUR_DIGITS, FREE + "\\d{2}-\\d{7}" + FREE_AFTER),
        Form.of(
            ACCOUNT,
            Signs.FOUR_DIGITS,
            FREE + "[a-ceghj-prstw-z]{2} ?\\d\\d ?\\d\\d ?\\d\\d ?[a-d]" + FREE_AFTER),
        Form.of(ACCOUNT, Signs.FOUR_DIGITS, FREE + "\\d\\d-\\d\\d-\\d\\d" + FREE_AFTER)
            .when(hit -> !isDate(hit)),
        Form.of(
                ACCOUNT,
                Signs.ACCOUNT_WORD,
                "\\b(?:accounts?|acct|a/c|acc|iban|routing|aba|swift|bic|sort ?code|ssn|social security|socia"
                    + "l|nino|national insurance|tax|tin|ein|vat|passport|licen[cs]e|driver'?s|identity|member"
                    + "ship|loyalty|rewards?|frequent flyer|flyer|insurance|policy|meter|subscriber|pin|passcode"
                    + "|student|employee|patient|medicare|nhs|mrn|sin|contract|bank|konto|kontonummer|cuenta|compte)"
                    + FILLER
                    + VALUE)
            .when(Accounts::isLongEnough),
        Form.of(
                ACCOUNT,
                Signs.ACCOUNT_WORD,
                "\\b(?:customer|client|member|user|imei|serial|device|sim)"
                    + "(?: ?(?:number|numb|num|no|nr|id|code|#)\\.?)(?: ?(?:is|was|=|:|-|#)){0,3}+"
                    + VALUE)
            .when(Accounts::isLongEnough),
        Form.of(
                ACCOUNT,
                Signs.CODE_WORD,
                "\\b(?:username|user name|user ?id|login|login name|screen name|password)"
                    + "(?:(?: ?(?:is|was|=|:)){1,2}+ ?| (?=[\\p{L}-]{2,30}+[._\\d][\\p{L}\\d]))(?<value>[\\p{L}\\p{N}._@!$%*-]{3,40}+)")
            .when(Accounts::isUserName),
        Form.cased(
            ACCOUNT,
            Signs.SIX_DIGITS,
            FREE
                + "(?:bc1[a-z0-9]{20,80}+|[13][1-9A-HJ-NP-Za-km-z]{25,34}|0x[0-9a-fA-F]{40})(?![\\p{L}\\p{N}])"),
        Form.cased(
                ACCOUNT,
                Signs.BANK_CODE,
                "\\b(?i:bic|swift)(?i:[ /-]{1,3}(?:code|number|no|bic|swift|is)){0,4}+[ :.#-]{1,3}"
                    + "(?<value>[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?)(?![\\p{L}\\p{N}])")
            .when(hit -> !Lexicon.shared().isCommon(hit.value())),
        Form.of(
                ACCOUNT,
                Signs.AT,
                "(?<![\\p{L}\\p{N}@._-])@[a-z][a-z0-9_.]{2,30}(?![\\p{L}\\p{N}@]|\\.\\p{L})")
            .when(hit -> !Lexicon.shared().isCommon(hit.value().substring(1))));
  }

  /**
   * Seven groups of letters and digits may be anything: the check digits or the layout must fit.
   */
  private static boolean isIban(Form.Hit hit) {
    String iban = hit.value().replaceAll("[ -]", "");
    if (!LOOSE_IBAN.matcher(iban).matches() || iban.length() < 15 || iban.length() > 34) {
      return false;
    }
    boolean laidOut = IN_FOURS.matcher(hit.typed()).matches();
    boolean named = hit.before(16).contains("iban");
    return laidOut || named || hasValidChecksum(iban);
  }

  /** ISO 7064 MOD 97-10. */
  private static boolean hasValidChecksum(String iban) {
    StringBuilder digits = new StringBuilder();
    String turned = iban.substring(4) + iban.substring(0, 4);
    for (int i = 0; i < turned.length(); i++) {
      digits.append(Character.digit(turned.charAt(i), 36));
    }
    return new BigInteger(digits.toString()).mod(BigInteger.valueOf(97)).intValue() == 1;
  }

  private static boolean isDate(Form.Hit hit) {
    int first = Integer.parseInt(hit.value().substring(0, 2));
    int second = Integer.parseInt(hit.value().substring(3, 5));
    return first > 0
        && second > 0
        && first <= 31
        && second <= 31
        && Math.min(first, second) <= 12
        && !hit.before(20).contains("sort");
  }

  private static boolean isLongEnough(Form.Hit hit) {
    return hit.digits() > MOST_PIN && !YEAR.matcher(hit.value()).matches();
  }

  private static boolean isUserName(Form.Hit hit) {
    return !Lexicon.shared().isCommon(hit.value().replaceAll("[.!]+$", ""));
  }
}
