package dev.repartee.text.privacy;

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
 * <p>Texts can be hostile: {@code rules.txt} says which patterns stay fast.
 *
 * @param signs {@link Sign}, of which a text needs at least one to be searched
 * @param pattern runs over the lower-case text, unless {@code cased}
 * @param group the group that is the span; 0 for the whole match
 * @param end the end of the span of a match, or {@link #REFUSED}
 */
record PatternRule(
    long signs, Pattern pattern, boolean cased, int group, ToIntFunction<Match> end) {

  static final int REFUSED = -1;

  /**
   * A rule for all matches.
   *
   * @param cased whether upper case matters: the pattern runs over the text as typed
   */
  static PatternRule of(long signs, String regex, boolean cased) {
    Pattern pattern = Pattern.compile(regex);
    int group = pattern.namedGroups().getOrDefault("value", 0);
    return new PatternRule(signs, pattern, cased, group, Match::end);
  }

  /** This rule for the matches that pass {@code check}. */
  PatternRule when(Predicate<Match> check) {
    return endingAt(onlyIf(check));
  }

  /** The end of the span of the matches that pass {@code check}. */
  static ToIntFunction<Match> onlyIf(Predicate<Match> check) {
    return match -> check.test(match) ? match.end() : REFUSED;
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

    /** Java keeps groups of attempts that failed, in possessive parts. */
    boolean has(String group) {
      return matcher.start(group) >= matcher.start();
    }

    /** The number of digits in the span. */
    int digits() {
      int digits = 0;
      for (int i = start; i < end; i++) {
        digits += Sign.isDigit(text.lower().charAt(i)) ? 1 : 0;
      }
      return digits;
    }
  }
}
