package dev.repartee.text;

import com.ibm.icu.text.BreakIterator;
import com.ibm.icu.util.ULocale;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The passages of a message that may stand in other messages too: the message, runs of its lines,
 * and runs of a line's sentences. Marks of lists are no part of a passage, and quoted lines are not
 * the writer's.
 */
public final class Passages {

  /** The most lines, blank ones included, of a run; also the most sentences. */
  private static final int MOST = 8;

  private static final Pattern BLANKS = Pattern.compile("[\\s\\u00a0\\u0085]+");

  private static final Pattern LIST_MARK =
      Pattern.compile("^(?:['\"]?[-\u2013\u2014*\u2022\u00b7+]+\\s+|\\(?\\p{Nd}{1,2}[.)]\\s+)+");

  /** Also where no capital follows. */
  private static final Pattern BEFORE_LINK =
      Pattern.compile("(?<=[.!?\u2026])\\s+(?=https?://|\\{url\\})");

  /**
   * A passage.
   *
   * @param text as it was typed, but for blanks and marks of lists
   * @param key the {@link TextNorm#maskedWording} of its sentences
   * @param whole whether it is the message
   */
  public record Passage(String text, String key, boolean whole) {}

  /**
   * A sentence.
   *
   * @param before the blanks between the sentence before and this one
   * @param line the number of its line
   */
  private record Part(String before, int line, String text, String key) {}

  private final List<Part> parts = new ArrayList<>();

  public Passages(String message) {
    Sentences sentences = new Sentences();
    int number = 0;
    for (String typed : message.lines().toList()) {
      number++;
      String line = TextNorm.strip(typed);
      if (!line.startsWith(">")) {
        String before = parts.isEmpty() || parts.getLast().line() == number - 1 ? "\n" : "\n\n";
        for (String sentence : sentences.of(LIST_MARK.matcher(line).replaceFirst(""))) {
          for (String one : BEFORE_LINK.split(sentence, -1)) {
            parts.add(part(before, number, one));
            before = WordBreaks.writesNoBlanks(sentence) ? "" : " ";
          }
        }
      }
    }
  }

  private static Part part(String before, int line, String sentence) {
    String text = BLANKS.matcher(sentence).replaceAll(" ");
    return new Part(before, line, text, TextNorm.maskedWording(text));
  }

  /** The message itself; empty where it has no line of its own. */
  public Optional<Passage> message() {
    return parts.isEmpty() ? Optional.empty() : Optional.of(passage(0, parts.size()));
  }

  /** All passages. Many overlap. */
  public List<Passage> all() {
    return IntStream.range(0, parts.size())
        .boxed()
        .flatMap(start -> ends(start).stream().map(end -> passage(start, end)))
        .toList();
  }

  /**
   * Passages that do not overlap, from the beginning of the message on: at each place the longest
   * that {@code wanted} accepts.
   */
  public List<Passage> longest(Predicate<Passage> wanted) {
    List<Passage> longest = new ArrayList<>();
    int start = 0;
    while (start < parts.size()) {
      int next = start + 1;
      for (int end : ends(start)) {
        Passage passage = passage(start, end);
        if (wanted.test(passage)) {
          longest.add(passage);
          next = end;
          break;
        }
      }
      start = next;
    }
    return longest;
  }

  /** Where passages end that begin with this part, the longest first. */
  private Set<Integer> ends(int start) {
    Set<Integer> ends = new LinkedHashSet<>();
    int line = parts.get(start).line();
    boolean beginsLine = start == 0 || parts.get(start - 1).line() < line;
    int farthest = beginsLine ? parts.size() : Math.min(parts.size(), start + MOST);
    int endOfLine = start + 1;
    while (endOfLine < farthest && parts.get(endOfLine).line() == line) {
      endOfLine++;
    }
    if (start == 0) {
      ends.add(parts.size());
    }
    if (beginsLine) {
      int end = endOfLine;
      while (end < parts.size() && parts.get(end).line() < line + MOST) {
        end++;
      }
      for (; end >= endOfLine; end--) {
        if (end == parts.size() || parts.get(end).line() > parts.get(end - 1).line()) {
          ends.add(end);
        }
      }
    }
    for (int end = Math.min(endOfLine, start + MOST); end > start; end--) {
      ends.add(end);
    }
    return ends;
  }

  private Passage passage(int start, int end) {
    StringBuilder text = new StringBuilder(parts.get(start).text());
    StringBuilder key = new StringBuilder(parts.get(start).key());
    for (Part part : parts.subList(start + 1, end)) {
      text.append(part.before()).append(part.text());
      key.append(' ').append(part.key());
    }
    return new Passage(text.toString(), key.toString(), start == 0 && end == parts.size());
  }

  /**
   * Splits a message into sentences. {@link BreakIterator} knows the end marks of all scripts and
   * does not break before a lower-case letter. It does break after a full stop if a digit follows
   * ("no. 5"), and after an abbreviation or a list number if a capital does; those breaks are
   * undone here. A line break always ends a sentence. Not safe for use by several threads.
   */
  static final class Sentences {

    /** Abbreviations that never end a sentence, in lower case without their last full stop. */
    private static final Set<String> NEVER_END =
        Set.of(
            "mr", "mrs", "ms", "dr", "prof", "st", "vs", "e.g", "i.e", "approx", "ca", "z.b", "sr",
            "sra");

    /** Abbreviations that end a sentence if a word with one capital follows. */
    private static final Set<String> MAY_END = Set.of("etc", "inc", "ltd", "co");

    /** Abbreviations such as a.m., p.m. and U.S., which may end a sentence too. */
    private static final Pattern LETTERS = Pattern.compile("\\p{L}(?:\\.\\p{L})+");

    private static final Pattern LIST_NUMBER = Pattern.compile("[(\\[]?\\p{Nd}{1,3}\\.");

    private static final int LONGEST_WORD = 12;

    /** Never moved itself, since it is not for several threads: each instance gets a copy. */
    private static final BreakIterator BREAKS = BreakIterator.getSentenceInstance(ULocale.ROOT);

    private final BreakIterator breaks = BREAKS.clone();

    /** The sentences of {@code text} in order, stripped and without blank ones. */
    List<String> of(String text) {
      List<String> sentences = new ArrayList<>();
      text.lines().forEach(line -> addSentences(line, sentences));
      return sentences;
    }

    private void addSentences(String line, List<String> sentences) {
      breaks.setText(line);
      int start = 0;
      for (int end = breaks.next(); end != BreakIterator.DONE; end = breaks.next()) {
        if (end == line.length() || !isFalseBreak(line, start, end)) {
          String sentence = TextNorm.strip(line.substring(start, end));
          if (!sentence.isEmpty()) {
            sentences.add(sentence);
          }
          start = end;
        }
      }
    }

    private static boolean isInLink(String line, int at) {
      int link = line.lastIndexOf("://", at);
      return link >= 0 && line.substring(link, at).chars().noneMatch(Character::isWhitespace);
    }

    private static boolean isFalseBreak(String line, int start, int next) {
      int end = next;
      while (end > start && Character.isWhitespace(line.charAt(end - 1))) {
        end--;
      }
      if (end == next && isInLink(line, next)) {
        return true;
      }
      int wordStart = end;
      while (wordStart > start
          && end - wordStart <= LONGEST_WORD
          && !Character.isWhitespace(line.charAt(wordStart - 1))) {
        wordStart--;
      }
      String word = line.substring(wordStart, end);
      if (!word.endsWith(".")) {
        return false;
      }
      if (Character.isDigit(line.charAt(next))) {
        return true;
      }
      if (LIST_NUMBER.matcher(word).matches()) {
        return line.substring(start, wordStart).isBlank();
      }
      return isAbbreviation(bare(word), line, next);
    }

    /** {@code word} without brackets and quotes in front and without its full stop. */
    private static String bare(String word) {
      int from = 0;
      while (from < word.length() - 1 && !Character.isLetter(word.charAt(from))) {
        from++;
      }
      return word.substring(from, word.length() - 1);
    }

    private static boolean isAbbreviation(String word, String line, int next) {
      String small = word.toLowerCase(Locale.ROOT);
      if (NEVER_END.contains(small)) {
        return true;
      }
      if (MAY_END.contains(small) || LETTERS.matcher(small).matches()) {
        return !beginsSentence(line, next);
      }
      // One letter is an initial, except the pronoun.
      return word.length() == 1 && Character.isLetter(word.charAt(0)) && !word.equals("I");
    }

    /** Whether a word with exactly one capital in front starts at {@code next}. */
    private static boolean beginsSentence(String line, int next) {
      return Character.isUpperCase(line.charAt(next))
          && (next + 1 == line.length() || !Character.isUpperCase(line.charAt(next + 1)));
    }
  }
}
