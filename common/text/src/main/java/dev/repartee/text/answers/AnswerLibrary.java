package dev.repartee.text.answers;

import static java.util.Objects.requireNonNull;

import dev.repartee.text.StopWords;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The answers that a contact center keeps by hand, and the phrases that must never be said. It
 * changes on the day a product changes, without training; {@link AnswerLibraryFile} is its file.
 *
 * @param entries in the order of the file. An answer that has texts in several languages has an
 *     entry for each, one after the other: they have one id, each its own language, and differ in
 *     nothing else
 * @param never phrases that no reply may contain, each once; {@link NeverPhrases} finds them
 */
public record AnswerLibrary(List<Entry> entries, List<String> never) {

  public static final int MAX_ENTRIES = 20_000;
  public static final int MAX_NEVER = 20_000;
  public static final int MAX_TEXT_LENGTH = 4_000;

  /** The bound of {@code queue}, also in requests. */
  public static final int MAX_QUEUE_LENGTH = 64;

  /** The bound of ids, titles, folders and owners; feedback and requests have the same. */
  public static final int MAX_NAME_LENGTH = 200;

  /** Nothing is kept and nothing is forbidden. */
  public static final AnswerLibrary EMPTY = new AnswerLibrary(List.of(), List.of());

  /**
   * An answer, or its text in one of its languages.
   *
   * @param text may hold placeholders, such as {@code {customer_name}}
   * @param folder where people keep it
   * @param queue only requests of this queue, or of none, are offered it
   * @param language the primary tag, such as {@code de}; {@code de-AT} becomes {@code de}
   * @param validFrom the first moment at which it is offered
   * @param validUntil the first moment at which it is no longer offered
   * @param owner the only agent who sees it; empty where all do
   */
  public record Entry(
      String id,
      Optional<String> title,
      String text,
      Optional<String> folder,
      Optional<String> queue,
      Optional<String> language,
      Optional<Instant> validFrom,
      Optional<Instant> validUntil,
      Optional<String> owner) {

    public Entry {
      requireLength("id", requireNonNull(id, "id is null"), MAX_NAME_LENGTH);
      requireLength("text", requireNonNull(text, "text is null"), MAX_TEXT_LENGTH);
      title.ifPresent(value -> requireLength("title", value, MAX_NAME_LENGTH));
      folder.ifPresent(value -> requireLength("folder", value, MAX_NAME_LENGTH));
      queue.ifPresent(value -> requireLength("queue", value, MAX_QUEUE_LENGTH));
      language = language.map(AnswerLibrary::primaryLanguage);
      owner.ifPresent(value -> requireLength("owner", value, MAX_NAME_LENGTH));
      if (validFrom.isPresent()
          && validUntil.isPresent()
          && !validUntil.get().isAfter(validFrom.get())) {
        throw new IllegalArgumentException(
            "valid_until must be after valid_from (%s) but is %s"
                .formatted(validFrom.get(), validUntil.get()));
      }
    }

    /** An entry for everybody, everywhere and always. */
    public Entry(String id, String text) {
      this(
          id,
          Optional.empty(),
          text,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());
    }

    /** The same answer in another language. */
    public Entry in(String otherLanguage, String otherText) {
      return new Entry(
          id,
          title,
          otherText,
          folder,
          queue,
          Optional.of(otherLanguage),
          validFrom,
          validUntil,
          owner);
    }

    /** Whether it is offered at {@code now}. */
    public boolean isValidAt(Instant now) {
      return validFrom.map(from -> !now.isBefore(from)).orElse(true) && !isExpiredAt(now);
    }

    /**
     * Whether an agent sees it: it is of this queue and language, or of none, or none is asked for,
     * and has no other owner.
     */
    public boolean isFor(
        Optional<String> wantedQueue, Optional<String> wantedLanguage, Optional<String> agentId) {
      return agrees(queue, wantedQueue)
          && agrees(language, wantedLanguage)
          && (owner.isEmpty() || owner.equals(agentId));
    }

    private static boolean agrees(Optional<String> own, Optional<String> wanted) {
      return own.isEmpty() || wanted.isEmpty() || own.equals(wanted);
    }

    /** Whether its time is over at {@code now}. */
    public boolean isExpiredAt(Instant now) {
      return validUntil.map(until -> !now.isBefore(until)).orElse(false);
    }
  }

  public AnswerLibrary {
    requireCount("entries", entries.size(), MAX_ENTRIES);
    requireCount("never", never.size(), MAX_NEVER);
    entries = byAnswer(entries).values().stream().flatMap(List::stream).toList();
    for (int i = 0; i < never.size(); i++) {
      requireNever("never[" + i + "]", never.get(i));
    }
    never = never.stream().distinct().toList();
  }

  /** The entries of each answer, by its id, in the order in which they first come. */
  public Map<String, List<Entry>> byAnswer() {
    return byAnswer(entries);
  }

  private static Map<String, List<Entry>> byAnswer(List<Entry> entries) {
    Map<String, List<Entry>> answers = new LinkedHashMap<>();
    for (Entry entry : entries) {
      List<Entry> others = answers.computeIfAbsent(entry.id(), unseen -> new ArrayList<>());
      for (Entry other : others) {
        if (entry.language().isEmpty() || !isInAnotherLanguage(entry, other)) {
          throw new IllegalArgumentException(
              "entries have the id '%s' twice; give one another id".formatted(entry.id()));
        }
      }
      others.add(entry);
    }
    return answers;
  }

  private static boolean isInAnotherLanguage(Entry entry, Entry other) {
    return other.language().isPresent()
        && !other.language().equals(entry.language())
        && other.in(entry.language().orElseThrow(), entry.text()).equals(entry);
  }

  /** The entries that are offered at {@code now}, and all phrases. */
  public AnswerLibrary validAt(Instant now) {
    return new AnswerLibrary(
        entries.stream().filter(entry -> entry.isValidAt(now)).toList(), never);
  }

  /**
   * Refuses a phrase without a word, which every reply would contain or none.
   *
   * @param field for the message
   */
  public static void requireNever(String field, String phrase) {
    requireLength(field, phrase, MAX_TEXT_LENGTH);
    if (NeverPhrases.words(phrase).isEmpty()) {
      throw new IllegalArgumentException(
          "%s must have a letter or a number but is '%s'; remove it".formatted(field, phrase));
    }
  }

  private static void requireCount(String field, int count, int most) {
    if (count > most) {
      throw new IllegalArgumentException(
          "%s may have at most %d elements but has %d; remove those that are not used"
              .formatted(field, most, count));
    }
  }

  private static void requireLength(String field, String value, int most) {
    if (value.isBlank()) {
      throw new IllegalArgumentException(field + " is blank");
    }
    if (value.length() > most) {
      throw new IllegalArgumentException(
          "%s must have 1 to %d characters but has %d; shorten it"
              .formatted(field, most, value.length()));
    }
  }

  /**
   * The primary tag of a language tag, as {@link StopWords#primaryTag}.
   *
   * @throws IllegalArgumentException when {@code tag} is not one
   */
  public static String primaryLanguage(String tag) {
    return StopWords.primaryTag(tag.replace('_', '-'))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "language must be a tag such as 'en' or 'de-AT' but is '" + tag + "'"));
  }
}
