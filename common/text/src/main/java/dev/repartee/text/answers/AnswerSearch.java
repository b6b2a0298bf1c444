package dev.repartee.text.answers;

import dev.repartee.text.answers.AnswerLibrary.Entry;
import java.text.Normalizer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds the entries of a library as an agent types. An entry is found if each word of the query
 * begins a word of its id, title, folder or text; case, punctuation and accents do not matter. An
 * entry that contains a phrase that must never be said is not found. Safe for use by several
 * threads.
 */
public final class AnswerSearch {

  private static final Pattern ACCENTS = Pattern.compile("\\p{Mn}+");

  private final List<Indexed> entries;

  /** The positions in {@link #entries} of those that have a word, in ascending order. */
  private final NavigableMap<String, List<Integer>> byWord = new TreeMap<>();

  /**
   * Which entries may be found.
   *
   * @param now entries that are not valid at this moment are left out
   * @param queue entries of another queue are left out; empty leaves out none
   * @param language a language tag; entries of another language are left out; empty leaves out none
   * @param spoken the conversation's language, where it is known: of an answer in several
   *     languages, this text is found
   * @param agentId entries that another agent owns are left out; empty leaves out all with an owner
   */
  public record Filter(
      Instant now,
      Optional<String> queue,
      Optional<String> language,
      Optional<String> spoken,
      Optional<String> agentId) {

    public Filter {
      language = language.map(AnswerLibrary::primaryLanguage);
    }

    /** Whether {@code entry} may be found. */
    public boolean accepts(Entry entry) {
      return entry.isValidAt(now) && entry.isFor(queue, language, agentId);
    }
  }

  /** An entry, and its id, title and text as they are compared with the beginning of a query. */
  private record Indexed(Entry entry, List<String> beginnings) {}

  /** An entry that was found. */
  private record Hit(Entry entry, boolean begins, double likelihood) {}

  /** Indexes {@code library}. */
  public AnswerSearch(AnswerLibrary library) {
    NeverPhrases never = new NeverPhrases(library.never());
    List<Indexed> indexed = new ArrayList<>();
    for (Entry entry : library.entries()) {
      if (!never.isIn(entry.text())) {
        Stream.of(
                Stream.of(entry.id(), entry.text()),
                entry.title().stream(),
                entry.folder().stream())
            .flatMap(texts -> texts)
            .flatMap(text -> words(text).stream())
            .distinct()
            .forEach(
                word ->
                    byWord.computeIfAbsent(word, unseen -> new ArrayList<>()).add(indexed.size()));
        List<String> beginnings =
            Stream.concat(Stream.of(entry.id(), entry.text()), entry.title().stream())
                .map(text -> String.join(" ", words(text)))
                .toList();
        indexed.add(new Indexed(entry, beginnings));
      }
    }
    entries = List.copyOf(indexed);
  }

  /** The words of {@code text} without accents. */
  private static List<String> words(String text) {
    String plain = ACCENTS.matcher(Normalizer.normalize(text, Normalizer.Form.NFKD)).replaceAll("");
    return NeverPhrases.words(plain);
  }

  /**
   * The entries that fit best, one of each id: first those whose id, title or text begins with the
   * query, and in both parts the likeliest first; of equal likelihood in the order of the library.
   *
   * @param query what the agent typed; blank finds all
   * @param likelihood how likely an entry is in the conversation; only the order counts
   * @param limit at least 1
   */
  public List<Entry> find(
      String query, Filter filter, ToDoubleFunction<Entry> likelihood, int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit must be at least 1 but is " + limit);
    }
    List<String> words = words(query);
    if (words.isEmpty() && !query.isBlank()) {
      return List.of();
    }
    String beginning = String.join(" ", words);
    Map<String, Entry> found = new LinkedHashMap<>();
    withAll(words).stream()
        .mapToObj(entries::get)
        .filter(indexed -> filter.accepts(indexed.entry()))
        .map(
            indexed ->
                new Hit(
                    indexed.entry(),
                    indexed.beginnings().stream().anyMatch(text -> text.startsWith(beginning)),
                    likelihood.applyAsDouble(indexed.entry())))
        .sorted(
            Comparator.comparing(Hit::begins)
                .thenComparingDouble(Hit::likelihood)
                .reversed()) // a stable sort: equal hits keep the library's order
        .map(Hit::entry)
        .forEach(
            entry -> {
              if (entry.language().equals(filter.spoken())) {
                found.put(entry.id(), entry); // where the answer's best text stands
              } else {
                found.putIfAbsent(entry.id(), entry);
              }
            });
    return found.values().stream().limit(limit).toList();
  }

  /** The positions of the entries that have a word beginning with each of {@code words}. */
  private BitSet withAll(List<String> words) {
    BitSet found = new BitSet(entries.size());
    found.set(0, entries.size());
    for (String word : words) {
      BitSet having = new BitSet(entries.size());
      byWord
          .subMap(word, word + Character.MAX_VALUE)
          .values()
          .forEach(positions -> positions.forEach(having::set));
      found.and(having);
    }
    return found;
  }
}
