package dev.repartee.serving.http;

import dev.repartee.text.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Writes the OpenAPI 3.1 document of a service from the sections of its parts. */
public final class OpenApiDocument {

  private static final String VERSION = "3.1.0";

  private final Schemas schemas;
  private final Map<String, Map<String, Object>> paths = new LinkedHashMap<>();

  private OpenApiDocument(List<Section> sections) {
    Map<Class<? extends Record>, Map<String, Note>> notes = new LinkedHashMap<>();
    sections.forEach(section -> notes.putAll(section.notes()));
    schemas = new Schemas(notes);
    sections.forEach(section -> section.operations().forEach(this::add));
  }

  /**
   * The document, in UTF-8.
   *
   * @param info title, version and the like, as OpenAPI's Info Object has them
   */
  public static byte[] write(Map<String, String> info, List<Section> sections) {
    OpenApiDocument document = new OpenApiDocument(sections);
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("openapi", VERSION);
    root.put("info", info);
    root.put("paths", document.paths);
    root.put("components", Map.of("schemas", document.schemas.components()));
    return Json.COMPACT.writeValueAsBytes(root);
  }

  private void add(Operation operation) {
    Map<String, Object> described = new LinkedHashMap<>();
    described.put("operationId", operation.id());
    described.put("summary", operation.summary());
    operation.body().ifPresent(body -> described.put("requestBody", request(body)));
    Map<String, Object> responses = new LinkedHashMap<>();
    operation.answers().forEach(one -> responses.put(Integer.toString(one.status()), answer(one)));
    described.put("responses", responses);
    Map<String, Object> methods =
        paths.computeIfAbsent(operation.path(), unseen -> new LinkedHashMap<>());
    if (methods.put(operation.method().toLowerCase(Locale.ROOT), described) != null) {
      throw new IllegalStateException(
          operation.method() + " " + operation.path() + " is described twice");
    }
  }

  private Map<String, Object> request(Body body) {
    Map<String, Object> content = new LinkedHashMap<>();
    content.put("schema", schemas.reference(body.type()));
    if (!body.examples().isEmpty()) {
      Map<String, Map<String, JsonNode>> examples = new LinkedHashMap<>();
      body.examples().forEach((shows, value) -> examples.put(shows, Map.of("value", value)));
      content.put("examples", examples);
    }
    return Map.of("required", true, "content", Map.of("application/json", content));
  }

  private Map<String, Object> answer(Answer answer) {
    Map<String, Object> described = new LinkedHashMap<>();
    described.put("description", answer.when());
    if (!answer.headers().isEmpty()) {
      Map<String, Object> headers = new LinkedHashMap<>();
      answer
          .headers()
          .forEach(
              (name, says) ->
                  headers.put(
                      name, Map.of("description", says, "schema", Map.of("type", "string"))));
      described.put("headers", headers);
    }
    Map<String, Object> media = new LinkedHashMap<>();
    answer.type().ifPresent(type -> media.put("schema", schemas.reference(type)));
    described.put("content", Map.of(answer.mediaType(), media));
    return described;
  }
}
