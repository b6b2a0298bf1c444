package dev.repartee.text.answers;

import dev.repartee.text.UserException;
import dev.repartee.text.answers.AnswerLibrary.Entry;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.json.Json;
import dev.repartee.text.json.JsonFields;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The file of an {@link AnswerLibrary}, the content of a library's version: {@code {"format": 1,
 * "entries": [{"id", "title", "text", "folder", "queue", "language", "valid_from", "valid_until",
 * "owner"}], "never": ["..."]}}, in UTF-8. Of an entry only {@code id} and {@code text} are
 * required. A text in several languages is an object, <code>"text": {"en": "...", "nl": "..."}
 * </code>, and has no {@code language} beside it. Times are ISO 8601 with an offset. Unknown keys
 * are ignored.
 */
public final class AnswerLibraryFile {

  /** The name of the file in a version's folder. */
  public static final String FILE = "library.json";

  /** The version of the layout that is written and read. */
  public static final int FORMAT = 1;

  private AnswerLibraryFile() {}

  /**
   * Reads {@code file}.
   *
   * @throws UserException naming the file, the entry and the field that is missing or wrong
   */
  public static AnswerLibrary read(Path file) {
    return read(Json.readFile(file), file.toString());
  }

  /**
   * Reads the text of a file.
   *
   * @param source where it comes from, for the message
   * @throws UserException naming the source, the entry and the field that is missing or wrong
   */
  public static AnswerLibrary parse(String text, String source) {
    return read(Json.parse(text, source), source);
  }

  private static AnswerLibrary read(JsonNode root, String source) {
    try {
      long format = JsonFields.integer(root, "format");
      if (format != FORMAT) {
        throw new IllegalArgumentException(
            "format must be %d but is %d; import the library again".formatted(FORMAT, format));
      }
      List<Entry> entries = new ArrayList<>();
      JsonNode array = JsonFields.array(root, "entries");
      Map<String, Integer> places = new HashMap<>();
      for (int i = 0; i < array.size(); i++) {
        String id = add(array.get(i), "entries[" + i + "]", entries);
        Integer earlier = places.putIfAbsent(id, i);
        if (earlier != null) {
          throw new IllegalArgumentException(
              "entries[%d].id '%s' is already used by entries[%d]".formatted(i, id, earlier));
        }
      }
      return new AnswerLibrary(entries, JsonFields.texts(root, "never"));
    } catch (IllegalArgumentException e) {
      throw new UserException(source + ": " + e.getMessage(), e);
    }
  }

  /** Adds an answer's text, or its text in each language; returns its id. */
  private static String add(JsonNode json, String place, List<Entry> entries) {
    String name = place;
    try {
      String id = JsonFields.filledText(json, "id");
      name = place + " '" + id + "'";
      JsonNode text = json.path("text");
      if (!text.isObject()) {
        Optional<String> language = JsonFields.optionalText(json, "language");
        entries.add(entry(json, id, JsonFields.filledText(json, "text"), language));
        return id;
      }
      if (text.isEmpty()) {
        throw new IllegalArgumentException(
            "text has no language; write a text, or {\"en\": \"...\", \"nl\": \"...\"}");
      }
      if (JsonFields.optionalText(json, "language").isPresent()) {
        throw new IllegalArgumentException("language is given beside a text that names its own");
      }
      Map<String, String> tags = new HashMap<>();
      for (String tag : text.propertyNames()) {
        name = place + " '" + id + "': text." + tag;
        Entry entry = entry(json, id, text(text, tag), Optional.of(tag));
        String other = tags.put(entry.language().orElseThrow(), tag);
        if (other != null) {
          throw new IllegalArgumentException("is the same language as '" + other + "'");
        }
        entries.add(entry);
      }
      return id;
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
    }
  }

  private static String text(JsonNode texts, String tag) {
    JsonNode text = texts.path(tag);
    if (!text.isString() || text.stringValue().isBlank()) {
      throw new IllegalArgumentException(
          text.isString() ? "is blank" : "must be a string but is " + JsonFields.kind(text));
    }
    return text.stringValue();
  }

  private static Entry entry(JsonNode json, String id, String text, Optional<String> language) {
    return new Entry(
        id,
        JsonFields.optionalText(json, "title"),
        text,
        JsonFields.optionalText(json, "folder"),
        JsonFields.optionalText(json, "queue"),
        language,
        time(json, "valid_from"),
        time(json, "valid_until"),
        JsonFields.optionalText(json, "owner"));
  }

  private static Optional<Instant> time(JsonNode json, String field) {
    Optional<String> text = JsonFields.optionalText(json, field);
    try {
      return text.map(value -> OffsetDateTime.parse(value).toInstant());
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "%s must be a time such as '2026-01-31T08:00:00Z' but is '%s'"
              .formatted(field, text.orElseThrow()),
          e);
    }
  }

  /**
   * Writes {@code library} to {@code file} whole or not at all; the same library gives the same
   * bytes.
   *
   * @throws UserException when the file cannot be written
   */
  public static void write(Path file, AnswerLibrary library) {
    ObjectNode root = Json.PRETTY.createObjectNode();
    root.put("format", FORMAT);
    ArrayNode entries = root.putArray("entries");
    for (List<Entry> texts : library.byAnswer().values()) {
      Entry entry = texts.getFirst();
      ObjectNode json = entries.addObject();
      json.put("id", entry.id());
      entry.title().ifPresent(value -> json.put("title", value));
      if (texts.size() == 1) {
        json.put("text", entry.text());
      } else {
        ObjectNode text = json.putObject("text");
        texts.forEach(one -> text.put(one.language().orElseThrow(), one.text()));
      }
      entry.folder().ifPresent(value -> json.put("folder", value));
      entry.queue().ifPresent(value -> json.put("queue", value));
      if (texts.size() == 1) {
        entry.language().ifPresent(value -> json.put("language", value));
      }
      entry.validFrom().ifPresent(value -> json.put("valid_from", value.toString()));
      entry.validUntil().ifPresent(value -> json.put("valid_until", value.toString()));
      entry.owner().ifPresent(value -> json.put("owner", value));
    }
    ArrayNode never = root.putArray("never");
    library.never().forEach(never::add);
    AtomicFile.writeResult(file, Json.PRETTY.writeValueAsString(root) + "\n");
  }
}
