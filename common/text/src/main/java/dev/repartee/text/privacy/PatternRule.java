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
 * @param starts where it is tried
 * @param group the group that is the span; 0 for the whole match
 * @param end the end of the span of a match, or {@link #REFUSED}
 */
record PatternRule(
    long signs,
    Pattern pattern,
    Starts starts,
    boolean cased,
    int group,
    ToIntFunction<Match> end) {

  static final int REFUSED = -1;

  /**
   * A rule for all matches.
   *
   * @param cased whether upper case matters: the pattern runs over the text as typed
   */
  static PatternRule of(long signs, String regex, boolean cased) {
    Pattern pattern = Pattern.compile(regex);
    int group = pattern.namedGroups().getOrDefault("value", 0);
    return new PatternRule(signs, pattern, new Starts(regex), cased, group, Match::end);
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
    return new PatternRule(signs, pattern, starts, cased, group, spanEnd);
  }

  /** Adds what the rule finds in {@code text} as {@code kind}. */
  void find(PersonalData kind, FoldedText text, Spans found) {
    CharSequence searched = cased ? text.folded() : text.lower();
    Matcher matcher =
        pattern.matcher(searched).useTransparentBounds(true).useAnchoringBounds(false);
    int matches = 0;
    int at = starts.next(searched, 0);
    while (at < searched.length()) {
      int next = at + 1;
      if (matcher.region(at, searched.length()).lookingAt()) {
        Match match = new Match(text, matcher, matches++, matcher.start(group), matcher.end(group));
        int spanEnd = end.applyAsInt(match);
        int searchedTo = matcher.end();
        if (spanEnd != REFUSED) {
          found.add(kind, match.start(), spanEnd);
          // Another value may follow in the same run; each left there would cost one more round.
          searchedTo = spanEnd < match.end() ? spanEnd : searchedTo;
        }
        next = Math.max(next, searchedTo); // on, whatever a rule finds
      }
      at = starts.next(searched, next);
    }
  }

  /**
   * Where a match may begin, by the character there and those beside it. A look into a table rules
   * out most places for far less than the expression. The tables fill as characters are met;
   * threads may do so at once, since they write the same.
   */
  static final class Starts {

    private static final int ASCII = 0x80;
    private static final byte NO = 1;
    private static final byte MAYBE = 2;

    private final Pattern pattern;
    private final byte[] asSecond = new byte[ASCII * ASCII];
    private final byte[] asFirst = new byte[ASCII * ASCII];

    /** What stands far before a match is not known here: every look-behind that wants it is met. */
    Starts(String regex) {
      pattern = Pattern.compile(regex.replace("(?<=", "(?<=|"));
    }

    /** The first place from {@code from} on, or the end of {@code text}. */
    int next(CharSequence text, int from) {
      int at = from;
      while (at < text.length() && !isStart(text, at)) {
        at++;
      }
      return at;
    }

    private boolean isStart(CharSequence text, int at) {
      char c = text.charAt(at);
      if (Character.isLowSurrogate(c) && at > 0) {
        return !Character.isHighSurrogate(text.charAt(at - 1)); // no character begins in a pair
      }
      return (at == 0 || mayBegin(asSecond, text.charAt(at - 1), c, 1))
          && (at + 1 == text.length() || mayBegin(asFirst, c, text.charAt(at + 1), 0));
    }

    /** Whether a match may begin at {@code at} of two characters. */
    @SuppressWarnings("JdkObsolete") // hitEnd is what is asked: would more text matter?
    private boolean mayBegin(byte[] known, char first, char second, int at) {
      if (first >= ASCII || second >= ASCII) {
        return true;
      }
      int key = first * ASCII + second;
      if (known[key] == 0) {
        Matcher matcher = pattern.matcher("" + first + second);
        matcher.useTransparentBounds(true).useAnchoringBounds(false).region(at, 2);
        // A failure that did not read up to the end stays one, whatever follows.
        known[key] = matcher.lookingAt() || matcher.hitEnd() ? MAYBE : NO;
      }
      return known[key] == MAYBE;
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
