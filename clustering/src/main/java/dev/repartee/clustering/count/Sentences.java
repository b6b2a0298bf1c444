package dev.repartee.clustering.count;

import dev.repartee.text.TextNorm;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Splits a message into sentences. {@link BreakIterator} knows the end marks of all scripts and
 * does not break before a small letter or a digit ("no. 5"), but does after an abbreviation or a
 * list's number when a capital follows; such parts are joined again. A line break always ends a
 * sentence. One for each thread.
 */
final class Sentences {

  /** Never the last word of a sentence. Lower case, without the last full stop, as all below. */
  private static final Set<String> BEFORE_A_WORD =
      Set.of(
          "mr", "mrs", "ms", "dr", "prof", "st", "vs", "e.g", "i.e", "approx", "ca", "z.b", "sr",
          "sra");

  /** May end a sentence, and do so where a word with one capital follows. */
  private static final Set<String> MAY_END = Set.of("etc", "inc", "ltd", "co");

  /** As in a.m., p.m. or U.S., which may end a sentence too. */
  private static final Pattern LETTERS = Pattern.compile("\\p{L}(?:\\.\\p{L})+");

  private static final Pattern LIST_NUMBER = Pattern.compile("[(\\[]?\\p{Nd}{1,3}\\.");

  private static final int LONGEST_WORD = 12;

  private final BreakIterator breaks = BreakIterator.getSentenceInstance(Locale.ROOT);

  /** The sentences of {@code text} in order, stripped; none is blank. */
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
    if (LIST_NUMBER.matcher(word).matches()) {
      return line.substring(start, wordStart).isBlank();
    }
    return isAbbreviation(bare(word), line, next);
  }

  /** Without a bracket or quote in front and the full stop at the end. */
  private static String bare(String word) {
    int from = 0;
    while (from < word.length() - 1 && !Character.isLetter(word.charAt(from))) {
      from++;
    }
    return word.substring(from, word.length() - 1);
  }

  private static boolean isAbbreviation(String word, String line, int next) {
    String small = word.toLowerCase(Locale.ROOT);
    if (BEFORE_A_WORD.contains(small)) {
      return true;
    }
    if (MAY_END.contains(small) || LETTERS.matcher(small).matches()) {
      return !beginsSentence(line, next);
    }
    // An initial, unless the word is the pronoun.
    return word.length() == 1 && Character.isLetter(word.charAt(0)) && !word.equals("I");
  }

  /** Whether a word with a capital and then none starts at {@code next}. */
  private static boolean beginsSentence(String line, int next) {
    return Character.isUpperCase(line.charAt(next))
        && (next + 1 == line.length() || !Character.isUpperCase(line.charAt(next + 1)));
  }
}
