package dev.repartee.text.privacy;

import static dev.repartee.text.privacy.PersonalData.PHONE;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Phone numbers. Groups of digits with signs between them are told by their form; for a run of
 * digits without any the numbering plans of several regions are asked.
 */
final class Phones implements Detector {

  private static final Pattern CANDIDATE =
      Pattern.compile(
          "(?=[\\d+(])(?<![\\p{L}\\p{N}$€£]|\\d[.,])(?:\\+ ?|\\(\\+|00)?\\(?\\d(?:[ .()/_-]{0,3}\\d){5,18}+"
              + "(?<extension>,? ?(?:ext(?:ension)?|extn|x|durchwahl)[. :#]{0,3}\\d{1,6})?+(?![\\p{L}\\d])");
  private static final Pattern VANITY =
      Pattern.compile(
          "(?=[18+(])(?<![\\p{L}\\p{N}])(?:\\+?1[- .]?)?\\(?8(?:00|88|77|66|55|44|33)\\)?[- .](?=[a-z]*[- ]?[a-z])[a-z]{3,8}(?:-[a-z]{3,5})?(?![\\p{L}])");
  private static final Pattern PHONE_WORD =
      Pattern.compile(
          "\\b(?:phone|phones|cell|cellphone|mobile|tel|telephone|call|text|texts?|fax|whatsapp|number|numbers|reach|contact|dial"
              + "|ring|landline|line|sms|mob|ph|telefon|handy|phone me|num|no)\\b");
  private static final Pattern GROUP = Pattern.compile("\\d+");
  private static final Pattern YEARS = Pattern.compile("(?:19|20)\\d\\d ?[-/] ?(?:19|20)\\d\\d");

  /** Regions in which a number is dialled without, and with, a zero in front. */
  private static final List<String> PLAIN_REGIONS = List.of("US", "IN");

  private static final List<String> ZERO_REGIONS =
      List.of("GB", "DE", "FR", "IT", "AU", "NL", "IN", "ZA");
  private static final int FEWEST_DIGITS = 7;
  private static final int MOST_DIGITS = 16;
  private static final int CUE_DISTANCE = 32;

  /** A bound for texts of nothing but numbers; the form alone decides on what comes after. */
  private static final int MOST_LOOK_UPS = 100;

  static List<Detector> detectors() {
    return List.of(new Phones(), new Form(PHONE, Signs.THREE_DIGITS, VANITY, false, hit -> true));
  }

  @Override
  public int signs() {
    return Signs.SIX_DIGITS;
  }

  @Override
  public void find(FoldedText text, Finds finds) {
    Matcher candidate = CANDIDATE.matcher(text.lower());
    int lookUps = 0;
    while (candidate.find()) {
      String typed = candidate.group();
      boolean extension = candidate.group("extension") != null;
      boolean cue = extension || hasCue(text.lower(), candidate.start());
      boolean bare = isBare(typed);
      boolean phone =
          bare
              ? cue || (lookUps++ < MOST_LOOK_UPS && isValidSomewhere(typed))
              : hasPhoneGroups(typed, cue);
      if (phone) {
        finds.add(PHONE, candidate.start(), candidate.end());
      }
    }
  }

  private static boolean hasCue(String text, int start) {
    return PHONE_WORD.matcher(text.substring(Math.max(0, start - CUE_DISTANCE), start)).find();
  }

  private static boolean isBare(String typed) {
    return typed.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static boolean hasPhoneGroups(String typed, boolean cue) {
    long digits = typed.chars().filter(c -> c >= '0' && c <= '9').count();
    if (digits > MOST_DIGITS + (cue ? 6 : 0)
        || digits < (cue ? FEWEST_DIGITS - 1 : FEWEST_DIGITS)) {
      return false;
    }
    if (YEARS.matcher(typed).matches()) {
      return false;
    }
    boolean international = typed.contains("+") || typed.startsWith("0") || typed.startsWith("(");
    long groups = GROUP.matcher(typed).results().count();
    long longGroups = GROUP.matcher(typed).results().filter(g -> g.group().length() >= 3).count();
    long single = GROUP.matcher(typed).results().filter(g -> g.group().length() == 1).count();
    return international
        || (cue && single < groups)
        || (longGroups >= 2 && single <= 1)
        || (longGroups >= 1 && groups <= 4 && single <= 1 && digits >= 9)
        || (groups == 4 && longGroups == 0 && single == 0);
  }

  private static boolean isValidSomewhere(String digits) {
    if (digits.length() < FEWEST_DIGITS + 1 || digits.length() > 13) {
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
