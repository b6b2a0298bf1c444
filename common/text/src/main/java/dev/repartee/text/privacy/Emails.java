package dev.repartee.text.privacy;

import static dev.repartee.text.privacy.PersonalData.EMAIL;
import static dev.repartee.text.privacy.PersonalData.URL;

import java.util.List;

/** E-mail addresses, with signs or spelled out against collectors of addresses. */
final class Emails {

  private static final String LABEL = "[\\p{L}\\p{N}](?:[\\p{L}\\p{N}-]{0,61}[\\p{L}\\p{N}])?+";
  private static final String AT = "(?: ?[(\\[{<] ?(?:at|@) ?[)\\]}>] ?| at | @ )";
  private static final String BRACKETED_AT = " ?[(\\[{<] ?(?:at|@) ?[)\\]}>] ?";
  private static final String DOT = "(?: ?[(\\[{<] ?(?:dot|\\.) ?[)\\]}>] ?| dot | \\. |\\.)";
  private static final String SPELLED_DOT = "(?: ?[(\\[{<] ?dot ?[)\\]}>] ?| dot )";
  private static final String TOP =
      "(?:com|org|net|edu|gov|info|biz|io|co|uk|us|de|fr|es|it|nl|ca|au|in|ch|at|eu|me|app|dev)";
  private static final String USER =
      "[\\p{L}\\p{N}][\\p{L}\\p{N}_+.-]{0,40}+(?: (?:dot|underscore|dash|hyphen) [\\p{L}\\p{N}_-]{1,30}+){0,3}+";
  private static final String HOST_LIKELY =
      "(?:gmail|googlemail|yahoo|hotmail|outlook|icloud|aol|gmx|proton|protonmail|mail|live|msn)";

  private Emails() {}

  static List<Detector> detectors() {
    return List.of(
        Form.of(
            EMAIL,
            Signs.AT,
            "(?<![\\p{L}\\p{N}._%+-])(?:\"[^\"\\s]{1,40}\"|[\\p{L}\\p{N}_%+'&*=!#~^-][\\p{L}\\p{N}._%+'&*=!#~^-]{0,63}+)"
                + " ?@ ?"
                + LABEL
                + "(?:\\."
                + LABEL
                + "){1,5}+"),
        Form.of(
            EMAIL,
            Signs.AT,
            "(?<![\\p{L}\\p{N}._%+-])[\\p{L}\\p{N}_][\\p{L}\\p{N}._%+-]{0,63}+@"
                + LABEL
                + "(?:"
                + DOT
                + LABEL
                + "){0,4}?"
                + SPELLED_DOT
                + TOP
                + "(?![\\p{L}\\p{N}])"),
        Form.of(
                EMAIL,
                Signs.SPELLED_AT | Signs.AT,
                "(?<![\\p{L}\\p{N}._%+-])(?<user>"
                    + USER
                    + ")(?<at>"
                    + AT
                    + ")"
                    + LABEL
                    + "(?:"
                    + DOT
                    + LABEL
                    + "){0,3}?(?<dot>"
                    + DOT
                    + ")"
                    + TOP
                    + "(?:"
                    + DOT
                    + TOP
                    + ")?(?![\\p{L}\\p{N}])")
            .when(Emails::isSpelledAddress),
        Form.of(
            EMAIL,
            Signs.BRACKET,
            "(?<![\\p{L}\\p{N}._%+-])"
                + USER
                + BRACKETED_AT
                + LABEL
                + "(?:"
                + DOT
                + LABEL
                + "){0,3}?"
                + DOT
                + "[a-z]{2,10}(?![\\p{L}\\p{N}])"),
        Form.of(
            EMAIL,
            Signs.SPELLED_AT,
            "(?<![\\p{L}\\p{N}._%+-])"
                + USER
                + " at "
                + HOST_LIKELY
                + "\\.[a-z]{2,4}(?![\\p{L}\\p{N}])"),
        Form.of(
            URL,
            Signs.SPELLED_DOT,
            "(?<![\\p{L}\\p{N}._%+-])(?:www"
                + SPELLED_DOT
                + ")?[\\p{L}\\p{N}-]{2,40}+"
                + SPELLED_DOT
                + TOP
                + "(?:"
                + SPELLED_DOT
                + TOP
                + ")?(?![\\p{L}\\p{N}])"));
  }

  /**
   * "Look at example dot com" names a site and no address, "at the shop. In" neither: a bare "at"
   * needs a spelled dot and a user that is no everyday word.
   */
  private static boolean isSpelledAddress(Form.Hit hit) {
    boolean bracketed = !hit.matcher().group("at").matches(" (?:at|@) ");
    boolean spelled = hit.matcher().group("dot").contains("dot") || bracketed;
    String user = hit.matcher().group("user");
    boolean verb =
        user.matches(
            "look|shop|order|ordered|bought|buy|sign|is|was|works?|find|found|me|us|you|it");
    return spelled && (bracketed || !verb);
  }
}
