package dev.repartee.text.privacy;

import static dev.repartee.text.privacy.PatternRule.NO_WORD_AFTER;
import static dev.repartee.text.privacy.PatternRule.anyOf;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import dev.repartee.text.StopWords;
import dev.repartee.text.WordLists;
import dev.repartee.text.privacy.PatternRule.Match;
import java.net.IDN;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** How to reach somebody: e-mail addresses, links and phone numbers. */
final class ContactPatterns {

  private ContactPatterns() {}

  // E-mail addresses, also spelled out to hide them from collectors: "jo at mail dot com",
  // "jo arobase mail point fr".

  private static final String LABEL = "[\\p{L}\\p{N}](?:[\\p{L}\\p{N}-]*[\\p{L}\\p{N}])?+";
  static final String AT_WORD = "(?:at|ät|arobase|arroba)";
  private static final String BRACKETED_AT = " ?[(\\[{<] ?(?:" + AT_WORD + "|@) ?[)\\]}>] ?";
  private static final String AT = "(?:" + BRACKETED_AT + "| (?:" + AT_WORD + "|@) )";
  static final String DOT_WORD = "(?:dot|punkt|point|punto)";
  private static final String DOT =
      "(?: ?[(\\[{<] ?(?:" + DOT_WORD + "|\\.) ?[)\\]}>] ?| " + DOT_WORD + " | \\. |\\.)";
  private static final String SPELLED_DOT = "(?: ?[(\\[{<] ?dot ?[)\\]}>] ?| dot )";
  private static final String EMAIL_TOP = anyOf("mail-domain-endings");
  private static final String USER =
      "[\\p{L}\\p{N}][\\p{L}\\p{N}_+.-]*+"
          + "(?: (?:dot|punkt|point|punto|underscore|dash|hyphen) [\\p{L}\\p{N}_-]++){0,8}+";
  private static final String MAIL_HOST = anyOf("mail-hosts");
  private static final String NO_USER_BEFORE = "(?<![\\p{L}\\p{N}._%+-])";

  /** "Look at example dot com": a verb before "at", and no user. */
  private static final Set<String> VERBS_BEFORE_AT = Lexicon.set("verbs-before-at");

  /** Top-level domains that occur in "it.Is" and "shop.me": they need a path or several labels. */
  private static final String WORD_TOP = anyOf("word-domain-endings");

  private static final Pattern ENDS_IN_WORD_TOP = Pattern.compile("\\b" + WORD_TOP + "$");

  static final List<PatternRule> EMAILS =
      List.of(
          PatternRule.of(
                  Signs.AT,
                  NO_USER_BEFORE
                      + "(?:\"[^\"\\s]++\""
                      + "|[\\p{L}\\p{N}_%+'&*=!#~^-][\\p{L}\\p{N}._%+'&*=!#~^-]*+)"
                      + ("(?<host> ?@ ?" + LABEL + "(?:\\." + LABEL + ")++)?+"))
              .when(match -> match.has("host")),
          PatternRule.of(
              Signs.AT,
              NO_USER_BEFORE
                  + ("[\\p{L}\\p{N}_][\\p{L}\\p{N}._%+-]*+@" + LABEL)
                  + ("(?:" + DOT + LABEL + "){0,4}?" + SPELLED_DOT + EMAIL_TOP)
                  + NO_WORD_AFTER),
          PatternRule.of(
                  Signs.SPELLED_AT | Signs.AT,
                  NO_USER_BEFORE
                      + ("(?<user>" + USER + ")(?<at>" + AT + ")" + LABEL)
                      + ("(?:" + DOT + LABEL + "){0,3}?(?<dot>" + DOT + ")" + EMAIL_TOP)
                      + ("(?:" + DOT + EMAIL_TOP + ")?" + NO_WORD_AFTER))
              .when(ContactPatterns::isSpelledAddress),
          PatternRule.of(
              Signs.BRACKET,
              NO_USER_BEFORE
                  + (USER + BRACKETED_AT + LABEL)
                  + ("(?:" + DOT + LABEL + "){0,3}?" + DOT + "[a-z]{2,10}")
                  + NO_WORD_AFTER),
          PatternRule.of(
              Signs.SPELLED_AT,
              NO_USER_BEFORE + USER + " at " + MAIL_HOST + "\\.[a-z]{2,4}" + NO_WORD_AFTER));

  /**
   * "At the shop. In" is no address either: a bare "at" needs a spelled dot and a user that is no
   * verb. In English "at this point in" is none.
   */
  private static boolean isSpelledAddress(Match match) {
    String at = match.group("at");
    boolean bracketed = !at.equals(" at ") && !at.equals(" @ ");
    String user = match.group("user");
    if (at.equals(" @ ")) {
      // "Two for one @ the shop . In" may be a sentence; "@ mail . com" may not.
      return !ENDS_IN_WORD_TOP.matcher(match.value()).find() || !Lexicon.shared().isCommon(user);
    }
    String dot = match.group("dot").strip();
    boolean spelled = bracketed || !(dot.equals(".") || dot.equals("(.)") || dot.equals("point"));
    return spelled && (bracketed || !VERBS_BEFORE_AT.contains(user));
  }

  // Links, bare domains, addresses of machines.

  /** Top-level domains that are no everyday words. */
  private static final String TOP = anyOf("sure-domain-endings");

  /** As much as a link can hold, without the punctuation of the sentence around it. */
  private static final String LINK = "[^\\s<>\"\\uFFFC]*(?<![.,:;!?)\\]}'*])";

  private static final String PATH = "(?::\\d{2,5})?+(?:[/?#]" + LINK + ")?";
  private static final String DOMAIN_END = "(?![\\p{L}\\p{N}@]|-[\\p{L}\\p{N}])";
  private static final String DOMAIN =
      "(?<![\\p{L}\\p{N}@._-])(?:[\\p{L}\\p{N}][\\p{L}\\p{N}-]*+\\.){1,127}";
  private static final String BYTE = "(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)";

  /** "sorry.my partner": a blank was left out. */
  private static final Pattern WORD_AND_TOP =
      Pattern.compile("[\\p{L}']+\\.(?:my|us|id|ca|th|ie|ai|so)");

  /** Top-level domains that are far more often the endings of files. */
  private static final Set<String> FILE_ENDINGS = Set.of("zip", "mov");

  static final List<PatternRule> LINKS =
      List.of(
          PatternRule.of(
              Signs.SPELLED_DOT,
              NO_USER_BEFORE
                  + ("(?:www" + SPELLED_DOT + ")?[\\p{L}\\p{N}-]{2,}+" + SPELLED_DOT + EMAIL_TOP)
                  + ("(?:" + SPELLED_DOT + EMAIL_TOP + ")?" + NO_WORD_AFTER)),
          PatternRule.of(
              Signs.COLON, "(?<![\\p{L}\\p{N}])(?:https?|ftp|sftp|hxxps?)(?:://|:\\\\\\\\)" + LINK),
          PatternRule.of(Signs.INNER_DOT, "(?<![\\p{L}\\p{N}@.])www\\d?\\.[\\p{L}\\p{N}]" + LINK),
          PatternRule.of(Signs.INNER_DOT, DOMAIN + TOP + DOMAIN_END + PATH)
              .when(ContactPatterns::isDomain),
          PatternRule.of(
              Signs.INNER_DOT, DOMAIN + WORD_TOP + DOMAIN_END + "(?::\\d{2,5})?+/" + LINK),
          PatternRule.of(
                  Signs.INNER_DOT,
                  (DOMAIN + "(?<top>[\\p{L}][\\p{L}\\p{N}-]{1,62}+)" + DOMAIN_END)
                      + "(?<path>(?::\\d{2,5})?+/"
                      + LINK
                      + "|(?::\\d{2,5})?+[?#]"
                      + LINK
                      + ")?+")
              .when(ContactPatterns::isAnyDomain),
          PatternRule.of(
              Signs.INNER_DOT,
              "(?<![\\p{L}\\p{N}@._-])(?:[\\p{L}\\p{N}-]++\\.){1,127}"
                  + "(?:co|com|org|net|gov|ac)\\.(?:[a-z]{2})"
                  + (DOMAIN_END + PATH)),
          PatternRule.of(
              Signs.INNER_DOT,
              "(?<![\\p{L}\\d.])(?:" + BYTE + "\\.){3}" + BYTE + "(?!\\d|\\.\\d)" + PATH));

  /** In "Thanks.My order" a blank is missing: a capital begins a sentence, unless all are. */
  private static boolean isDomain(Match match) {
    String typed = match.typed();
    String value = match.value();
    int dot = typed.indexOf('.');
    boolean capitalAfterDot =
        dot + 1 < typed.length() && Character.isUpperCase(typed.charAt(dot + 1));
    boolean shouted = typed.equals(typed.toUpperCase(Locale.ROOT));
    boolean glued =
        WORD_AND_TOP.matcher(value).matches() && Lexicon.shared().isCommon(value.substring(0, dot));
    return (!capitalAfterDot || shouted || value.endsWith(".com")) && !glued;
  }

  /**
   * Any name of the root zone of the internet, or any name at all before a path. In "done.click on
   * it" a blank is missing: an everyday word and a full stop are no domain.
   */
  private static boolean isAnyDomain(Match match) {
    String top = match.group("top");
    boolean path = match.has("path");
    if (!path && !TopDomains.has(top)) {
      return false;
    }
    String domain = match.value().substring(0, match.matcher().end("top") - match.start());
    String label = domain.substring(0, domain.length() - top.length() - 1);
    boolean plain = label.chars().allMatch(Character::isLetter);
    CharSequence typed = match.text().folded();
    if (!path
        && Character.isUpperCase(typed.charAt(match.matcher().start("top")))
        && !Character.isUpperCase(typed.charAt(match.matcher().end("top") - 1))) {
      return false; // "March 3rd.Is that okay?"
    }
    boolean wordOrFile = StopWords.isCommon(top) || FILE_ENDINGS.contains(top);
    return !plain || !(isWord(label) || (wordOrFile && !path));
  }

  private static boolean isWord(String text) {
    return Lexicon.shared().isCommon(text) || StopWords.isCommon(text);
  }

  /** The names at the end of domains, in letters and as they are sent. */
  private static final class TopDomains {

    private static final Set<String> NAMES = new HashSet<>();

    static {
      for (String name :
          new WordLists(Lexicon.class, "top-level-domains.txt").words("top-level-domains")) {
        NAMES.add(name);
        NAMES.add(IDN.toUnicode(name));
      }
    }

    static boolean has(String name) {
      return NAMES.contains(name);
    }
  }

  // What nobody vouches for is judged more strictly than what is redacted.

  private static final String ANY_DOT = "[.\\u2024\\u00B7\\u2022\\u2219]";

  /** What may be an address or a number, and is too often something else for redaction. */
  private static final Pattern ANY_CONTACT =
      Pattern.compile(
          "[\\p{L}\\d+:-]*+[/\\\\]{2}\\S*"
              + "|\\bwww\\d?\\.\\S*"
              + "|\\S{0,64}@(?! ?\\{) ?\\S*\\p{L}\\S*"
              + ("|[\\p{L}\\p{N}_-]+" + ANY_DOT + "+\\p{L}{2}\\S*")
              + ("|" + BRACKETED_AT + "|dot(?:com|net|org)(?!\\p{L})")
              + "|\\d(?:[ .()/_-]{0,3}\\d){6,}");

  /** "Bank . com", "bank(.)com", "bank,com", "bank-dot-com", "bank. com". */
  private static final Pattern ANY_SPELLED_DOMAIN =
      Pattern.compile(
          "(?<before>(?<![\\p{L}\\p{N}])[\\p{L}\\p{N}]++)?+"
              + ("(?:[\\s(\\[{<_*~-]" + ANY_DOT + "[^\\p{L}\\p{N}]{0,3}|,")
              + ("|(?<word>[^\\p{L}\\p{N}]{1,3}(?:" + DOT_WORD + "|punt)[^\\p{L}\\p{N}]{1,3})")
              + "|(?<stop>\\.\\s{1,3}))(?<top>\\p{L}{2,24})(?!\\p{L})");

  /** What in {@code lower} may lead somewhere; rather one too many. */
  static List<String> anyIn(CharSequence lower) {
    return Stream.concat(
            ANY_CONTACT.matcher(lower).results(),
            ANY_SPELLED_DOMAIN.matcher(lower).results().filter(ContactPatterns::mayBeDomain))
        .map(MatchResult::group)
        .toList();
  }

  /** Where prose has the same signs, "this point in" and "Fine. Is it", its words decide. */
  private static boolean mayBeDomain(MatchResult found) {
    String top = found.group("top");
    String before = found.group("before");
    boolean prose =
        found.group("stop") != null
            ? isWord(top) && !top.equals("com")
            : found.group("word") != null && before != null && StopWords.isCommon(before);
    return TopDomains.has(top) && !prose;
  }

  // Phone numbers. Groups of digits with signs between them are recognised by their form; for a
  // run of digits without any, the numbering plans of several regions decide.

  private static final Pattern PHONE_WORD = Pattern.compile("\\b" + anyOf("phone-words") + "\\b");
  private static final Pattern DIGIT_GROUP = Pattern.compile("\\d+");
  private static final Pattern YEARS = Pattern.compile("(?:19|20)\\d\\d ?[-/] ?(?:19|20)\\d\\d");

  /** Regions in which numbers are dialled without a leading zero. */
  private static final List<String> PLAIN_REGIONS = List.of("US", "IN");

  /** Regions in which numbers are dialled with a leading zero. */
  private static final List<String> ZERO_REGIONS =
      List.of("GB", "DE", "FR", "IT", "AU", "NL", "IN", "ZA");

  private static final int LEAST_DIGITS = 7;
  private static final int MOST_DIGITS = 16;
  private static final int MOST_PLAN_DIGITS = 13;
  private static final int PHONE_CUE_DISTANCE = 32;

  /** Bounds the look-ups in numbering plans in a text of nothing but numbers. */
  private static final int MOST_LOOK_UPS = 100;

  static final List<PatternRule> PHONES =
      List.of(
          PatternRule.of(
                  Signs.SIX_DIGITS,
                  "(?=[\\d+(])(?<![\\p{L}\\p{N}$€£]|\\d[.,])(?:\\+ ?|\\(\\+|00)?"
                      + "\\(?\\d(?:[ .()/_-]{0,3}\\d){5,}+"
                      + "(?<extension>,? ?(?:ext(?:ension)?|extn|x|durchwahl)[. :#]{0,3}\\d{1,6})?+"
                      + "(?<end>(?![\\p{L}\\d]))?+")
              .when(match -> match.has("end") && isPhone(match)),
          PatternRule.of(
              Signs.THREE_IN_A_ROW,
              "(?=[18+(])(?<![\\p{L}\\p{N}])(?:\\+?1[- .]?)?\\(?8(?:00|88|77|66|55|44|33)\\)?[- .]"
                  + "[a-z]{3,8}(?:-[a-z]{3,5})?(?![\\p{L}])"));

  private static boolean isPhone(Match match) {
    String typed = match.value();
    boolean cue =
        match.has("extension") || PHONE_WORD.matcher(match.before(PHONE_CUE_DISTANCE)).find();
    boolean bare = match.digits() == typed.length();
    return bare
        ? cue || (match.index() < MOST_LOOK_UPS && isValidSomewhere(typed))
        : hasPhoneGroups(typed, match.digits(), cue);
  }

  private static boolean hasPhoneGroups(String typed, int digits, boolean cue) {
    boolean plus = typed.contains("+");
    if (digits < (cue ? LEAST_DIGITS - 1 : LEAST_DIGITS)
        || (digits > MOST_DIGITS && !cue && !plus)
        || YEARS.matcher(typed).matches()) {
      return false;
    }
    boolean international = plus || typed.startsWith("0") || typed.startsWith("(");
    List<Integer> lengths =
        DIGIT_GROUP.matcher(typed).results().map(group -> group.group().length()).toList();
    int groups = lengths.size();
    long longGroups = lengths.stream().filter(length -> length >= 3).count();
    long single = lengths.stream().filter(length -> length == 1).count();
    return international
        || (cue && single < groups)
        || (longGroups >= 2 && single <= 1)
        || (longGroups >= 1 && groups <= 4 && single <= 1 && digits >= 9)
        || (groups == 4 && longGroups == 0 && single == 0);
  }

  private static boolean isValidSomewhere(String digits) {
    if (digits.length() <= LEAST_DIGITS || digits.length() > MOST_PLAN_DIGITS) {
      return false;
    }
    PhoneNumberUtil plans = PhoneNumberUtil.getInstance();
    for (String region : digits.startsWith("0") ? ZERO_REGIONS : PLAIN_REGIONS) {
      try {
        if (plans.isValidNumber(plans.parse(digits, region))) {
          return true;
        }
      } catch (NumberParseException e) {
        return false;
      }
    }
    return false;
  }
}
