package dev.repartee.serving.http;

import dev.repartee.serving.predict.RequestException;
import dev.repartee.text.io.Resources;
import dev.repartee.text.json.Json;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * Reads a value by its schema in the description of the API, {@code openapi.json}: that is where
 * the types, bounds and choices of requests are. Lengths of text are in UTF-16 units, as JavaScript
 * counts them. A field that is null counts as absent.
 *
 * <p>Three keywords are not of JSON Schema: {@code x-default} replaces an absent field, {@code
 * x-maxBytes} bounds an object as it is sent, and {@code x-advice} ends the message about a bound.
 * The validators of JSON Schema for Java do not fit: their messages quote values, and they neither
 * replace absent fields nor name unknown ones without refusing them.
 */
public final class JsonSchema {

  private static final JsonNode SCHEMAS =
      Json.COMPACT
          .readTree(Resources.text(JsonSchema.class, "openapi.json"))
          .at("/components/schemas");

  /** The fields of a record are those of its schema; its constructor may refuse what they say. */
  private static final JsonMapper RECORDS =
      Json.COMPACT
          .rebuild()
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
          .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  private static final String INTEGER = "an integer";
  private static final Pattern LONE_SURROGATE = Pattern.compile("\\p{Cs}");

  private final List<String> unknown;

  private JsonSchema(List<String> unknown) {
    this.unknown = unknown;
  }

  /**
   * Reads the record whose schema has its name.
   *
   * @param unknown receives the paths of fields that the schema does not have, which are ignored
   * @throws RequestException naming the field and its bound, and quoting nothing
   */
  public static <T> T read(JsonNode value, Class<T> type, List<String> unknown) {
    JsonNode known = new JsonSchema(unknown).read("", SCHEMAS.path(type.getSimpleName()), value);
    try {
      return RECORDS.treeToValue(known, type);
    } catch (JacksonException e) {
      throw e.getCause() instanceof RequestException refused ? refused : e;
    }
  }

  private JsonNode read(String path, JsonNode declared, JsonNode value) {
    JsonNode schema = resolved(declared);
    JsonNode type = schema.path("type");
    return switch (type.isArray() ? type.get(0).asString() : type.asString()) {
      case "array" -> array(path, schema, value);
      case "object" ->
          schema.has("properties") ? object(path, schema, value) : map(path, schema, value);
      case "string" -> schema.has("enum") ? choice(path, schema, value) : text(path, schema, value);
      case "integer" -> number(path, schema, value, INTEGER);
      case "number" -> number(path, schema, value, "a number");
      default -> {
        require(value.isBoolean(), path, "must be true or false");
        yield value;
      }
    };
  }

  /** What a reference names, which may be beside null. */
  private static JsonNode resolved(JsonNode schema) {
    JsonNode holder = schema.has("anyOf") ? schema.path("anyOf").path(0) : schema;
    String name = holder.path("$ref").asString("");
    return name.isEmpty() ? schema : SCHEMAS.path(name.substring(name.lastIndexOf('/') + 1));
  }

  private ObjectNode object(String path, JsonNode schema, JsonNode value) {
    if (!value.isObject()) {
      throw RequestException.field(path, "must be an object " + fields(schema));
    }
    if (schema.has("x-maxBytes")) {
      int bytes = Json.COMPACT.writeValueAsBytes(value).length;
      requireAtMost(bytes, "x-maxBytes", "bytes", path, schema);
    }
    JsonNode properties = schema.path("properties");
    ObjectNode read = Json.COMPACT.createObjectNode();
    String parent = path.isEmpty() ? "" : path + ".";
    value.forEachEntry(
        (name, field) -> {
          if (!properties.has(name)) {
            unknown.add(parent + name);
          } else if (!field.isNull()) {
            read.set(name, read(parent + name, properties.path(name), field));
          }
        });
    properties.forEachEntry(
        (name, property) -> {
          if (!read.has(name) && property.has("x-default")) {
            read.set(name, property.path("x-default"));
          }
        });
    for (JsonNode required : schema.path("required")) {
      String name = required.asString();
      if (!read.has(name)) { // is refused for its type
        read.set(name, read(parent + name, properties.path(name), value.path(name)));
      }
    }
    return read;
  }

  private ArrayNode array(String path, JsonNode schema, JsonNode value) {
    if (!value.isArray()) {
      String elements = fields(resolved(schema.path("items")));
      throw RequestException.field(
          path, "must be an array of %s; it may be empty".formatted(elements));
    }
    requireAtMost(value.size(), "maxItems", "elements", path, schema);
    ArrayNode read = Json.COMPACT.createArrayNode();
    for (JsonNode element : value) {
      read.add(read(path + "[" + read.size() + "]", schema.path("items"), element));
    }
    return read;
  }

  /** The fields that an object must have, such as {@code {"role", "text"}}. */
  private static String fields(JsonNode schema) {
    return "{" + joined(schema.path("required").valueStream()) + "}";
  }

  private static String joined(Stream<JsonNode> values) {
    return values.map(JsonNode::toString).collect(Collectors.joining(", "));
  }

  private ObjectNode map(String path, JsonNode schema, JsonNode value) {
    require(value.isObject(), path, "must be an object of strings; it may be empty");
    requireAtMost(value.size(), "maxProperties", "keys", path, schema);
    String keys = schema.at("/propertyNames/pattern").asString();
    ObjectNode read = Json.COMPACT.createObjectNode();
    value.forEachEntry(
        (key, one) -> {
          require(key.matches(keys), path, "must have keys that match %s", keys);
          read.set(key, read(path + "." + key, schema.path("additionalProperties"), one));
        });
    return read;
  }

  private static JsonNode text(String path, JsonNode schema, JsonNode value) {
    require(value.isString(), path, "must be a string");
    String text = value.asString();
    int least = schema.path("minLength").asInt(0);
    int most = schema.path("maxLength").asInt();
    require(
        text.length() >= least && text.length() <= most,
        path,
        "must have %d to %d characters but has %d",
        least,
        most,
        text.length());
    String pattern = schema.path("pattern").asString("");
    require(pattern.isEmpty() || text.matches(pattern), path, "must match %s", pattern);
    return StringNode.valueOf(wellFormed(text));
  }

  /** The text with U+FFFD for each half of a surrogate pair, which UTF-8 cannot hold. */
  static String wellFormed(String text) {
    return LONE_SURROGATE.matcher(text).replaceAll("\uFFFD");
  }

  private static JsonNode choice(String path, JsonNode schema, JsonNode value) {
    for (JsonNode one : schema.path("enum")) {
      if (one.equals(value)) {
        return value;
      }
    }
    Stream<JsonNode> choices = schema.path("enum").valueStream().filter(JsonNode::isString);
    throw RequestException.field(path, "must be one of " + joined(choices));
  }

  private static JsonNode number(String path, JsonNode schema, JsonNode value, String kind) {
    JsonNode least = schema.path("minimum");
    JsonNode most = schema.path("maximum");
    boolean isNumber = kind.equals(INTEGER) ? value.isIntegralNumber() : value.isNumber();
    double number = isNumber ? value.asDouble(Double.NaN) : Double.NaN;
    require(
        number >= least.asDouble() && number <= most.asDouble(),
        path,
        "must be %s from %s to %s",
        kind,
        least,
        most);
    return value;
  }

  private static void requireAtMost(
      int size, String keyword, String what, String path, JsonNode schema) {
    int most = schema.path(keyword).asInt();
    String advice = schema.has("x-advice") ? "; " + schema.path("x-advice").asString() : "";
    require(size <= most, path, "must have at most %d %s but has %d%s", most, what, size, advice);
  }

  @SuppressWarnings("AnnotateFormatMethod") // needs another dependency
  private static void require(boolean isRight, String path, String rule, Object... values) {
    if (!isRight) {
      throw RequestException.field(path, rule.formatted(values));
    }
  }
}
