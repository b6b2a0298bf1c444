package dev.repartee.finetune.evaluate;

import dev.repartee.text.UserException;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.conversation.Role;
import dev.repartee.text.io.Sha256;
import dev.repartee.text.json.Json;
import dev.repartee.text.json.JsonFields;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * A file of one JSON object per line, each with a {@code name} of its own.
 *
 * @param sha256 of the file
 * @param values in the order of the file, at least one
 */
public record ObjectLines<T>(String sha256, List<T> values) {

  public ObjectLines {
    values = List.copyOf(values);
  }

  /**
   * Reads {@code file}. Blank lines are skipped.
   *
   * @param known the keys that an object may have
   * @param parse makes a value of an object, or throws {@link IllegalArgumentException}
   * @throws UserException (wrong usage) naming the file, the line and the field
   */
  public static <T> ObjectLines<T> read(
      Path file, List<String> known, Function<JsonNode, T> parse) {
    List<String> lines;
    String sha256;
    try {
      lines = Files.readAllLines(file);
      sha256 = Sha256.of(file);
    } catch (CharacterCodingException e) {
      throw new UserException(file + ": not UTF-8; convert the file to UTF-8", e);
    } catch (IOException e) {
      throw new UserException(file + ": cannot be read: " + e, e);
    }
    List<T> values = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).isBlank()) {
        continue;
      }
      try {
        JsonNode object = object(lines.get(i), known);
        String name = JsonFields.filledText(object, "name");
        if (!names.add(name)) {
          throw new IllegalArgumentException("name '" + name + "' is used twice");
        }
        values.add(parse.apply(object));
      } catch (IllegalArgumentException e) {
        throw UserException.usage(file + ":" + (i + 1) + ": " + e.getMessage());
      }
    }
    if (values.isEmpty()) {
      throw UserException.usage(file + ": is empty; write one JSON object per line");
    }
    return new ObjectLines<>(sha256, values);
  }

  private static JsonNode object(String line, List<String> known) {
    JsonNode object;
    try {
      object = Json.COMPACT.readTree(line);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          "not JSON: " + e.getOriginalMessage().lines().findFirst().orElse("unreadable"), e);
    }
    if (!object.isObject()) {
      throw new IllegalArgumentException("must be an object but is " + JsonFields.kind(object));
    }
    JsonFields.requireKnown(object, known, "");
    return object;
  }

  /** The conversation so far under {@code messages}; may be empty. */
  public static List<Message> messages(JsonNode object) {
    List<Message> messages = new ArrayList<>();
    for (JsonNode message : JsonFields.array(object, "messages")) {
      try {
        messages.add(
            new Message(
                Role.of(JsonFields.text(message, "role")), JsonFields.text(message, "text")));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            e.getMessage() + " (messages[" + messages.size() + "])", e);
      }
    }
    return messages;
  }

  /** An optional text, which may be blank. */
  public static String textOr(JsonNode object, String field, String missing) {
    return object.has(field) ? JsonFields.text(object, field) : missing;
  }
}
