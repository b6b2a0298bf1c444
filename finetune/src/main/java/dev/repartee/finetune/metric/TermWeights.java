package dev.repartee.finetune.metric;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * TF-IDF of single words and pairs of words: {@code (1 + ln tf) (1 + ln((1 + n) / (1 + df)))},
 * scaled to length one. The same weights as scikit-learn's {@code TfidfVectorizer} with {@code
 * sublinear_tf} and {@code ngram_range=(1, 2)}, with which the published baselines were computed.
 */
final class TermWeights {

  /** Also of one letter, which scikit-learn leaves out unless told otherwise. */
  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}_]+");

  private final Map<String, Integer> terms = new HashMap<>();
  private final double[] inverseFrequencies;

  /**
   * @param leastTexts terms of fewer texts are left out
   */
  TermWeights(List<String> texts, int leastTexts) {
    Map<String, Integer> frequencies = new HashMap<>();
    for (String text : texts) {
      counts(text).keySet().forEach(term -> frequencies.merge(term, 1, Integer::sum));
    }
    frequencies.values().removeIf(frequency -> frequency < leastTexts);
    inverseFrequencies = new double[frequencies.size()];
    frequencies.forEach(
        (term, frequency) -> {
          inverseFrequencies[terms.size()] = 1 + Math.log((1.0 + texts.size()) / (1.0 + frequency));
          terms.put(term, terms.size());
        });
  }

  /** How many terms are known; their numbers are 0 and up. */
  int size() {
    return inverseFrequencies.length;
  }

  /** The weight of each known term of the text, by its number; empty when it has none. */
  Map<Integer, Double> weigh(String text) {
    Map<Integer, Double> weights = new TreeMap<>();
    counts(text)
        .forEach(
            (term, count) -> {
              Integer number = terms.get(term);
              if (number != null) {
                weights.put(number, (1 + Math.log(count)) * inverseFrequencies[number]);
              }
            });
    double squares = weights.values().stream().mapToDouble(weight -> weight * weight).sum();
    weights.replaceAll((number, weight) -> weight / Math.sqrt(squares));
    return weights;
  }

  private static Map<String, Integer> counts(String text) {
    List<String> words =
        WORD.matcher(text.toLowerCase(Locale.ROOT)).results().map(MatchResult::group).toList();
    List<String> all = new ArrayList<>(words);
    for (int i = 1; i < words.size(); i++) {
      all.add(words.get(i - 1) + " " + words.get(i));
    }
    Map<String, Integer> counts = new HashMap<>();
    all.forEach(term -> counts.merge(term, 1, Integer::sum));
    return counts;
  }
}
