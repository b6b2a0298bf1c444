package dev.repartee.text.samples;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.regex.MatchResult;
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

  /** Words long enough for a slip; words with digits or signs are left alone. */
  private static final Pattern LONG_WORD = Pattern.compile("(?<=^| )[a-z]{4,}(?= |[.,?!]|$)");

  /** Misspells one word, as fast typists do: two letters swapped, or one lost. */
  static String slip(String text, Random random) {
    var words = LONG_WORD.matcher(text).results().toList();
    if (words.isEmpty()) {
      return text;
    }
    MatchResult word = words.get(random.nextInt(words.size()));
    int at = word.start() + 1 + random.nextInt(word.group().length() - 2);
    String swapped = text.substring(at + 1, at + 2) + text.charAt(at);
    String slipped = random.nextInt(3) == 0 ? swapped.substring(0, 1) : swapped;
    return text.substring(0, at) + slipped + text.substring(at + 2);
  }

  /** Chooses among the alternatives of a phrasing, {@code {a|b|c}}; may be nested or empty. */
  static String choose(String template, Random random) {
    return Alternatives.choose(template, random);
  }

  private static final class Alternatives {

    private final String template;
    private final Random random;
    private int position;

    private Alternatives(String template, Random random) {
      this.template = template;
      this.random = random;
    }

    private static String choose(String template, Random random) {
      Alternatives reader = new Alternatives(template, random);
      String text = reader.sequence();
      if (reader.position < template.length()) {
        throw new IllegalArgumentException("'|' or '}' without '{' in: " + template);
      }
      return text.strip();
    }

    private String sequence() {
      StringBuilder text = new StringBuilder();
      while (position < template.length()) {
        char c = template.charAt(position);
        if (c == '|' || c == '}') {
          break;
        }
        position++;
        if (c == '{') {
          text.append(group());
        } else {
          text.append(c);
        }
      }
      return text.toString();
    }

    private String group() {
      List<String> choices = new ArrayList<>();
      choices.add(sequence());
      while (position < template.length() && template.charAt(position) == '|') {
        position++;
        choices.add(sequence());
      }
      if (position == template.length()) {
        throw new IllegalArgumentException("'{' without '}' in: " + template);
      }
      position++;
      return choices.get(random.nextInt(choices.size()));
    }
  }
}
