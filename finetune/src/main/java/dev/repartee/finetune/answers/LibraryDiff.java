package dev.repartee.finetune.answers;

import dev.repartee.finetune.options.StoreOptions.NamedLibrary;
import dev.repartee.text.TextNorm;
import dev.repartee.text.answers.AnswerLibrary.Entry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What distinguishes one library from another, and what is found in the newer one.
 *
 * @param from the name of the older one
 * @param to the name of the newer one
 * @param added the ids of new entries
 * @param removed the ids of entries that are gone
 * @param changed what was changed in entries that stay
 * @param neverAdded phrases that must never be said from now on
 * @param neverRemoved phrases that may be said again
 * @param found in the newer one
 */
record LibraryDiff(
    String from,
    String to,
    List<String> added,
    List<String> removed,
    List<Change> changed,
    List<String> neverAdded,
    List<String> neverRemoved,
    LibraryCheck found) {

  /**
   * A field of an entry that differs.
   *
   * @param field its name in {@code library.json}, such as {@code title} or {@code text.nl}
   * @param from empty where it is new
   * @param to empty where it is gone
   */
  record Change(String id, String field, Optional<String> from, Optional<String> to) {}

  /** A field of an answer. */
  record Field(String name, Function<Entry, Optional<?>> of) {}

  /** What an answer says once for all its languages, as {@code library.json} names it. */
  static final List<Field> FIELDS =
      List.of(
          new Field("title", Entry::title),
          new Field("folder", Entry::folder),
          new Field("queue", Entry::queue),
          new Field("valid_from", Entry::validFrom),
          new Field("valid_until", Entry::validUntil),
          new Field("owner", Entry::owner));

  private static final int SHOWN = 80;

  static LibraryDiff of(NamedLibrary from, NamedLibrary to, Instant now) {
    Map<String, List<Entry>> before = from.library().byAnswer();
    Map<String, List<Entry>> after = to.library().byAnswer();
    List<Change> changed = new ArrayList<>();
    after.forEach(
        (id, texts) -> {
          if (before.containsKey(id)) {
            changed.addAll(changes(before.get(id), texts));
          }
        });
    return new LibraryDiff(
        from.name(),
        to.name(),
        without(after.keySet(), before.keySet()),
        without(before.keySet(), after.keySet()),
        changed,
        without(to.library().never(), from.library().never()),
        without(from.library().never(), to.library().never()),
        LibraryCheck.of(to.library(), now));
  }

  private static List<String> without(Collection<String> one, Collection<String> other) {
    Set<String> others = Set.copyOf(other);
    return one.stream().filter(text -> !others.contains(text)).toList();
  }

  private static List<Change> changes(List<Entry> before, List<Entry> after) {
    boolean several = before.size() > 1 || after.size() > 1;
    Map<String, String> old = fields(before, several);
    Map<String, String> current = fields(after, several);
    return Stream.concat(current.keySet().stream(), old.keySet().stream())
        .distinct()
        .filter(field -> !Objects.equals(old.get(field), current.get(field)))
        .map(
            field ->
                new Change(
                    after.getFirst().id(),
                    field,
                    Optional.ofNullable(old.get(field)),
                    Optional.ofNullable(current.get(field))))
        .toList();
  }

  /**
   * The fields that there are.
   *
   * @param several whether texts are named by their language, such as {@code text.nl}
   */
  private static Map<String, String> fields(List<Entry> texts, boolean several) {
    Entry entry = texts.getFirst();
    Map<String, String> fields = new LinkedHashMap<>();
    for (Entry one : texts) {
      fields.put(
          several ? one.language().map(tag -> "text." + tag).orElse("text") : "text", one.text());
    }
    entry.language().filter(_ -> !several).ifPresent(value -> fields.put("language", value));
    for (Field field : FIELDS) {
      field.of().apply(entry).ifPresent(value -> fields.put(field.name(), value.toString()));
    }
    return fields;
  }

  /** For people, line by line. */
  List<String> lines(NamedLibrary older, NamedLibrary newer) {
    Map<String, List<Entry>> before = older.library().byAnswer();
    Map<String, List<Entry>> after = newer.library().byAnswer();
    long entriesChanged = changed.stream().map(Change::id).distinct().count();
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s -> %s: %d entries added, %d removed, %d changed, %d as they were; never phrases: %d added, %d removed"
            .formatted(
                from,
                to,
                added.size(),
                removed.size(),
                entriesChanged,
                after.size() - added.size() - entriesChanged,
                neverAdded.size(),
                neverRemoved.size()));
    added.forEach(id -> lines.add("  added      " + id + "  " + shown(after.get(id))));
    removed.forEach(id -> lines.add("  removed    " + id + "  " + shown(before.get(id))));
    for (Change change : changed) {
      lines.add(
          "  changed    %s  %s: %s -> %s"
              .formatted(
                  change.id(),
                  change.field(),
                  change.from().map(LibraryDiff::shown).orElse("-"),
                  change.to().map(LibraryDiff::shown).orElse("-")));
    }
    neverAdded.forEach(phrase -> lines.add("  never      " + shown(phrase)));
    neverRemoved.forEach(phrase -> lines.add("  allowed    " + shown(phrase)));
    found.lines().forEach(line -> lines.add("  " + line));
    return lines;
  }

  /** The first text, and the other languages. */
  private static String shown(List<Entry> texts) {
    String others =
        texts.stream()
            .skip(1)
            .map(one -> one.language().orElseThrow())
            .collect(Collectors.joining(", "));
    return shown(texts.getFirst().text()) + (others.isEmpty() ? "" : " (also " + others + ")");
  }

  private static String shown(String text) {
    String line = text.replaceAll("\\s+", " ");
    return line.length() <= SHOWN ? line : TextNorm.beginning(line, SHOWN) + "...";
  }
}
