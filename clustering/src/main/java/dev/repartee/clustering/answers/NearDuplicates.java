package dev.repartee.clustering.answers;

import dev.repartee.text.TextNorm;
import dev.repartee.text.answers.Answer;
import dev.repartee.text.answers.Phrasing;
import dev.repartee.text.answers.PhrasingHash;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.commons.text.similarity.LevenshteinDistance;

/**
 * Finds the first answer that nearly says a text. One of its phrasings is the same, or shares at
 * least {@value #SAME_CHARACTERS} of the characters (one minus the edit distance over the longer
 * length), or at least {@value #SAME_WORDS} of the words (Jaccard index). Texts are compared in
 * their masked form.
 */
final class NearDuplicates {

  private static final double SAME_CHARACTERS = 0.9;
  private static final double SAME_WORDS = 0.8;

  /** The number of classes in which letters are counted. */
  private static final int CLASSES = 32;

  /** A phrasing, or a text to compare with phrasings. */
  private static final class Phrase {
    private final String text;
    private final int answer;
    private final Set<String> words;
    private final int[] letters = new int[CLASSES];

    Phrase(String text, int answer) {
      this.text = text;
      this.answer = answer;
      this.words = new HashSet<>(List.of(text.split(" ", -1)));
      text.chars().forEach(c -> letters[c % CLASSES]++);
    }
  }

  private final Map<String, Integer> answerOfHash = new HashMap<>();
  private final List<Phrase> entries = new ArrayList<>();
  private final Map<String, List<Integer>> entriesWithWord = new HashMap<>();
  private final Map<Integer, List<Integer>> entriesOfLength = new HashMap<>();

  NearDuplicates(List<Answer> answers) {
    for (int i = 0; i < answers.size(); i++) {
      Answer answer = answers.get(i);
      add(answer.text(), i);
      for (Phrasing phrasing : answer.phrasings()) {
        add(phrasing.text(), i);
      }
      for (String hash : answer.hiddenPhrasings()) {
        answerOfHash.putIfAbsent(hash, i);
      }
    }
  }

  private void add(String text, int answer) {
    Phrase entry = new Phrase(TextNorm.mask(text), answer);
    if (answerOfHash.putIfAbsent(PhrasingHash.ofKey(entry.text), answer) != null) {
      return;
    }
    int number = entries.size();
    entries.add(entry);
    entry.words.forEach(word -> listOf(entriesWithWord, word).add(number));
    listOf(entriesOfLength, entry.text.length()).add(number);
  }

  private static <K> List<Integer> listOf(Map<K, List<Integer>> lists, K key) {
    return lists.computeIfAbsent(key, unseen -> new ArrayList<>());
  }

  /** The position of the first answer that nearly says the masked text {@code key}. */
  OptionalInt first(String key) {
    int first = answerOfHash.getOrDefault(PhrasingHash.ofKey(key), Integer.MAX_VALUE);
    Phrase wanted = new Phrase(key, 0);
    first = Math.min(first, firstByWords(wanted, first));
    first = Math.min(first, firstByCharacters(wanted, first));
    return first == Integer.MAX_VALUE ? OptionalInt.empty() : OptionalInt.of(first);
  }

  private int firstByWords(Phrase wanted, int before) {
    Map<Integer, Integer> common = new HashMap<>();
    for (String word : wanted.words) {
      for (int number : entriesWithWord.getOrDefault(word, List.of())) {
        if (entries.get(number).answer < before) {
          common.merge(number, 1, Integer::sum);
        }
      }
    }
    int first = before;
    for (Map.Entry<Integer, Integer> shared : common.entrySet()) {
      Phrase entry = entries.get(shared.getKey());
      int all = wanted.words.size() + entry.words.size() - shared.getValue();
      if (shared.getValue() >= SAME_WORDS * all) {
        first = Math.min(first, entry.answer);
      }
    }
    return first;
  }

  private int firstByCharacters(Phrase wanted, int before) {
    int length = wanted.text.length();
    int first = before;
    for (int other = (int) Math.ceil(length * SAME_CHARACTERS);
        other <= (int) (length / SAME_CHARACTERS);
        other++) {
      int edits = (int) ((1 - SAME_CHARACTERS) * Math.max(length, other) + 1e-9);
      for (int number : entriesOfLength.getOrDefault(other, List.of())) {
        Phrase entry = entries.get(number);
        if (entry.answer < first && isWithin(wanted, entry, edits)) {
          first = entry.answer;
        }
      }
    }
    return first;
  }

  private static boolean isWithin(Phrase left, Phrase right, int edits) {
    int difference = 0;
    for (int i = 0; i < CLASSES; i++) {
      difference += Math.abs(left.letters[i] - right.letters[i]);
    }
    // An edit changes at most two letter counts, and counts are cheaper than the distance.
    return difference <= 2 * edits
        && new LevenshteinDistance(edits).apply(left.text, right.text) >= 0;
  }
}
