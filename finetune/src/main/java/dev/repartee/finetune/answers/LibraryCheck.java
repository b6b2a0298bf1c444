package dev.repartee.finetune.answers;

import dev.repartee.text.answers.AnswerLibrary;
import dev.repartee.text.answers.AnswerLibrary.Entry;
import dev.repartee.text.answers.NeverPhrases;
import dev.repartee.text.privacy.PersonalData;
import dev.repartee.text.privacy.RedactedText;
import dev.repartee.text.privacy.Redactor;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What should be looked at in a library before it is published.
 *
 * @param entries how many entries there are
 * @param never how many phrases must never be said
 * @param personalData entries in which the redactor finds personal data
 * @param duplicates pairs of entries that say almost the same to the same people
 * @param blocked entries with a text that contains a phrase that must never be said, so is never
 *     offered
 * @param expired the ids of entries whose time is over
 */
public record LibraryCheck(
    int entries,
    int never,
    List<Personal> personalData,
    List<Duplicate> duplicates,
    List<Blocked> blocked,
    List<String> expired) {

  /** From this share of common words on, two texts are almost the same. */
  private static final double SAME = 0.8;

  /**
   * An entry that seems to hold personal data.
   *
   * @param kinds what kinds, such as {@code phone}
   */
  public record Personal(String id, List<String> kinds) {}

  /**
   * Two entries that are almost the same.
   *
   * @param overlap the words of both, divided by the words of either, 0 to 1
   */
  public record Duplicate(String id, String other, double overlap) {}

  /**
   * An entry that cannot be offered.
   *
   * @param phrase the words that must never be said
   */
  public record Blocked(String id, String phrase) {}

  /** Checks {@code library} as it is at {@code now}. */
  public static LibraryCheck of(AnswerLibrary library, Instant now) {
    NeverPhrases never = new NeverPhrases(library.never());
    Redactor redactor = new Redactor();
    List<Personal> personal = new ArrayList<>();
    List<Blocked> blocked = new ArrayList<>();
    for (List<Entry> answer : library.byAnswer().values()) {
      Entry entry = answer.getFirst();
      List<String> kinds =
          Stream.concat(entry.title().stream(), answer.stream().map(Entry::text))
              .map(redactor::redact)
              .map(RedactedText::counts)
              .flatMap(counts -> counts.keySet().stream())
              .distinct()
              .map(PersonalData::id)
              .toList();
      if (!kinds.isEmpty()) {
        personal.add(new Personal(entry.id(), kinds));
      }
      answer.stream()
          .flatMap(one -> never.find(one.text()).stream())
          .distinct()
          .forEach(phrase -> blocked.add(new Blocked(entry.id(), phrase)));
    }
    return new LibraryCheck(
        library.byAnswer().size(),
        library.never().size(),
        personal,
        duplicates(library.entries()),
        blocked,
        library.entries().stream()
            .filter(entry -> entry.isExpiredAt(now))
            .map(Entry::id)
            .distinct()
            .toList());
  }

  private static List<Duplicate> duplicates(List<Entry> entries) {
    SimilarTexts texts = new SimilarTexts(entries.stream().map(Entry::text).toList(), SAME);
    List<Duplicate> duplicates = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      for (SimilarTexts.Similar similar : texts.similarTo(i)) {
        Entry other = entries.get(similar.text());
        if (meet(other, entries.get(i))) {
          duplicates.add(new Duplicate(other.id(), entries.get(i).id(), similar.overlap()));
        }
      }
      texts.add(i);
    }
    return duplicates;
  }

  /** Whether somebody may be offered both. */
  private static boolean meet(Entry one, Entry other) {
    return agree(one.queue(), other.queue())
        && agree(one.language(), other.language())
        && agree(one.owner(), other.owner());
  }

  private static boolean agree(Optional<String> one, Optional<String> other) {
    return one.isEmpty() || other.isEmpty() || one.equals(other);
  }

  /**
   * Why no alias may move to this library; none where it may.
   *
   * @param current what the alias names; personal data that it has, such as the company's own
   *     telephone number, was decided on before
   */
  public List<String> refusals(Optional<LibraryCheck> current) {
    List<String> refusals = new ArrayList<>();
    if (entries == 0) {
      refusals.add("has no entries");
    }
    List<Personal> known = current.map(LibraryCheck::personalData).orElse(List.of());
    personalData.stream()
        .filter(found -> !known.contains(found))
        .forEach(
            found ->
                refusals.add(
                    "holds personal data in %s (%s)"
                        .formatted(found.id(), String.join(", ", found.kinds()))));
    blocked.forEach(
        found ->
            refusals.add(
                "says in %s '%s', which is forbidden".formatted(found.id(), found.phrase())));
    return refusals;
  }

  /** A line for each finding; none where all is well. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (Personal found : personalData) {
      lines.add("personal   %s  %s".formatted(found.id(), String.join(", ", found.kinds())));
    }
    for (Duplicate found : duplicates) {
      lines.add(
          String.format(
              Locale.ROOT,
              "duplicate  %s and %s  %.0f%% of their words",
              found.id(),
              found.other(),
              100 * found.overlap()));
    }
    for (Blocked found : blocked) {
      lines.add("blocked    %s  contains '%s'".formatted(found.id(), found.phrase()));
    }
    expired.forEach(id -> lines.add("expired    " + id));
    return lines;
  }

  /** Finds texts that share their words. */
  static final class SimilarTexts {

    private final double least;
    private final List<List<String>> words;
    private final Map<String, List<Integer>> byWord = new HashMap<>(); // of those added

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
      this.words = texts.stream().map(SimilarTexts::words).toList();
    }

    /** From now on, similar texts find the one at {@code place}. */
    void add(int place) {
      for (String word : words.get(place)) {
        byWord.computeIfAbsent(word, _ -> new ArrayList<>()).add(place);
      }
    }

    /** The added texts that are similar to the one at {@code place}, in their order. */
    List<Similar> similarTo(int place) {
      int[] shared = new int[words.size()]; // words with each of the others
      for (String word : words.get(place)) {
        for (int other : byWord.getOrDefault(word, List.of())) {
          shared[other]++;
        }
      }
      int own = words.get(place).size();
      return IntStream.range(0, shared.length)
          .filter(other -> shared[other] > 0)
          .mapToObj(
              other ->
                  new Similar(
                      other,
                      (double) shared[other] / (own + words.get(other).size() - shared[other])))
          .filter(found -> found.overlap() >= least)
          .toList();
    }

    /**
     * Puts similar texts together: each one to the most similar of the texts that begin a group, or
     * it begins one itself. The groups, and the places in each, are in the order of the texts.
     */
    static List<List<Integer>> groups(List<String> texts, double least) {
      SimilarTexts first = new SimilarTexts(texts, least);
      Map<Integer, List<Integer>> groups = new LinkedHashMap<>();
      for (int i = 0; i < texts.size(); i++) {
        Optional<Similar> nearest =
            first.similarTo(i).stream().max(Comparator.comparingDouble(Similar::overlap));
        int begins = nearest.map(Similar::text).orElse(i);
        groups.computeIfAbsent(begins, _ -> new ArrayList<>()).add(i);
        if (nearest.isEmpty()) {
          first.add(i);
        }
      }
      return List.copyOf(groups.values());
    }

    /** The different words of a text; one without letters and numbers is one word. */
    private static List<String> words(String text) {
      List<String> words = NeverPhrases.words(text);
      return words.isEmpty() ? List.of(text.strip()) : words.stream().distinct().toList();
    }
  }
}
