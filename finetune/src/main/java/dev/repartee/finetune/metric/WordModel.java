package dev.repartee.finetune.metric;

import dev.repartee.text.TextNorm;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Which words followed which: counts of what came after up to {@value #LONGEST} words. The longest
 * run of last words that is known decides; its shorter ones count only where it has no word that
 * begins as asked.
 */
final class WordModel {

  /** Words before the predicted one. */
  static final int LONGEST = 4;

  static final String START = "<s>";
  static final String END = "</s>";

  /**
   * The most frequent next word.
   *
   * @param probability among the words that begin as asked
   * @param count how often it was seen there
   * @param known words before it that were taken into account
   */
  record Next(String word, double probability, int count, int known) {}

  /** The words seen after some words, most frequent first. */
  private static final class Followers {
    private final String[] words;
    private final int[] counts;

    private Followers(Map<String, Integer> counted) {
      List<Map.Entry<String, Integer>> sorted =
          counted.entrySet().stream()
              .sorted(
                  Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                      .thenComparing(Map.Entry.comparingByKey(TextNorm.BY_CODE_POINT)))
              .toList();
      words = sorted.stream().map(Map.Entry::getKey).toArray(String[]::new);
      counts = sorted.stream().mapToInt(Map.Entry::getValue).toArray();
    }

    private Optional<Next> best(String prefix, int known) {
      int first = -1;
      int total = 0;
      for (int i = 0; i < words.length; i++) {
        boolean fits = words[i].equals(END) ? prefix.isEmpty() : words[i].startsWith(prefix);
        if (fits) {
          total += counts[i];
          first = first < 0 ? i : first;
        }
      }
      return first < 0
          ? Optional.empty()
          : Optional.of(
              new Next(words[first], (double) counts[first] / total, counts[first], known));
    }
  }

  /** By the number of words before, then by these words, joined. */
  private final List<Map<String, Followers>> followers;

  private final TreeMap<String, Integer> words = new TreeMap<>(TextNorm.BY_CODE_POINT);

  /** Learns from texts that {@link #split} has cut into words. */
  WordModel(Stream<List<String>> texts) {
    List<Map<String, Map<String, Integer>>> counts =
        IntStream.rangeClosed(0, LONGEST)
            .mapToObj(
                before ->
                    (Map<String, Map<String, Integer>>) new HashMap<String, Map<String, Integer>>())
            .toList();
    texts.forEach(text -> count(text, counts));
    words.putAll(counts.getFirst().getOrDefault("", Map.of()));
    words.remove(END);
    followers =
        counts.stream()
            .map(
                known -> {
                  Map<String, Followers> sorted = HashMap.newHashMap(known.size());
                  known.forEach((before, counted) -> sorted.put(before, new Followers(counted)));
                  return sorted;
                })
            .toList();
  }

  private static void count(List<String> text, List<Map<String, Map<String, Integer>>> counts) {
    for (int i = 1; i < text.size(); i++) {
      for (int known = 0; known <= Math.min(i, LONGEST); known++) {
        counts
            .get(known)
            .computeIfAbsent(
                String.join(" ", text.subList(i - known, i)), unseen -> new HashMap<>(2))
            .merge(text.get(i), 1, Integer::sum);
      }
    }
  }

  /** The words of a text, which are what stands between blanks, so that joining gives it back. */
  static List<String> split(String text) {
    return Arrays.asList(text.split(" ", -1));
  }

  /**
   * The most frequent word after {@code before} that begins with {@code prefix}; {@link #END} where
   * most texts ended.
   */
  Optional<Next> next(List<String> before, String prefix) {
    for (int known = Math.min(LONGEST, before.size()); known > 0; known--) {
      String last = String.join(" ", before.subList(before.size() - known, before.size()));
      Followers seen = followers.get(known).get(last);
      Optional<Next> best = seen == null ? Optional.empty() : seen.best(prefix, known);
      if (best.isPresent()) {
        return best;
      }
    }
    return prefix.isEmpty() ? Optional.empty() : anywhere(prefix);
  }

  private Optional<Next> anywhere(String prefix) {
    Map.Entry<String, Integer> best = null;
    int total = 0;
    for (Map.Entry<String, Integer> word : words.tailMap(prefix).entrySet()) {
      if (!word.getKey().startsWith(prefix)) {
        break;
      }
      total += word.getValue();
      best = best == null || word.getValue() > best.getValue() ? word : best;
    }
    return best == null
        ? Optional.empty()
        : Optional.of(
            new Next(best.getKey(), (double) best.getValue() / total, best.getValue(), 0));
  }
}
