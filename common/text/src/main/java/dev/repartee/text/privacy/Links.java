package dev.repartee.text.privacy;

import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Links in texts that were redacted, so those that are public: the model reads and writes one as
 * the placeholder of every link, and which link is meant is predicted apart.
 */
public final class Links {

  /** The placeholder of every link in what the model reads. */
  public static final String PLACEHOLDER = PersonalData.URL.placeholder();

  private static final Pattern LINK =
      Pattern.compile(
          "(?<![\\p{L}\\p{N}])(?:https?://|www\\.)[^\\s<>\"{}]*[^\\s<>\"{}.,:;!?)\\]'*]",
          Pattern.CASE_INSENSITIVE);

  /** Services that shorten links, of which the path says nothing to whoever reads it. */
  private static final Set<String> SHORT_HOSTS = Lexicon.set("short-link-hosts");

  /** What else than a word a plain path has: a version, a year, the sign of a language. */
  private static final Pattern PLAIN_PIECE =
      Pattern.compile("\\p{L}{1,24}\\d{0,2}|\\d{1,4}|(?:19|20)\\d\\d");

  /** Letters that change their case within a word are no word's, unless they are "SignInPage". */
  private static final Pattern MIXED_CASE =
      Pattern.compile("\\p{Ll}\\p{Lu}.*\\p{Ll}\\p{Lu}.*\\p{Ll}\\p{Lu}");

  private static final Pattern CAMEL_CASE = Pattern.compile("\\p{Lu}\\p{Ll}{2,}");

  /** Parameters of a query whose value is somebody's, though it be a word. */
  private static final Pattern SOMEBODYS =
      Pattern.compile(
          "[?&#](?:name|user|u|e?mail|phone|customer|client|account|order|token|key|code|session"
              + "|sid|sig|auth|pass|password)=");

  /**
   * A number behind one of these is that of a page: "/answer/7299973", "/articles/204233943-Help".
   */
  private static final Pattern PAGE_NUMBER =
      Pattern.compile(
          "/(?:answers?|articles?|(?:ba|m|ta|td)-p|documents?|docs|faqs?|forums?|kb|sections?"
              + "|solutions|topics?|troubleshooter)/\\d{3,12}(?=[/?#-]|$)");

  private static final Pattern PIECES = Pattern.compile("[/._~+:;,!()?&=#-]+");

  private static final Redactor REDACTOR = new Redactor();

  private Links() {}

  /** The links of a text, in its order. */
  public static Stream<String> in(String text) {
    return LINK.matcher(text).results().map(MatchResult::group);
  }

  /** The text with the placeholder for each link. */
  public static String masked(String text) {
    return mayHave(text) ? LINK.matcher(text).replaceAll(PLACEHOLDER) : text;
  }

  /** Whether a text is one link and nothing else but signs behind it. */
  public static boolean isLink(String word) {
    return mayHave(word) && LINK.matcher(word).lookingAt();
  }

  /** Whether a link may go on so, which is cheap to tell. */
  public static boolean mayBegin(String word) {
    return Stream.of("http", "www.")
        .anyMatch(start -> word.regionMatches(true, 0, start, 0, Math.min(4, word.length())));
  }

  private static boolean mayHave(String text) {
    return text.contains("://") || text.contains("www.") || text.contains("WWW.");
  }

  /**
   * Whether nothing in a link can be a customer's: no user, and in its path, query and fragment
   * only words, numbers of pages and short numbers that redaction leaves as they are; no parameter
   * such as "name". A path that a service for short links made counts as plain, since it can say
   * nothing.
   */
  static boolean isPlain(String link) {
    String bare = link.toLowerCase(Locale.ROOT).replaceFirst("^[a-z]+://", "");
    if (bare.chars().anyMatch(c -> c == '@' || c == '%') || SOMEBODYS.matcher(bare).find()) {
      return false;
    }
    String host = bare.split("[/?#]", 2)[0];
    String rest = link.substring(link.length() - bare.length() + host.length());
    if (rest.isEmpty() || SHORT_HOSTS.contains(host.replaceFirst("^www\\.", ""))) {
      return true;
    }
    String path = PAGE_NUMBER.matcher(rest).replaceAll("/");
    return Stream.of(PIECES.split(path))
            .allMatch(
                piece ->
                    piece.isEmpty()
                        || (PLAIN_PIECE.matcher(piece).matches()
                            && !MIXED_CASE
                                .matcher(CAMEL_CASE.matcher(piece).replaceAll(""))
                                .find()))
        && !REDACTOR.redact(PIECES.matcher(path).replaceAll(" ")).isTouched();
  }
}
