package dev.repartee.serving.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.text.io.Resources;
import dev.repartee.text.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The API only grows: whatever a client of the last release sends is still accepted, and whatever
 * it reads is still there. A release replaces {@code openapi-released.json} by its own document.
 */
class ReleasedApiTest {

  /** The others are the console's own files. */
  private static final Pattern PROMISED = Pattern.compile("/(v1/|health/|repartee-).*");

  private static final String SCHEMAS = "/components/schemas";
  private static final String REQUEST = SCHEMAS + "/SuggestionRequest";

  private static JsonNode released() {
    return Json.COMPACT.readTree(Resources.text(ReleasedApiTest.class, "openapi-released.json"));
  }

  private static ObjectNode current() {
    return (ObjectNode)
        Json.COMPACT.readTree(Resources.text(ReleasedApiTest.class, "openapi.json"));
  }

  /** Compares two documents. */
  private static final class Comparison {
    private final JsonNode before;
    private final JsonNode now;
    private final Set<String> compared = new TreeSet<>();
    private final List<String> broken = new ArrayList<>();

    Comparison(JsonNode before, JsonNode now) {
      this.before = before;
      this.now = now;
      before
          .path("paths")
          .forEachEntry(
              (path, methods) -> {
                if (PROMISED.matcher(path).matches()) {
                  methods.forEachEntry(
                      (method, operation) ->
                          operation(
                              method + " " + path,
                              operation,
                              now.path("paths").path(path).path(method)));
                }
              });
    }

    private void operation(String where, JsonNode old, JsonNode one) {
      if (one.isMissingNode()) {
        broken.add(where + " is gone");
        return;
      }
      content(where + " request", old.path("requestBody"), one.path("requestBody"), true);
      Set<String> parameters = requiredParameters(now, one);
      parameters.removeAll(requiredParameters(before, old));
      if (!parameters.isEmpty()) {
        broken.add(where + " needs the parameters " + parameters);
      }
      old.path("responses")
          .forEachEntry(
              (status, response) -> {
                JsonNode answer = one.path("responses").path(status);
                if (answer.isMissingNode()) {
                  broken.add(where + " " + status + " is gone");
                } else {
                  content(where + " " + status, response, answer, false);
                }
              });
    }

    private static Set<String> requiredParameters(JsonNode document, JsonNode operation) {
      Set<String> names = new TreeSet<>();
      for (JsonNode parameter : operation.path("parameters")) {
        JsonNode one = resolved(document, parameter);
        if (one.path("required").asBoolean(false)) {
          names.add(one.path("name").asString());
        }
      }
      return names;
    }

    private void content(String where, JsonNode old, JsonNode one, boolean sent) {
      old.path("content")
          .forEachEntry(
              (media, content) -> {
                JsonNode other = one.path("content").path(media);
                if (other.isMissingNode()) {
                  broken.add(where + " " + media + " is gone");
                } else {
                  schema(where, content.path("schema"), other.path("schema"), sent);
                }
              });
    }

    private static JsonNode resolved(JsonNode document, JsonNode schema) {
      return schema.has("$ref") ? document.at(schema.path("$ref").asString().substring(1)) : schema;
    }

    /**
     * @param sent whether clients send it: then it must not get narrower, else not wider
     */
    private void schema(String where, JsonNode old, JsonNode one, boolean sent) {
      if (old.has("$ref")) {
        String name = old.path("$ref").asString().replaceFirst(".*/", "");
        if (!compared.add(name + sent)) {
          return;
        }
        schema(name, resolved(before, old), resolved(now, one), sent);
        return;
      }
      JsonNode other = resolved(now, one);
      types(where, old, other, sent);
      bounds(where, old, other, sent);
      required(where, old, other, sent);
      Set<String> values = texts(old.path("enum"));
      values.removeAll(texts(other.path("enum")));
      if (other.has("enum") && !values.isEmpty()) {
        broken.add(where + " lacks the values " + values);
      }
      old.path("properties")
          .forEachEntry(
              (name, property) -> {
                JsonNode field = other.path("properties").path(name);
                if (field.isMissingNode()) {
                  broken.add(where + "." + name + " is gone");
                } else {
                  schema(where + "." + name, property, field, sent);
                }
              });
      if (old.has("items")) {
        schema(where + "[]", old.path("items"), other.path("items"), sent);
      }
      for (int i = 0; i < old.path("anyOf").size(); i++) {
        schema(where, old.path("anyOf").get(i), other.path("anyOf").path(i), sent);
      }
    }

    private void types(String where, JsonNode old, JsonNode one, boolean sent) {
      Set<String> wider = texts(sent ? one.path("type") : old.path("type"));
      Set<String> narrower = texts(sent ? old.path("type") : one.path("type"));
      if (!wider.isEmpty() && !wider.containsAll(narrower)) {
        broken.add(where + " is " + one.path("type") + " and was " + old.path("type"));
      }
    }

    private void bounds(String where, JsonNode old, JsonNode one, boolean sent) {
      if (!sent) {
        return;
      }
      one.forEachEntry(
          (keyword, is) -> {
            JsonNode was = old.path(keyword);
            boolean narrower =
                switch (keyword) {
                  case "maxLength", "maxItems", "maximum", "maxProperties" ->
                      was.isMissingNode() || is.asDouble() < was.asDouble();
                  case "minLength", "minItems", "minimum", "minProperties" ->
                      was.isMissingNode() || is.asDouble() > was.asDouble();
                  case "pattern", "format" -> !is.equals(was);
                  default -> false;
                };
            if (narrower) {
              broken.add(where + " has a narrower " + keyword);
            }
          });
    }

    private void required(String where, JsonNode old, JsonNode one, boolean sent) {
      Set<String> more = texts((sent ? one : old).path("required"));
      more.removeAll(texts((sent ? old : one).path("required")));
      if (!more.isEmpty()) {
        broken.add(where + (sent ? " needs " : " may lack ") + more);
      }
    }

    private static Set<String> texts(JsonNode values) {
      Set<String> texts = new TreeSet<>();
      if (values.isString()) {
        texts.add(values.asString());
      }
      values.forEach(value -> texts.add(value.asString()));
      return texts;
    }
  }

  @Test
  void theApiOnlyGrewSinceTheLastRelease() {
    assertThat(new Comparison(released(), current()).broken)
        .as("see docs/operations.md on what may change")
        .isEmpty();
  }

  private static void assertBreaks(String finding, Consumer<ObjectNode> change) {
    ObjectNode changed = current();
    change.accept(changed);
    assertThat(new Comparison(current(), changed).broken).containsExactly(finding);
  }

  private static ObjectNode at(ObjectNode document, String pointer) {
    return (ObjectNode) document.at(pointer);
  }

  @Test
  void everyChangeThatIsNoAdditionIsFound() {
    assertBreaks("get /v1/model is gone", api -> at(api, "/paths").remove("/v1/model"));
    assertBreaks(
        "post /v1/feedback 202 is gone",
        api -> at(api, "/paths/~1v1~1feedback/post/responses").remove("202"));
    assertBreaks(
        "SuggestionRequest.queue is gone", api -> at(api, REQUEST + "/properties").remove("queue"));
    assertBreaks(
        "SuggestionRequest needs [queue]",
        api -> ((ArrayNode) api.at(REQUEST + "/required")).add("queue"));
    assertBreaks(
        "SuggestionRequest.draft has a narrower maxLength",
        api -> at(api, REQUEST + "/properties/draft").put("maxLength", 100));
    assertBreaks(
        "SuggestionRequest.declined has a narrower pattern",
        api -> at(api, REQUEST + "/properties/declined").put("pattern", "x"));
    assertBreaks(
        "SuggestionRequest.operating_point lacks the values [eager]",
        api -> ((ArrayNode) api.at(REQUEST + "/properties/operating_point/enum")).remove(0));
    assertBreaks(
        "SuggestionRequest.queue is \"string\" and was [\"string\",\"null\"]",
        api -> at(api, REQUEST + "/properties/queue").put("type", "string"));
    assertBreaks(
        "SuggestionResponse may lack [model]",
        api -> ((ArrayNode) api.at(SCHEMAS + "/SuggestionResponse/required")).remove(5));
    assertBreaks(
        "SuggestionResponseItem.text is [\"string\",\"null\"] and was \"string\"",
        api ->
            at(api, SCHEMAS + "/SuggestionResponseItem/properties/text")
                .putArray("type")
                .add("string")
                .add("null"));
    assertBreaks(
        "post /v1/feedback needs the parameters [X-Tenant]",
        api ->
            ((ArrayNode) api.at("/paths/~1v1~1feedback/post/parameters"))
                .addObject()
                .put("name", "X-Tenant")
                .put("required", true));
  }

  @Test
  void additionsAreAllowed() {
    ObjectNode grown = current();
    at(grown, "/paths").set("/v1/more", grown.at("/paths/~1v1~1model").deepCopy());
    at(grown, REQUEST + "/properties").putObject("mood").put("type", "string");
    at(grown, REQUEST + "/properties/draft").put("maxLength", 5000);
    ((ArrayNode) grown.at(REQUEST + "/properties/operating_point/enum")).add("keen");
    ((ArrayNode) grown.at(REQUEST + "/required")).removeAll();
    assertThat(new Comparison(current(), grown).broken).isEmpty();
  }
}
