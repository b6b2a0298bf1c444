package dev.repartee.finetune.metric;

import dev.repartee.text.WordRule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Which words followed which, with probabilities: counts of what came after up to {@value #BEFORE}
 * words, longer matches before shorter ones (Witten and Bell 1991). It knows lower case only, and
 * words are what stands between blanks. The engine's Continuations count words of their own: they
 * know agents and keep rare words secret, and what this costs shows only beside counts that do
 * neither. For several threads once it has learned.
 */
final class WordCounts {

  /** Words before the predicted one. */
  private static final int BEFORE = 4;

  /** Continuations that are less probable, given the draft, are left out. */
  private static final double LEAST = 0.05;

  /** The same of what follows a whole word, given this word. */
  private static final double LEAST_AFTER = 0.06;

  /** How often the most probable continuation is followed by one more word. */
  private static final int STEPS = 6;

  /** Characters after which none is followed further. */
  private static final int LONG = 40;

  private static final String START = "<s>";
  private static final String END = "</s>";

  private final Map<String, Map<String, Integer>> followers = new HashMap<>();
  private final TreeMap<String, Integer> words = new TreeMap<>();
  private final Map<String, Map<String, Double>> continuations = new ConcurrentHashMap<>();

  /** Learns from whole replies. */
  WordCounts(Stream<String> replies) {
    replies.forEach(this::count);
  }

  private void count(String reply) {
    List<String> all = new ArrayList<>(List.of(START));
    all.addAll(WordRule.split(reply.toLowerCase(Locale.ROOT)));
    all.add(END);
    for (int i = 1; i < all.size(); i++) {
      String word = all.get(i);
      if (!word.equals(END)) {
        words.merge(word, 1, Integer::sum);
      }
      for (int known = 1; known <= Math.min(i, BEFORE); known++) {
        followers
            .computeIfAbsent(String.join(" ", all.subList(i - known, i)), unseen -> new TreeMap<>())
            .merge(word, 1, Integer::sum);
      }
    }
  }

  /** What may follow {@code draft}, in lower case, and how probable it is that it does. */
  Map<String, Double> after(String draft) {
    Map<String, Double> found = new TreeMap<>();
    for (List<String> typed : WordRule.readings(draft.toLowerCase(Locale.ROOT))) {
      after(typed).forEach((text, probability) -> found.merge(text, probability, Math::max));
    }
    return found;
  }

  private Map<String, Double> after(List<String> typed) {
    String begun = typed.getLast();
    List<String> before = new ArrayList<>(List.of(START));
    before.addAll(typed.subList(0, typed.size() - 1));
    List<String> known = lastOf(before);
    Map<String, Double> found = new TreeMap<>();
    next(known, begun)
        .forEach(
            (word, probability) -> {
              boolean needsNoBlank = begun.isEmpty() && WordRule.isJoined(word);
              if (word.equals(END) || probability < LEAST || needsNoBlank) {
                return;
              }
              String rest = word.substring(begun.length());
              add(rest, probability, found);
              following(longer(known, word))
                  .forEach(
                      (text, share) -> {
                        if (probability * share >= LEAST) {
                          found.merge(rest + text, probability * share, Double::sum);
                        }
                      });
            });
    found.remove("");
    found.replaceAll((text, probability) -> Math.min(1, probability));
    return found;
  }

  /** A sign behind the last word need not come: "order" and "order." are both right. */
  private static void add(String text, double probability, Map<String, Double> found) {
    found.merge(text, probability, Double::sum);
    String bare = WordRule.withoutSignsBehind(text);
    if (bare.length() < text.length()) {
      found.merge(bare, probability, Double::sum);
    }
  }

  private record Path(String text, double probability, List<String> before) {

    private static final Comparator<Path> PROBABLE_FIRST =
        Comparator.comparingDouble((Path path) -> -path.probability()).thenComparing(Path::text);
  }

  /** What follows whole words, a blank first. */
  private Map<String, Double> following(List<String> before) {
    return continuations.computeIfAbsent(String.join(" ", before), unseen -> search(before));
  }

  private Map<String, Double> search(List<String> before) {
    Map<String, Double> found = new TreeMap<>();
    PriorityQueue<Path> open = new PriorityQueue<>(Path.PROBABLE_FIRST);
    open.add(new Path("", 1, before));
    for (int step = 0; step < STEPS && !open.isEmpty(); step++) {
      Path path = open.remove();
      next(path.before(), "")
          .forEach(
              (word, share) -> {
                double probability = path.probability() * share;
                if (!word.equals(END) && probability >= LEAST_AFTER) {
                  String text = WordRule.append(path.text(), word);
                  add(text, probability, found);
                  if (text.length() < LONG) {
                    open.add(new Path(text, probability, longer(path.before(), word)));
                  }
                }
              });
    }
    return found;
  }

  private static List<String> longer(List<String> before, String word) {
    List<String> longer = new ArrayList<>(before);
    longer.add(word);
    return lastOf(longer);
  }

  private static List<String> lastOf(List<String> before) {
    return List.copyOf(before.subList(Math.max(0, before.size() - BEFORE), before.size()));
  }

  /** The words after {@code before} that begin with {@code begun}. */
  private Map<String, Double> next(List<String> before, String begun) {
    Map<String, Double> probabilities = new LinkedHashMap<>();
    if (!begun.isEmpty()) {
      mix(words.subMap(begun, begun + Character.MAX_VALUE), begun, probabilities);
    }
    for (int known = 1; known <= before.size(); known++) {
      Map<String, Integer> seen =
          followers.get(String.join(" ", before.subList(before.size() - known, before.size())));
      if (seen == null || !mix(seen, begun, probabilities)) {
        break;
      }
    }
    return probabilities;
  }

  /** Whether any of the words begins so. */
  private static boolean mix(
      Map<String, Integer> seen, String begun, Map<String, Double> probabilities) {
    Map<String, Integer> fitting = new LinkedHashMap<>();
    seen.forEach(
        (word, count) -> {
          if (word.startsWith(begun)) {
            fitting.put(word, count);
          }
        });
    if (fitting.isEmpty()) {
      return false;
    }
    int kinds = fitting.size();
    double all = kinds + fitting.values().stream().mapToInt(Integer::intValue).sum();
    probabilities.replaceAll((word, shorter) -> shorter * kinds / all);
    fitting.forEach((word, count) -> probabilities.merge(word, count / all, Double::sum));
    return true;
  }
}
