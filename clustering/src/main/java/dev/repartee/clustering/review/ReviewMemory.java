package dev.repartee.clustering.review;

import static java.util.Objects.requireNonNull;

import dev.repartee.text.UserException;
import dev.repartee.text.answers.Decision;
import dev.repartee.text.answers.Phrasing;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.json.Json;
import dev.repartee.text.json.JsonFields;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The answers and decisions of earlier extractions, by which the next one recognises its clusters.
 * Answers that went out of use are kept, so that they have the same id if they come back. Stored in
 * the file {@code review-state.json}.
 */
public final class ReviewMemory {

  /** The usual name of the file. */
  public static final String NAME = "review-state.json";

  /** Nothing was extracted before. */
  public static final ReviewMemory EMPTY = new ReviewMemory(List.of());

  private static final int FORMAT = 1;

  private final Map<String, PastAnswer> byId;

  /**
   * An answer of an earlier extraction, or a cluster about which a person decided.
   *
   * @param id the id that it keeps
   * @param text the text that was shown; if a person approved or rejected it, the text that the
   *     person saw
   * @param decision the decision about it
   * @param listed whether it was in the last review file
   * @param phrasings the messages of each phrasing by {@link Phrasing#hash}, since some phrasings
   *     may not be shown
   * @param closed the same for the forms that the phrasings have without public values
   */
  public record PastAnswer(
      String id,
      String text,
      Decision decision,
      boolean listed,
      Map<String, Long> phrasings,
      Map<String, Long> closed) {

    public PastAnswer {
      requireNonNull(id, "id is null");
      requireNonNull(text, "text is null");
      requireNonNull(decision, "decision is null");
      if (text.isBlank()) {
        throw new IllegalArgumentException("text of '" + id + "' is blank");
      }
      phrasings = Collections.unmodifiableMap(new TreeMap<>(phrasings));
      closed = Collections.unmodifiableMap(new TreeMap<>(closed));
    }
  }

  /**
   * Remembers {@code all}, in their order.
   *
   * @throws IllegalArgumentException if two of them share an id, which the message names
   */
  public ReviewMemory(List<PastAnswer> all) {
    Map<String, PastAnswer> entries = new LinkedHashMap<>();
    for (PastAnswer past : all) {
      if (entries.putIfAbsent(past.id(), past) != null) {
        throw new IllegalArgumentException("id '" + past.id() + "' occurs twice");
      }
    }
    byId = Collections.unmodifiableMap(entries);
  }

  public List<PastAnswer> all() {
    return List.copyOf(byId.values());
  }

  public Set<String> ids() {
    return byId.keySet();
  }

  public boolean isEmpty() {
    return byId.isEmpty();
  }

  public Optional<PastAnswer> find(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  /** The decisions and notes, by id. */
  public Map<String, Decision> decisions() {
    Map<String, Decision> decisions = new LinkedHashMap<>();
    for (PastAnswer past : byId.values()) {
      if (!past.decision().equals(Decision.NONE)) {
        decisions.put(past.id(), past.decision());
      }
    }
    return decisions;
  }

  /**
   * Reads {@code file}.
   *
   * @throws UserException naming the file, and the field that is missing or wrong
   */
  public static ReviewMemory read(Path file) {
    try {
      JsonNode root = Json.COMPACT.readTree(Files.readString(file));
      long format = JsonFields.integer(root, "format");
      if (format != FORMAT) {
        throw new IllegalArgumentException("format must be " + FORMAT + " but is " + format);
      }
      return new ReviewMemory(JsonFields.list(root, "answers", ReviewMemory::pastAnswer));
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

  private static PastAnswer pastAnswer(JsonNode json) {
    String word = JsonFields.optionalText(json, "decision").orElse("");
    Decision.Kind kind =
        Decision.Kind.of(word)
            .orElseThrow(() -> new IllegalArgumentException("decision '" + word + "' is unknown"));
    Map<String, Long> phrasings = phrasings(json, "phrasings");
    return new PastAnswer(
        JsonFields.filledText(json, "id"),
        JsonFields.filledText(json, "text"),
        new Decision(
            kind,
            JsonFields.optionalText(json, "new_text").orElse(""),
            JsonFields.optionalText(json, "merge_into").orElse(""),
            JsonFields.optionalText(json, "note").orElse("")),
        json.path("listed").asBoolean(true),
        phrasings,
        json.has("closed") ? phrasings(json, "closed") : phrasings);
  }

  private static Map<String, Long> phrasings(JsonNode answer, String field) {
    JsonNode json = answer.path(field);
    Map<String, Long> phrasings = new TreeMap<>();
    for (String hash : json.propertyNames()) {
      if (!Phrasing.isHash(hash)) {
        throw new IllegalArgumentException(
            field + " has '" + hash + "' but must have 16 hex digits");
      }
      phrasings.put(hash, JsonFields.integer(json, hash));
    }
    return phrasings;
  }

  /**
   * Writes {@code file} whole or not at all. The same memory gives the same bytes.
   *
   * @throws UserException if the file cannot be written
   */
  public void write(Path file) {
    ObjectNode root = Json.PRETTY.createObjectNode();
    root.put("format", FORMAT);
    ArrayNode array = root.putArray("answers");
    for (PastAnswer past : byId.values()) {
      ObjectNode json = array.addObject();
      json.put("id", past.id()).put("text", past.text());
      Decision decision = past.decision();
      put(json, "decision", decision.kind().word());
      put(json, "new_text", decision.newText());
      put(json, "merge_into", decision.mergeInto());
      put(json, "note", decision.note());
      json.put("listed", past.listed());
      ObjectNode phrasings = json.putObject("phrasings");
      past.phrasings().forEach(phrasings::put);
      if (!past.closed().equals(past.phrasings())) {
        ObjectNode closed = json.putObject("closed");
        past.closed().forEach(closed::put);
      }
    }
    AtomicFile.writeResult(file, Json.PRETTY.writeValueAsString(root) + "\n");
  }

  private static void put(ObjectNode json, String field, String text) {
    if (!text.isEmpty()) {
      json.put(field, text);
    }
  }
}
