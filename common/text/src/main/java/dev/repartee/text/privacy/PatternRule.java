package dev.repartee.text.privacy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds personal data by a pattern and, where the pattern is not enough, a check. The span is the
 * group {@code value} of a match, or the whole match where the pattern has no such group.
 * Stateless, so that threads may share it.
 *
 * <p>Texts can be hostile, so the time must grow no faster than the text. Every repetition in a
 * pattern is therefore bounded, or possessive at the end of what a match consumes. A long run must
 * not be read again from each of its parts: where the end of a run decides, the pattern makes that
 * end optional and the check refuses matches without it.
 *
 * @param signs {@link Signs}, of which a text needs at least one to be searched
 * @param pattern runs over the lower-case text, unless {@code cased}
 * @param group the group that is the span; 0 for the whole match
 * @param end the end of the span of a match, or {@link #REFUSED}
 */
record PatternRule(
    long signs, Pattern pattern, boolean cased, int group, ToIntFunction<Match> end) {

  static final int REFUSED = -1;

  /**
   * The start of a word in ASCII letters. Java's {@code \b} means the same, but looks back over all
   * combining marks before it, which is quadratic in a text of marks. The look-ahead is the
   * cheapest part and comes first.
   */
  static final String WORD_START =
      "(?=[a-zA-Z0-9])(?<![a-zA-Z0-9_])(?<![\\p{L}\\p{Nd}]\\p{Mn}{1,4})";

  /** Neither a letter nor a digit before the match. */
  static final String NO_WORD_BEFORE = "(?<![\\p{L}\\p{N}])";

  /** Neither a letter nor a digit after it. */
  static final String NO_WORD_AFTER = "(?![\\p{L}\\p{N}])";

  /** The end of a word in ASCII letters. */
  static final String WORD_END = "(?![a-zA-Z0-9_\\p{Mn}])";

  /** A rule for the lower-case text. */
  static PatternRule of(long signs, String pattern) {
    return rule(signs, pattern, false);
  }

  /** A rule for the text as typed, for patterns in which upper case matters. */
  static PatternRule cased(long signs, String pattern) {
    return rule(signs, pattern, true);
  }

  private static PatternRule rule(long signs, String regex, boolean cased) {
    Pattern pattern = Pattern.compile(regex);
    int group = pattern.namedGroups().getOrDefault("value", 0);
    return new PatternRule(signs, pattern, cased, group, Match::end);
  }

  /** This rule for the matches that pass {@code check}. */
  PatternRule when(Predicate<Match> check) {
    return endingAt(match -> check.test(match) ? match.end() : REFUSED);
  }

  /** This rule with spans that end where {@code spanEnd} says, or that it refuses. */
  PatternRule endingAt(ToIntFunction<Match> spanEnd) {
    return new PatternRule(signs, pattern, cased, group, spanEnd);
  }

  /** Adds what the rule finds in {@code text} as {@code kind}. */
  void find(PersonalData kind, FoldedText text, Spans found) {
    CharSequence searched = cased ? text.folded() : text.lower();
    Matcher matcher =
        pattern.matcher(searched).useTransparentBounds(true).useAnchoringBounds(false);
    for (int i = 0; matcher.find(); i++) {
      Match match = new Match(text, matcher, i, matcher.start(group), matcher.end(group));
      int spanEnd = end.applyAsInt(match);
      if (spanEnd != REFUSED) {
        found.add(kind, match.start(), spanEnd);
        if (spanEnd < match.end()) {
          // Another value may follow in the same run; each left there would cost one more round.
          matcher.region(spanEnd, searched.length());
        }
      }
    }
  }

  /**
   * A match in its text.
   *
   * @param index how many matches of the rule stand before it
   * @param start the start of the span
   * @param end the end of the span, exclusive
   */
  record Match(FoldedText text, Matcher matcher, int index, int start, int end) {

    /** The span in lower case. */
    String value() {
      return text.lower().subSequence(start, end).toString();
    }

    /** The span as it was typed. */
    String typed() {
      return text.folded().subSequence(start, end).toString();
    }

    /** What the pattern matched before the span. */
    String cue() {
      return matcher.group().substring(0, start - matcher.start());
    }

    /** Up to {@code length} characters before the span, as they were typed. */
    String typedBefore(int length) {
      return text.folded().subSequence(Math.max(0, start - length), start).toString();
    }

    /** Up to {@code length} characters before the span, in lower case. */
    String before(int length) {
      return text.lower().subSequence(Math.max(0, start - length), start).toString();
    }

    /** Up to {@code length} characters after the span, in lower case. */
    String after(int length) {
      return text.lower()
          .subSequence(end, Math.min(text.lower().length(), end + length))
          .toString();
    }

    /**
     * Whether one of {@code cues} is the last word before the span, or one of {@code signs} stands
     * between that word and the span, within {@code length} characters.
     */
    boolean follows(Set<String> cues, String signs, int length) {
      CharSequence lower = text.lower();
      int limit = Math.max(0, start - length);
      int last = start;
      while (last > limit && !isLetterOrDigit(lower.charAt(last - 1))) {
        last--;
        if (signs.indexOf(lower.charAt(last)) >= 0) {
          return true;
        }
      }
      int first = last;
      while (first > limit && isLetterOrDigit(lower.charAt(first - 1))) {
        first--;
      }
      return cues.contains(lower.subSequence(first, last).toString());
    }

    private static boolean isLetterOrDigit(char c) {
      return c == '_' || Character.isLetterOrDigit(c);
    }

    /** The text of a named group in lower case; null when the group took no part. */
    String group(String name) {
      return matcher.group(name);
    }

    boolean has(String group) {
      return matcher.start(group) >= 0;
    }

    /** The number of digits in the span. */
    int digits() {
      int digits = 0;
      for (int i = start; i < end; i++) {
        digits += Signs.isDigit(text.lower().charAt(i)) ? 1 : 0;
      }
      return digits;
    }
  }

  /**
   * A group that matches a word of these lists of {@link Lexicon#phrases}; where several fit, the
   * one that is listed first. Common beginnings are merged, so that a long list costs little more
   * than a short one.
   */
  static String anyOf(String... lists) {
    return anyOf(Lexicon.phrases(lists));
  }

  /** The same for one of {@code phrases}. */
  static String anyOf(List<String> phrases) {
    return "(?:" + alternatives(phrases.stream().distinct().toList()) + ")";
  }

  private static String alternatives(List<String> words) {
    List<String> alternatives = new ArrayList<>();
    int complete = words.indexOf("");
    if (complete < 0) {
      // Words with different first letters exclude each other, so they may change places.
      Map<Character, List<String>> endings = new LinkedHashMap<>();
      for (String word : words) {
        endings.computeIfAbsent(word.charAt(0), first -> new ArrayList<>()).add(word.substring(1));
      }
      endings.forEach((first, rest) -> alternatives.add(quoted(first) + alternatives(rest)));
    } else {
      if (complete > 0) {
        alternatives.add(alternatives(words.subList(0, complete)));
      }
      alternatives.add("");
      if (complete + 1 < words.size()) {
        alternatives.add(alternatives(words.subList(complete + 1, words.size())));
      }
    }
    return alternatives.size() == 1
        ? alternatives.getFirst()
        : "(?:" + String.join("|", alternatives) + ")";
  }

  private static String quoted(char c) {
    return ".*+?()[]{}|\\^$".indexOf(c) < 0 ? String.valueOf(c) : "\\" + c;
  }
}
