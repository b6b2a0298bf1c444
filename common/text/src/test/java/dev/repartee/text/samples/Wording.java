package dev.repartee.text.samples;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Changes of spelling that turn one person's sentence into another's. */
final class Wording {

  private static final Map<Pattern, String> EXPANSIONS = new LinkedHashMap<>();

  static {
    expand("I'm", "I am");
    expand("[Cc]an't", "cannot");
    expand("[Ww]on't", "will not");
    expand("([Ll])et's", "$1et us");
    expand("(\\w+)n't", "$1 not");
    expand("(\\w+)'ll", "$1 will");
    expand("(I|[Yy]ou|[Ww]e|[Tt]hey)'ve", "$1 have");
    expand("(\\w+)'re", "$1 are");
    expand("I'd", "I would");
    expand("([Tt]hat|[Ii]t|[Tt]here|[Hh]ere|[Ww]hat)'s", "$1 is");
  }

  private Wording() {}

  private static void expand(String contraction, String words) {
    EXPANSIONS.put(Pattern.compile("\\b" + contraction + "\\b"), words);
  }

  /** {@code I'm} becomes {@code I am}, for those who write formally. */
  static String withoutContractions(String text) {
    String result = text;
    for (Map.Entry<Pattern, String> entry : EXPANSIONS.entrySet()) {
      result = entry.getKey().matcher(result).replaceAll(entry.getValue());
    }
    return result;
  }

  /** Small letters throughout, except in codes, amounts and addresses. */
  static String lowerCase(String text) {
    return Pattern.compile("\\S+")
        .matcher(text)
        .replaceAll(
            match -> {
              String word = match.group();
              boolean code = word.chars().anyMatch(Character::isDigit);
              return Matcher.quoteReplacement(code ? word : word.toLowerCase(Locale.ROOT));
            });
  }

  /** Drops the full stop at the end, if there is one. */
  static String withoutFinalStop(String text) {
    return text.endsWith(".") && !text.endsWith("..") ? text.substring(0, text.length() - 1) : text;
  }
}
