package dev.repartee.engine.suggest;

import dev.repartee.text.conversation.Message;
import dev.repartee.text.privacy.CommonWords;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Completes a word from the conversation: agents repeat names, times and order numbers that a
 * customer gave, which no training can have taught the model. Everyday words are left to the model.
 */
final class ContextWords {

  /** How often an agent's word is one of these, as a guess that needs no fitting. */
  private static final double COPIED = 0.03;

  private static final int LEAST_TYPED = 2;
  private static final int LEAST_LENGTH = 4;
  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}'\u2019:./@-]*");

  private final Map<String, String> words = new LinkedHashMap<>(); // lower case to as written

  /** The unusual words of {@code context}, as people wrote it. */
  ContextWords(List<Message> context) {
    for (Message message : context) {
      Matcher found = WORD.matcher(message.text());
      while (found.find()) {
        String word = trimmed(found.group());
        String lower = word.toLowerCase(Locale.ROOT);
        if (word.length() >= LEAST_LENGTH && !CommonWords.isEnglish(lower)) {
          words.put(lower, word);
        }
      }
    }
  }

  /** Without the point or colon that ends a sentence. */
  private static String trimmed(String word) {
    int end = word.length();
    while (end > 0 && !Character.isLetterOrDigit(word.charAt(end - 1))) {
      end--;
    }
    return word.substring(0, end);
  }

  /**
   * Mixes completions of the draft's last word into what the model found.
   *
   * @param found texts and their probabilities
   * @param agreeing the probability that the model gave to what is typed of that word
   */
  void mix(Map<String, Double> found, String draft, double agreeing) {
    int start = draft.length();
    while (start > 0 && !Character.isWhitespace(draft.charAt(start - 1))) {
      start--;
    }
    String typed = draft.substring(start).toLowerCase(Locale.ROOT);
    if (typed.length() < LEAST_TYPED || words.isEmpty()) {
      return;
    }
    List<String> rests = new ArrayList<>();
    words.forEach(
        (lower, word) -> {
          if (lower.length() > typed.length()
              && lower.length() == word.length()
              && lower.startsWith(typed)) {
            rests.add(word.substring(typed.length()));
          }
        });
    if (!rests.isEmpty()) {
      double copied = COPIED * rests.size() / words.size();
      double share = copied / (copied + (1 - COPIED) * agreeing);
      found.replaceAll((text, probability) -> probability * (1 - share));
      rests.forEach(rest -> found.merge(rest, share / rests.size(), Double::sum));
    }
  }
}
