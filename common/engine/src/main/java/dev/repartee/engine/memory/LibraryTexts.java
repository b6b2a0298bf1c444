package dev.repartee.engine.memory;

import dev.repartee.text.TextNorm;
import dev.repartee.text.WordBreaks;
import dev.repartee.text.answers.AnswerLibrary;
import dev.repartee.text.answers.AnswerLibrary.Entry;
import dev.repartee.text.answers.NeverPhrases;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * An answer library as a {@link Memory} uses it. Nobody may have sent an entry yet, so what speaks
 * for it are the replies that are worded like it: each lends it the square of the cosine of their
 * TF-IDF vectors. That falls with every word that only one of the two has; BM25, by which the
 * memory searches contexts, does not count words that the index lacks, so a long reply would lend
 * all of its evidence for one common word. An entry is offered only while its time lasts, by the
 * clock of each request. Never changes.
 */
public final class LibraryTexts {

  /** Replies that are less alike say nothing of an entry. */
  private static final double LEAST = 0.3;

  /** Characters of an entry that are offered at once, and up to where its words are offered too. */
  private static final int LONG = 60;

  /** A draft that more entries begin with says too little. */
  private static final int MOST_AGREEING = 50;

  /**
   * An entry.
   *
   * @param norm of its text, under {@link TextNorm#norm}
   * @param languages of all texts of its answer, the first one's first; empty where it is the only
   *     text
   */
  record Text(Entry entry, String norm, List<Optional<String>> languages) {

    /** Whether it is its answer's text in this language, or the first of an answer without one. */
    boolean isIn(Optional<String> language) {
      return languages.isEmpty()
          || entry
              .language()
              .equals(languages.contains(language) ? language : languages.getFirst());
    }
  }

  /**
   * A wording of the memory, and the entries that are worded like it.
   *
   * @param entries their numbers
   * @param shares how much of the wording's evidence each gets
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Lender(KnownText.Worded wording, int[] entries, float[] shares) {}

  /** The texts that hold each term, and the term's part of their vectors, of length 1. */
  private final class Index {

    private final Map<Long, List<Integer>> holders = new HashMap<>();
    private final double[] lengths;

    Index(List<long[]> terms) {
      lengths = new double[terms.size()];
      for (int i = 0; i < lengths.length; i++) {
        for (long term : terms.get(i)) {
          holders.computeIfAbsent(term, unseen -> new ArrayList<>()).add(i);
          lengths[i] += square(rarity(term));
        }
        lengths[i] = Math.sqrt(lengths[i]);
      }
    }

    /** The cosines of all texts with the one of these terms. */
    double[] cosines(long[] terms) {
      double[] cosines = new double[lengths.length];
      double length = Math.sqrt(Arrays.stream(terms).mapToDouble(t -> square(rarity(t))).sum());
      for (long term : terms) {
        double weight = square(rarity(term)) / length;
        for (int text : holders.getOrDefault(term, List.of())) {
          cosines[text] += weight / lengths[text];
        }
      }
      return cosines;
    }
  }

  private final boolean only;
  private final String salt;
  private final NeverPhrases never;
  private final Function<String, long[]> termsOf;
  private final Map<Long, Integer> counts = new HashMap<>(); // of the replies that hold a term
  private final int replies;
  private final List<Text> texts;
  private final NavigableMap<String, List<Text>> inLowerCase = new TreeMap<>();
  private final List<Text> withPlaceholders = new ArrayList<>(); // may begin in many ways
  private final Index byText;
  private final Index byTitleAndText;
  private final List<Lender> lenders;
  private final Set<Long> forbidden = new HashSet<>(); // hashes of the memory's wordings

  /**
   * @param library whose owners are hashes with the memory's salt
   * @param only whether nothing else may be offered
   * @param memory whose replies speak for the entries
   */
  LibraryTexts(AnswerLibrary library, boolean only, Memory memory) {
    this.only = only;
    this.salt = memory.salts().typed();
    this.never = new NeverPhrases(library.never());
    this.termsOf = memory.continuations()::termsOf;
    this.texts =
        library.byAnswer().values().stream()
            .flatMap(LibraryTexts::texts)
            .filter(one -> !never.isIn(one.entry().text()))
            .toList();
    for (Text one : texts) {
      String text = one.entry().text();
      (text.indexOf('{') >= 0
              ? withPlaceholders
              : inLowerCase.computeIfAbsent(Words.lower(text), _ -> new ArrayList<>()))
          .add(one);
    }
    Collection<KnownText.Worded> worded = texts.isEmpty() ? List.of() : memory.worded();
    this.replies = worded.size();
    for (KnownText.Worded one : worded) {
      for (long term : one.terms()) {
        counts.merge(term, 1, Integer::sum);
      }
    }
    this.byText = new Index(texts.stream().map(one -> termsOf.apply(one.entry().text())).toList());
    this.byTitleAndText =
        new Index(
            texts.stream()
                .map(Text::entry)
                .map(one -> termsOf.apply(one.title().orElse("") + " " + one.text()))
                .toList());
    this.lenders =
        worded.stream().map(this::lender).filter(one -> one.entries().length > 0).toList();
    if (!library.never().isEmpty()) {
      for (KnownText one : memory.wordings()) {
        if (!allows(one.text())) {
          forbidden.add(one.hash());
        }
      }
    }
  }

  private static Stream<Text> texts(List<Entry> answer) {
    List<Optional<String>> languages =
        answer.size() == 1 ? List.of() : answer.stream().map(Entry::language).toList();
    return answer.stream().map(one -> new Text(one, TextNorm.norm(one.text()), languages));
  }

  private double rarity(long term) {
    return 1 + Math.log((1.0 + replies) / (1 + counts.getOrDefault(term, 0)));
  }

  private static double square(double value) {
    return value * value;
  }

  /** The entries; none holds a phrase that must never be said. */
  List<Text> texts() {
    return texts;
  }

  /** When the next entry after this moment begins or ends to be valid; empty where none does. */
  public Optional<Instant> nextChange(Instant now) {
    return texts.stream()
        .map(Text::entry)
        .flatMap(entry -> Stream.concat(entry.validFrom().stream(), entry.validUntil().stream()))
        .filter(now::isBefore)
        .min(Comparator.naturalOrder());
  }

  /** Whether nothing but the entries may be offered. */
  public boolean only() {
    return only;
  }

  /**
   * Whether an entry of everybody's has these words, such as the center's own telephone number.
   *
   * @param norm under {@link TextNorm#norm}
   */
  boolean hasForAll(String norm) {
    return texts.stream()
        .anyMatch(text -> text.entry().owner().isEmpty() && text.norm().contains(norm));
  }

  /** The phrases that must never be said. */
  NeverPhrases never() {
    return never;
  }

  /** Whether {@code text} may be said. */
  public boolean allows(String text) {
    return !never.isIn(text);
  }

  /** Which entries are offered at this desk now. */
  Predicate<Text> offeredAt(Desk desk) {
    Optional<String> owner = desk.agentId().map(id -> Memory.pseudonym(salt, id)); // as it is known
    Instant now = Instant.now();
    return one ->
        one.entry().isValidAt(now) && one.entry().isFor(desk.queue(), desk.language(), owner);
  }

  /** The wordings of the memory that lend to entries. */
  List<Lender> lenders() {
    return lenders;
  }

  /** Whether a wording of the memory may be said. */
  boolean allowsWording(long hash) {
    return !forbidden.contains(hash);
  }

  private Lender lender(KnownText.Worded wording) {
    double[] cosines = byText.cosines(wording.terms());
    int[] alike = IntStream.range(0, cosines.length).filter(i -> cosines[i] >= LEAST).toArray();
    float[] shares = new float[alike.length];
    for (int i = 0; i < alike.length; i++) {
      shares[i] = (float) Math.min(1, square(cosines[alike[i]]));
    }
    return new Lender(wording, alike, shares);
  }

  /** How much each entry, with its title, is worded like what the customer wrote. */
  double[] likeMessage(String message) {
    return byTitleAndText.cosines(termsOf.apply(message));
  }

  /**
   * What may follow a draft that an entry begins with, and how probable it is that the reply goes
   * on so: of the entries that agree each is as probable as the others, and the more words agree,
   * the less probable it is that the reply is none of them.
   *
   * @param language that the reply is to be in; while it is not clear, the draft chooses among the
   *     texts of an answer
   * @param fill puts values in place of placeholders
   */
  public Map<FilledText, Double> after(
      String draft, Desk desk, Optional<String> language, Function<String, FilledText> fill) {
    String lower = Words.lower(draft);
    if (lower.isBlank()) {
      return Map.of();
    }
    Predicate<Text> offered = offeredAt(desk);
    Map<String, FilledText> agreeing = new HashMap<>();
    for (Text one : mayAgree(lower)) {
      if (offered.test(one) && (language.isEmpty() || one.isIn(language))) {
        FilledText filled = fill.apply(one.entry().text());
        if (continues(filled, draft)) {
          agreeing.putIfAbsent(Words.lower(filled.text()), filled);
        }
        if (agreeing.size() > MOST_AGREEING) {
          return Map.of();
        }
      }
    }
    int words = lower.strip().split("\\s+").length;
    double share = words / (words + 1.0) / Math.max(1, agreeing.size());
    Map<FilledText, Double> after = new HashMap<>();
    agreeing
        .values()
        .forEach(
            filled -> parts(filled, draft).forEach(part -> after.merge(part, share, Double::sum)));
    return after;
  }

  /** Few of thousands, which are asked for at each key. */
  private List<Text> mayAgree(String lower) {
    List<Text> agree = new ArrayList<>();
    inLowerCase.subMap(lower, lower + Character.MAX_VALUE).values().forEach(agree::addAll);
    withPlaceholders.stream()
        .filter(one -> mayAgree(one.entry().text(), lower))
        .forEach(agree::add);
    return agree;
  }

  /** Whether a text that can be sent begins with the draft, in any case, and is longer. */
  public static boolean continues(FilledText filled, String draft) {
    return filled.isWhole()
        && filled.text().length() > draft.length()
        && Words.lower(filled.text()).startsWith(Words.lower(draft));
  }

  /**
   * What of a text may be offered behind a draft that it begins with: all of it, or whole words.
   */
  public static List<FilledText> parts(FilledText filled, String draft) {
    return IntStream.rangeClosed(draft.length() + 1, filled.text().length())
        .filter(end -> isOffered(filled, draft.length(), end))
        .mapToObj(end -> filled.part(draft.length(), end))
        .toList();
  }

  private static boolean isOffered(FilledText filled, int start, int end) {
    String whole = filled.text();
    return (end == whole.length() || end - start <= LONG)
        && !Character.isWhitespace(whole.charAt(end - 1))
        && WordBreaks.isBoundary(whole, end)
        && filled.values().stream().noneMatch(value -> value.start() < end && end < value.end());
  }

  /** Compares the text before the first placeholder, which rules out most entries. */
  static boolean mayAgree(String text, String lower) {
    int brace = text.indexOf('{');
    int known = Math.min(brace < 0 ? text.length() : brace, lower.length());
    return text.regionMatches(true, 0, lower, 0, known);
  }
}
