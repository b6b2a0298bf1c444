package dev.repartee.text.privacy;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.lang.UProperty;
import com.ibm.icu.text.Normalizer2;
import com.ibm.icu.text.SpoofChecker;
import dev.repartee.text.StopWords;
import dev.repartee.text.WordLists;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntFunction;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.text.StringEscapeUtils;

/**
 * What may be an address or a number to whoever reads it, and is too often something else for
 * redaction: rather one too many. Characters count as what they look like: compatible forms (NFKC),
 * confusable ones (UTS 39), the full stops of all scripts, numbers by their value.
 */
final class Contacts {

  private static final Pattern ANY_CONTACT = RuleTable.pattern("ANY_CONTACT");
  private static final Pattern ANY_SPELLED_DOMAIN = RuleTable.pattern("ANY_SPELLED_DOMAIN");
  private static final Pattern ANY_NUMBER = RuleTable.pattern("ANY_NUMBER");
  private static final Normalizer2 FORMS = Normalizer2.getNFKCCasefoldInstance();
  private static final SpoofChecker LOOKS = new SpoofChecker.Builder().build();

  /** A number's name, or a part of one. */
  private static final Pattern NUMERAL =
      Pattern.compile(
          Stream.concat(
                  Lexicon.phrases(("numerals " + Sign.DIGIT_WORD.lists).split(" ", -1)).stream(),
                  Stream.of("nl", "de", "fr", "es", "it", "pt")
                      .map(it -> new WordLists(Lexicon.class, "languages/" + it + ".txt"))
                      .flatMap(it -> it.words("numerals").stream()))
              .sorted(Comparator.comparingInt(String::length).reversed())
              .collect(Collectors.joining("|")));

  private Contacts() {}

  /** What in {@code text} may lead somewhere, in lower case. */
  static List<String> in(String text) {
    String folded = FORMS.normalize(StringEscapeUtils.unescapeHtml4(text));
    String seen = eachAs(Contacts::look, folded);
    String counted =
        eachAs(
            c -> UCharacter.getUnicodeNumericValue(c) < 0 ? Character.toString(c) : "0",
            NUMERAL.matcher(folded).replaceAll("0"));
    return Stream.of(
            ANY_CONTACT.matcher(seen).results(),
            ANY_SPELLED_DOMAIN.matcher(seen).results().filter(Contacts::mayBeDomain),
            ANY_SPELLED_DOMAIN.matcher(folded).results().filter(Contacts::mayBeDomain),
            ANY_NUMBER.matcher(counted).results())
        .flatMap(found -> found.map(MatchResult::group))
        .toList();
  }

  private static String eachAs(IntFunction<String> form, String text) {
    return text.codePoints()
        .mapToObj(c -> c < 0x80 ? Character.toString(c) : form.apply(c))
        .collect(Collectors.joining());
  }

  private static String look(int c) {
    boolean stop = UCharacter.hasBinaryProperty(c, UProperty.S_TERM);
    String look = stop ? "." : LOOKS.getSkeleton(Character.toString(c));
    if (look.equals("\u00b7") || look.chars().allMatch(one -> one < 0x80)) {
      return UCharacter.toLowerCase(look);
    }
    // Some symbols are letters only by name: "NEGATIVE SQUARED LATIN CAPITAL LETTER A".
    String name = Character.getType(c) == Character.OTHER_SYMBOL ? UCharacter.getName(c) : "";
    return FORMS.normalize(
        name.matches(".* LETTER [A-Z]") ? name.replaceFirst(".* ", "") : Character.toString(c));
  }

  /** Where prose has the same signs, its words decide: "this point in", "punto de", "Fine. Is". */
  private static boolean mayBeDomain(MatchResult found) {
    String top = found.group("top");
    String before = found.group("before");
    String word = found.group("word");
    boolean prose =
        found.group("stop") != null
            ? RuleChecks.isWord(top)
            : word != null
                && before != null
                && (StopWords.isCommon(before)
                    || RuleChecks.STATES.keySet().stream()
                        .filter(it -> !top.equals(it) && StopWords.isCommon(top, it))
                        .anyMatch(
                            it -> Lexicon.isEveryday(before, it) && Lexicon.isEveryday(word, it)));
    return RuleChecks.TOP_DOMAINS.contains(top) && (!prose || top.equals("com"));
  }
}
