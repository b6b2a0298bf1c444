package dev.repartee.finetune.answers;

import dev.repartee.text.answers.NeverPhrases;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds texts that share their words. Two texts that have much in common share one of their rarest
 * words, so only texts that do are compared: the prefix filter of Chaudhuri et al., 2006.
 */
final class SimilarTexts {

  private final double least;
  private final int[][] words; // by rarity, the rarest first
  private final Map<Integer, List<Integer>> byRareWord = new HashMap<>();

  /**
   * A text that was added.
   *
   * @param text its place among all texts
   * @param overlap the words of both, divided by the words of either, 0 to 1
   */
  record Similar(int text, double overlap) {}

  /**
   * Knows {@code texts}, and has added none.
   *
   * @param least the overlap from which on two texts are similar, above 0
   */
  SimilarTexts(List<String> texts, double least) {
    this.least = least;
    words = wordsByRarity(texts);
  }

  /** From now on, similar texts find the one at {@code place}. */
  void add(int place) {
    for (int word = 0; word < prefix(place); word++) {
      byRareWord.computeIfAbsent(words[place][word], unseen -> new ArrayList<>()).add(place);
    }
  }

  /** The added texts that are similar to the one at {@code place}, in their order. */
  List<Similar> similarTo(int place) {
    BitSet candidates = new BitSet(words.length);
    for (int word = 0; word < prefix(place); word++) {
      byRareWord.getOrDefault(words[place][word], List.of()).forEach(candidates::set);
    }
    List<Similar> similar = new ArrayList<>();
    candidates.stream()
        .mapToObj(other -> new Similar(other, overlap(words[other], words[place])))
        .filter(found -> found.overlap() >= least)
        .forEach(similar::add);
    return similar;
  }

  /**
   * Puts similar texts together: each one to the most similar of the texts that begin a group, or
   * it begins one itself. The groups, and the places in each, are in the order of the texts.
   */
  static List<List<Integer>> groups(List<String> texts, double least) {
    SimilarTexts first = new SimilarTexts(texts, least);
    Map<Integer, List<Integer>> groups = new HashMap<>();
    List<List<Integer>> inOrder = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      Optional<Similar> nearest =
          first.similarTo(i).stream().max(Comparator.comparingDouble(Similar::overlap));
      if (nearest.isPresent()) {
        groups.get(nearest.get().text()).add(i);
      } else {
        List<Integer> group = new ArrayList<>(List.of(i));
        groups.put(i, group);
        inOrder.add(group);
        first.add(i);
      }
    }
    return inOrder;
  }

  /** How many of its rarest words suffice to find a text. */
  private int prefix(int place) {
    int count = words[place].length;
    return count - (int) Math.ceil(least * count) + 1;
  }

  /** The different words of each text as numbers, which grow with how many texts have the word. */
  private static int[][] wordsByRarity(List<String> texts) {
    List<List<String>> words = texts.stream().map(SimilarTexts::words).toList();
    Map<String, Integer> uses = new HashMap<>();
    words.forEach(text -> text.forEach(word -> uses.merge(word, 1, Integer::sum)));
    Map<String, Integer> numbers = new HashMap<>();
    uses.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue().thenComparing(Map.Entry::getKey))
        .forEach(use -> numbers.put(use.getKey(), numbers.size()));
    return words.stream()
        .map(text -> text.stream().mapToInt(numbers::get).sorted().toArray())
        .toArray(int[][]::new);
  }

  /** A text without letters and numbers is one word. */
  private static List<String> words(String text) {
    List<String> words = NeverPhrases.words(text);
    return words.isEmpty() ? List.of(text.strip()) : words.stream().distinct().toList();
  }

  /** The words that two sorted texts share, divided by those that either has. */
  private static double overlap(int[] one, int[] other) {
    int both = 0;
    for (int i = 0, j = 0; i < one.length && j < other.length; ) {
      int order = Integer.compare(one[i], other[j]);
      both += order == 0 ? 1 : 0;
      i += order <= 0 ? 1 : 0;
      j += order >= 0 ? 1 : 0;
    }
    return (double) both / (one.length + other.length - both);
  }
}
