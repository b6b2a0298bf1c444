package dev.repartee.infra.endpoints;

import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Converts the paths and schemas of the service's OpenAPI 3.1 document to OpenAPI 2.0, which Cloud
 * Endpoints reads. There the body of a request is a parameter, and a schema has one type and {@code
 * x-nullable}. Examples of requests are dropped.
 */
final class Swagger {

  /** Only these paths: pages, probes and the console are not for callers from outside. */
  private static final String PUBLIC = "/v1/";

  private static final String SCHEMAS = "#/components/schemas/";
  private static final String JSON = "application/json";
  private static final Set<String> KEPT =
      Set.of(
          "description",
          "enum",
          "default",
          "minLength",
          "maxLength",
          "pattern",
          "minimum",
          "maximum",
          "minItems",
          "maxItems",
          "required");

  private Swagger() {}

  /** {@code paths} and {@code definitions}. */
  static ObjectNode convert(JsonNode openApi) {
    ObjectNode converted = object();
    ObjectNode paths = converted.putObject("paths");
    openApi
        .path("paths")
        .forEachEntry(
            (path, methods) -> {
              if (path.startsWith(PUBLIC)) {
                ObjectNode operations = paths.putObject(path);
                methods.forEachEntry(
                    (method, one) -> operations.set(method, operation(openApi, one)));
              }
            });
    ObjectNode definitions = converted.putObject("definitions");
    openApi
        .at("/components/schemas")
        .forEachEntry((name, schema) -> definitions.set(name, schema(schema)));
    retainUsed(paths, definitions);
    return converted;
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  private static ObjectNode operation(JsonNode openApi, JsonNode operation) {
    ObjectNode converted = object();
    converted.put("operationId", operation.path("operationId").asString());
    converted.put("summary", operation.path("summary").asString());
    JsonNode body = operation.at("/requestBody/content").path(JSON).path("schema");
    if (body.isObject()) {
      converted.putArray("consumes").add(JSON);
      ObjectNode parameter = converted.putArray("parameters").addObject();
      parameter.put("in", "body").put("name", "body").put("required", true);
      parameter.set("schema", schema(body));
    }
    ArrayNode produces = converted.putArray("produces");
    ObjectNode responses = converted.putObject("responses");
    operation
        .path("responses")
        .forEachEntry(
            (status, given) -> {
              JsonNode answer =
                  given.has("$ref")
                      ? openApi.at(given.path("$ref").asString().substring(1))
                      : given;
              ObjectNode response = responses.putObject(status);
              response.put("description", answer.path("description").asString());
              answer
                  .path("content")
                  .forEachEntry(
                      (media, content) -> {
                        if (produces.valueStream().noneMatch(one -> one.asString().equals(media))) {
                          produces.add(media);
                        }
                        if (content.has("schema")) {
                          response.set("schema", schema(content.get("schema")));
                        }
                      });
              headers(answer.path("headers"), response);
            });
    return converted;
  }

  private static void headers(JsonNode headers, ObjectNode response) {
    headers.forEachEntry(
        (name, header) ->
            response
                .withObjectProperty("headers")
                .putObject(name)
                .put("type", "string")
                .put("description", header.path("description").asString()));
  }

  private static ObjectNode schema(JsonNode schema) {
    ObjectNode converted = object();
    if (schema.has("anyOf")) { // of a schema and null
      ObjectNode inner = schema(schema.path("anyOf").get(0));
      converted.putArray("allOf").add(inner);
      converted.put("x-nullable", true);
    } else if (schema.has("$ref")) {
      String name = schema.path("$ref").asString().substring(SCHEMAS.length());
      converted.put("$ref", "#/definitions/" + name);
      return converted; // whatever is beside a reference is ignored
    }
    JsonNode type = schema.path("type");
    if (type.isArray()) {
      converted.put("type", type.get(0).asString()).put("x-nullable", true);
    } else if (type.isString()) {
      converted.put("type", type.asString());
    }
    schema.forEachEntry(
        (keyword, value) -> {
          switch (keyword) {
            case "properties" -> {
              ObjectNode properties = converted.putObject(keyword);
              value.forEachEntry((name, one) -> properties.set(name, schema(one)));
            }
            case "items", "additionalProperties" -> converted.set(keyword, schema(value));
            default -> {
              if (KEPT.contains(keyword)) {
                converted.set(keyword, value.deepCopy());
              }
            }
          }
        });
    return converted;
  }

  private static void retainUsed(ObjectNode paths, ObjectNode definitions) {
    int before;
    do {
      before = definitions.size();
      String text = paths.toString() + definitions;
      definitions.propertyNames().stream()
          .filter(name -> !text.contains("\"#/definitions/" + name + "\""))
          .toList()
          .forEach(definitions::remove);
    } while (definitions.size() < before);
  }
}
