package dev.repartee.clustering.review;

import dev.repartee.text.UserException;
import dev.repartee.text.answers.PhrasingHash;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.json.Json;
import dev.repartee.text.json.JsonFields;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The file {@code review-state.json} that holds a {@link ReviewMemory}. */
public final class ReviewMemoryFile {

  /** Its usual name. */
  public static final String NAME = "review-state.json";

  private static final int FORMAT = 1;

  private ReviewMemoryFile() {}

  /**
   * Reads {@code file}.
   *
   * @throws UserException naming the file and the field that is missing or wrong
   */
  public static ReviewMemory read(Path file) {
    try {
      JsonNode root = Json.COMPACT.readTree(Files.readString(file));
      long format = JsonFields.integer(root, "format");
      if (format != FORMAT) {
        throw new IllegalArgumentException("format must be " + FORMAT + " but is " + format);
      }
      List<Remembered> all = new ArrayList<>();
      for (JsonNode answer : JsonFields.array(root, "answers")) {
        all.add(remembered(answer, "answers[" + all.size() + "]"));
      }
      return new ReviewMemory(all);
    } catch (NoSuchFileException e) {
      throw new UserException(file + ": no such file", e);
    } catch (IOException e) {
      throw new UserException(file + ": cannot be read: " + e, e);
    } catch (JacksonException e) {
      String what = e.getOriginalMessage().lines().findFirst().orElse("unreadable");
      throw new UserException(file + ": not JSON: " + what + hint(), e);
    } catch (IllegalArgumentException e) {
      throw new UserException(file + ": " + e.getMessage() + hint(), e);
    }
  }

  private static String hint() {
    return "; restore the file, or remove it and keep review.csv, which holds the decisions too";
  }

  private static Remembered remembered(JsonNode json, String place) {
    try {
      String word = JsonFields.optionalText(json, "decision").orElse("");
      Decision.Kind kind =
          Decision.Kind.of(word)
              .orElseThrow(
                  () -> new IllegalArgumentException("decision '" + word + "' is unknown"));
      return new Remembered(
          JsonFields.filledText(json, "id"),
          JsonFields.filledText(json, "text"),
          new Decision(
              kind,
              JsonFields.optionalText(json, "new_text").orElse(""),
              JsonFields.optionalText(json, "merge_into").orElse(""),
              JsonFields.optionalText(json, "note").orElse("")),
          json.path("listed").asBoolean(true),
          phrasings(json.path("phrasings")));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(place + ": " + e.getMessage(), e);
    }
  }

  private static Map<String, Long> phrasings(JsonNode json) {
    Map<String, Long> phrasings = new TreeMap<>();
    for (String hash : json.propertyNames()) {
      if (!PhrasingHash.isHash(hash)) {
        throw new IllegalArgumentException(
            "phrasings has '" + hash + "' but must have 16 hex digits");
      }
      phrasings.put(hash, JsonFields.integer(json, hash));
    }
    return phrasings;
  }

  /**
   * Writes {@code memory} to {@code file} whole or not at all; the same memory gives the same
   * bytes.
   *
   * @throws UserException when the file cannot be written
   */
  public static void write(Path file, ReviewMemory memory) {
    ObjectNode root = Json.PRETTY.createObjectNode();
    root.put("format", FORMAT);
    ArrayNode array = root.putArray("answers");
    for (Remembered one : memory.all()) {
      ObjectNode json = array.addObject();
      json.put("id", one.id()).put("text", one.text());
      Decision decision = one.decision();
      put(json, "decision", decision.kind().word());
      put(json, "new_text", decision.newText());
      put(json, "merge_into", decision.mergeInto());
      put(json, "note", decision.note());
      json.put("listed", one.listed());
      ObjectNode phrasings = json.putObject("phrasings");
      one.phrasings().forEach(phrasings::put);
    }
    try {
      AtomicFile.writeString(file, Json.PRETTY.writeValueAsString(root) + "\n");
    } catch (IOException e) {
      throw new UserException(file + ": cannot be written: " + e, e);
    }
  }

  private static void put(ObjectNode json, String field, String text) {
    if (!text.isEmpty()) {
      json.put(field, text);
    }
  }
}
