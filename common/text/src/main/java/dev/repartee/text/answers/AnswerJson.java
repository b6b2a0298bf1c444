package dev.repartee.text.answers;

import dev.repartee.text.json.JsonFields;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An {@link Answer} as a JSON object. What is not known is not written, and may be missing when
 * read, as it is in files of older versions. Errors are {@link IllegalArgumentException}s that
 * begin with the field.
 */
final class AnswerJson {

  private AnswerJson() {}

  static Answer read(JsonNode json) {
    List<Phrasing> phrasings = new ArrayList<>();
    for (JsonNode phrasing : JsonFields.array(json, "phrasings")) {
      phrasings.add(phrasing(phrasing, "phrasings[" + phrasings.size() + "]"));
    }
    return new Answer(
        JsonFields.filledText(json, "id"),
        JsonFields.filledText(json, "text"),
        JsonFields.integer(json, "count"),
        Math.toIntExact(JsonFields.integer(json, "agents")),
        phrasings,
        use(json),
        texts(json, "hidden_phrasings"));
  }

  private static Phrasing phrasing(JsonNode json, String place) {
    try {
      return new Phrasing(JsonFields.text(json, "text"), JsonFields.integer(json, "count"));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(place + ": " + e.getMessage(), e);
    }
  }

  private static AnswerUse use(JsonNode json) {
    return new AnswerUse(
        json.has("sentences") ? JsonFields.integer(json, "sentences") : 0,
        counts(json, "by_agent"),
        counts(json, "by_domain"),
        counts(json, "by_position"),
        texts(json, "contexts"),
        JsonFields.optionalText(json, "language"));
  }

  private static Map<String, Long> counts(JsonNode json, String field) {
    if (!json.has(field)) {
      return Map.of();
    }
    JsonNode object = json.path(field);
    if (!object.isObject()) {
      throw new IllegalArgumentException(
          field + " must be an object but is " + JsonFields.kind(object));
    }
    Map<String, Long> counts = new LinkedHashMap<>();
    for (String name : object.propertyNames()) {
      try {
        counts.put(name, JsonFields.integer(object, name));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(field + "." + e.getMessage(), e);
      }
    }
    return counts;
  }

  private static List<String> texts(JsonNode json, String field) {
    if (!json.has(field)) {
      return List.of();
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode text : JsonFields.array(json, field)) {
      if (!text.isString()) {
        throw new IllegalArgumentException(
            "%s[%d] must be a string but is %s"
                .formatted(field, texts.size(), JsonFields.kind(text)));
      }
      texts.add(text.stringValue());
    }
    return texts;
  }

  static void write(Answer answer, ObjectNode json) {
    json.put("id", answer.id()).put("text", answer.text());
    json.put("count", answer.count()).put("agents", answer.agents());
    AnswerUse use = answer.use();
    if (use.sentences() > 0) {
      json.put("sentences", use.sentences());
    }
    use.language().ifPresent(language -> json.put("language", language));
    ArrayNode phrasings = json.putArray("phrasings");
    for (Phrasing phrasing : answer.phrasings()) {
      phrasings.addObject().put("text", phrasing.text()).put("count", phrasing.count());
    }
    put(json, "hidden_phrasings", answer.hiddenPhrasings());
    put(json, "by_agent", use.byAgent());
    put(json, "by_domain", use.byDomain());
    put(json, "by_position", use.byPosition());
    put(json, "contexts", use.contexts());
  }

  private static void put(ObjectNode json, String field, List<String> texts) {
    if (!texts.isEmpty()) {
      ArrayNode array = json.putArray(field);
      texts.forEach(array::add);
    }
  }

  private static void put(ObjectNode json, String field, Map<String, Long> counts) {
    if (!counts.isEmpty()) {
      ObjectNode object = json.putObject(field);
      counts.forEach(object::put);
    }
  }
}
