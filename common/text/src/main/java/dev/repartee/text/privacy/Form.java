package dev.repartee.text.privacy;

import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Personal data that is known by its form: a pattern and, where that is not enough, a check. What
 * is found is the pattern's group {@code value}, or all of a match when it has no such group.
 *
 * @param pattern runs over the text in lower case, unless {@code cased}; every repeat in it must be
 *     bounded or possessive, since texts can be hostile
 */
record Form(PersonalData kind, int signs, Pattern pattern, boolean cased, Predicate<Hit> accepted)
    implements Detector {

  private static final String VALUE = "value";

  /** A match in its text. */
  record Hit(FoldedText text, Matcher matcher, int start, int end) {

    /** What was found, in lower case. */
    String value() {
      return text.lower().substring(start, end);
    }

    /** What was found, as it was typed. */
    String typed() {
      return text.folded().substring(start, end);
    }

    /** Up to {@code length} characters before the find, in lower case. */
    String before(int length) {
      return text.lower().substring(Math.max(0, start - length), start);
    }

    /** Up to {@code length} characters after the find, in lower case. */
    String after(int length) {
      return text.lower().substring(end, Math.min(text.lower().length(), end + length));
    }

    long digits() {
      return text.lower().substring(start, end).chars().filter(c -> c >= '0' && c <= '9').count();
    }
  }

  static Form of(PersonalData kind, int signs, String pattern) {
    return new Form(kind, signs, Pattern.compile(pattern), false, hit -> true);
  }

  /** Where upper case tells. */
  static Form cased(PersonalData kind, int signs, String pattern) {
    return new Form(kind, signs, Pattern.compile(pattern), true, hit -> true);
  }

  Form when(Predicate<Hit> condition) {
    return new Form(kind, signs, pattern, cased, condition);
  }

  @Override
  public void find(FoldedText text, Finds finds) {
    Matcher matcher = pattern.matcher(cased ? text.folded() : text.lower());
    boolean named = pattern.namedGroups().containsKey(VALUE);
    while (matcher.find()) {
      int start = named ? matcher.start(VALUE) : matcher.start();
      int end = named ? matcher.end(VALUE) : matcher.end();
      if (accepted.test(new Hit(text, matcher, start, end))) {
        finds.add(kind, start, end);
      }
    }
  }
}
