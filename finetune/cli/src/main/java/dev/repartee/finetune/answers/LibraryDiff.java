package dev.repartee.finetune.answers;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.repartee.finetune.options.LibraryOptions.NamedLibrary;
import dev.repartee.text.TextNorm;
import dev.repartee.text.answers.AnswerLibrary.Entry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
 * @param effect of the edit on net time saved; empty where it was not measured
 */
record LibraryDiff(
    String from,
    String to,
    List<String> added,
    List<String> removed,
    List<Change> changed,
    @JsonProperty("never_added") List<String> neverAdded,
    @JsonProperty("never_removed") List<String> neverRemoved,
    LibraryCheck found,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<LibraryEffect> effect) {

  /**
   * A field of an entry that differs.
   *
   * @param field its name in {@code library.json}
   * @param from empty where it is new
   * @param to empty where it is gone
   */
  record Change(String id, String field, Optional<String> from, Optional<String> to) {}

  private static final int SHOWN = 80;

  static LibraryDiff of(
      NamedLibrary from, NamedLibrary to, Optional<LibraryEffect> effect, Instant now) {
    Map<String, Entry> before = byId(from);
    Map<String, Entry> after = byId(to);
    List<Change> changed = new ArrayList<>();
    after.forEach(
        (id, entry) -> {
          if (before.containsKey(id)) {
            changed.addAll(changes(before.get(id), entry));
          }
        });
    return new LibraryDiff(
        from.name(),
        to.name(),
        without(after, before),
        without(before, after),
        changed,
        without(to.library().never(), from.library().never()),
        without(from.library().never(), to.library().never()),
        LibraryCheck.of(to.library(), now),
        effect);
  }

  private static Map<String, Entry> byId(NamedLibrary named) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    named.library().entries().forEach(entry -> entries.put(entry.id(), entry));
    return entries;
  }

  private static List<String> without(Map<String, Entry> one, Map<String, Entry> other) {
    return without(List.copyOf(one.keySet()), List.copyOf(other.keySet()));
  }

  private static List<String> without(List<String> one, List<String> other) {
    List<String> left = new ArrayList<>(one);
    left.removeAll(new HashSet<>(other));
    return left;
  }

  private static List<Change> changes(Entry before, Entry after) {
    Map<String, Optional<String>> old = fields(before);
    List<Change> changes = new ArrayList<>();
    fields(after)
        .forEach(
            (field, value) -> {
              if (!value.equals(old.get(field))) {
                changes.add(new Change(after.id(), field, old.get(field), value));
              }
            });
    return changes;
  }

  private static Map<String, Optional<String>> fields(Entry entry) {
    Map<String, Optional<String>> fields = new LinkedHashMap<>();
    fields.put("title", entry.title());
    fields.put("text", Optional.of(entry.text()));
    fields.put("folder", entry.folder());
    fields.put("queue", entry.queue());
    fields.put("language", entry.language());
    fields.put("valid_from", entry.validFrom().map(Instant::toString));
    fields.put("valid_until", entry.validUntil().map(Instant::toString));
    fields.put("owner", entry.owner());
    return fields;
  }

  /** For people, line by line. */
  List<String> lines(NamedLibrary older, NamedLibrary newer) {
    Map<String, Entry> before = byId(older);
    Map<String, Entry> after = byId(newer);
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
    added.forEach(id -> lines.add("  added      " + id + "  " + shown(after.get(id).text())));
    removed.forEach(id -> lines.add("  removed    " + id + "  " + shown(before.get(id).text())));
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
    effect.ifPresent(measured -> lines.add(measured.line()));
    return lines;
  }

  private static String shown(String text) {
    String line = text.replaceAll("\\s+", " ");
    return line.length() <= SHOWN ? line : TextNorm.beginning(line, SHOWN) + "...";
  }
}
