package dev.repartee.text.privacy;

import static dev.repartee.text.privacy.PersonalData.URL;

import java.util.List;
import java.util.regex.Pattern;

/** Links, bare domains and addresses of machines. */
final class Urls {

  /** Top domains that are no everyday words. */
  private static final String TOP =
      "(?:com|org|net|edu|gov|mil|info|biz|io|ai|app|dev|xyz|tech|cloud|shop|blog|wiki|uk|us|ca|au|nz|de"
          + "|fr|es|nl|ch|eu|pl|se|dk|fi|cz|hu|ro|gr|pt|ie|ru|ua|cn|jp|kr|hk|sg|my|ph|vn|id|th|br|mx"
          + "|ar|cl|tr|za|ng|ke|il|ae|sa|tv|cc|gg|ly|example|test|local|online|store|site|name|pro|mobi|jobs|co)";

  /** Top domains that end up in "it.Is" and "shop.me": they count with a path or several labels. */
  private static final String WORD_TOP = "(?:it|in|at|be|no|is|me|to|so|do|am|as|la|pm)";

  private static final String PATH = "(?::\\d{2,5})?+(?:[/?#]" + greedyTail() + ")?";
  private static final String END = "(?![\\p{L}\\p{N}@]|-[\\p{L}\\p{N}])";

  /** "sorry.my partner": a blank was left out. */
  private static final Pattern WORD_AND_TOP =
      Pattern.compile("[\\p{L}']+\\.(?:my|us|id|ca|th|ie|ai|so)");

  private Urls() {}

  static List<Detector> detectors() {
    return List.of(
        Form.of(
            URL,
            Signs.COLON,
            "(?<![\\p{L}\\p{N}])(?:https?|ftp|sftp|hxxps?)(?:://|:\\\\\\\\)" + greedyTail()),
        Form.of(
            URL, Signs.INNER_DOT, "(?<![\\p{L}\\p{N}@.])www\\d?\\.[\\p{L}\\p{N}]" + greedyTail()),
        Form.of(URL, Signs.INNER_DOT, domain(TOP) + END + PATH).when(Urls::isDomain),
        Form.of(URL, Signs.INNER_DOT, domain(WORD_TOP) + END + "(?::\\d{2,5})?+/" + greedyTail()),
        Form.of(
            URL,
            Signs.INNER_DOT,
            "(?<![\\p{L}\\p{N}@._-])(?:[\\p{L}\\p{N}-]{1,63}+\\.){1,4}(?:co|com|org|net|gov|ac)\\."
                + "(?:[a-z]{2})"
                + END
                + PATH),
        Form.of(
            URL,
            Signs.INNER_DOT,
            "(?<![\\p{L}\\d.])(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)\\.){3}(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)"
                + "(?!\\d|\\.\\d)"
                + PATH));
  }

  /** As much as a link can hold, less the punctuation of the sentence around it. */
  private static String greedyTail() {
    return "[^\\s<>\"\\uFFFC]{0,2000}(?<![.,:;!?)\\]}'*])";
  }

  private static String domain(String top) {
    return "(?<![\\p{L}\\p{N}@._-])(?:[\\p{L}\\p{N}][\\p{L}\\p{N}-]{0,62}+\\.){1,5}" + top;
  }

  /**
   * "Thanks.My order" lacks a blank: a capital begins a sentence there, unless all are capitals.
   */
  private static boolean isDomain(Form.Hit hit) {
    String typed = hit.typed();
    int dot = typed.indexOf('.');
    boolean capitalAfterDot =
        dot + 1 < typed.length() && Character.isUpperCase(typed.charAt(dot + 1));
    boolean shouted = typed.equals(typed.toUpperCase(java.util.Locale.ROOT));
    boolean glued =
        WORD_AND_TOP.matcher(hit.value()).matches()
            && Lexicon.shared().isCommon(hit.value().substring(0, dot));
    return (!capitalAfterDot || shouted || hit.value().endsWith(".com")) && !glued;
  }
}
