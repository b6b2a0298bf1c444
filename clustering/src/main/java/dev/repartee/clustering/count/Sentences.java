package dev.repartee.clustering.count;

import com.ibm.icu.text.BreakIterator;
import com.ibm.icu.util.ULocale;
import dev.repartee.text.TextNorm;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Splits a message into sentences. {@link BreakIterator} knows the end marks of all scripts and
 * does not break before a lower-case letter. It does break after a full stop if a digit follows
 * ("no. 5"), and after an abbreviation or a list number if a capital does; those breaks are undone
 * here. A line break always ends a sentence. Not safe for use by several threads.
 */
final class Sentences {

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

  private final BreakIterator breaks = BreakIterator.getSentenceInstance(ULocale.ROOT);

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

  private static boolean isFalseBreak(String line, int start, int next) {
    int end = next;
    while (end > start && Character.isWhitespace(line.charAt(end - 1))) {
      end--;
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
