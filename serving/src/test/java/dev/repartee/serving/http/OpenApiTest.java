package dev.repartee.serving.http;

import static dev.repartee.serving.RunningService.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.serving.RunningService;
import dev.repartee.serving.predict.ScriptedPredictor;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The API's description against the API. */
@Timeout(60)
class OpenApiTest {

  @TempDir private Path folder;
  private RunningService service;
  private JsonNode api;

  @BeforeEach
  void start() {
    service = RunningService.serving(folder, path -> new ScriptedPredictor());
    HttpResponse<String> response = service.get("/v1/openapi.json");
    assertThat(response.statusCode()).isEqualTo(200);
    api = json(response);
  }

  @AfterEach
  void stop() {
    service.close();
  }

  private record Described(String method, String path, JsonNode operation) {

    String success() {
      return operation.path("responses").propertyNames().iterator().next();
    }

    JsonNode successSchema() {
      JsonNode content = operation.path("responses").path(success()).path("content");
      return content.path("application/json").path("schema");
    }
  }

  private List<Described> operations() {
    List<Described> all = new ArrayList<>();
    api.path("paths")
        .forEachEntry(
            (path, methods) ->
                methods.forEachEntry(
                    (method, operation) ->
                        all.add(new Described(method.toUpperCase(Locale.ROOT), path, operation))));
    return all;
  }

  @Test
  void everyRouteIsDescribedAndNoOther() {
    assertThat(operations().stream().map(one -> one.method() + " " + one.path()))
        .containsExactlyInAnyOrderElementsOf(
            service.routes().stream().filter(route -> !route.startsWith("BEFORE")).toList());
    assertThat(api.path("openapi").asString()).isEqualTo("3.1.0");
  }

  @Test
  void everyFieldSaysWhatItMeans() {
    Set<String> silent = new TreeSet<>();
    api.at("/components/schemas")
        .forEachEntry(
            (name, schema) ->
                schema
                    .path("properties")
                    .forEachEntry(
                        (field, one) -> {
                          if (one.path("description").asString("").isBlank()) {
                            silent.add(name + "." + field);
                          }
                        }));
    assertThat(silent).isEmpty();
  }

  @Test
  void boundsAreThoseOfTheApi() {
    JsonNode request = api.at("/components/schemas/SuggestionRequest");
    assertThat(request.at("/required").toString()).isEqualTo("[\"messages\"]");
    assertThat(request.at("/properties/messages/maxItems").asInt())
        .isEqualTo(ApiLimits.MAX_MESSAGES);
    assertThat(request.at("/properties/limit/default").asInt()).isEqualTo(ApiLimits.DEFAULT_LIMIT);
    assertThat(request.at("/properties/operating_point/enum").toString())
        .isEqualTo("[\"eager\",\"calm\"]");
    assertThat(api.at("/components/schemas/FeedbackRequest/properties/accepted/type").toString())
        .isEqualTo("[\"integer\",\"null\"]");
  }

  /** Every path is called, with each of its examples, and its answer is as it is described. */
  @Test
  void examplesAreAccepted() {
    int examples = 0;
    for (Described one : operations()) {
      if (one.method().equals("GET")) {
        assertAnswer(one, service.get(one.path()));
      } else {
        JsonNode content = one.operation().at("/requestBody/content/application~1json");
        assertThat(content.path("examples").isEmpty()).as(one.path()).isFalse();
        for (JsonNode example : content.path("examples")) {
          assertFits(one.path(), content.path("schema"), example.path("value"));
          assertAnswer(one, service.post(one.path(), example.path("value").toString()));
          examples++;
        }
      }
    }
    assertThat(examples).isGreaterThanOrEqualTo(4);
  }

  private void assertAnswer(Described one, HttpResponse<String> answer) {
    assertThat(Integer.toString(answer.statusCode())).as(one.path()).isEqualTo(one.success());
    if (!one.successSchema().isMissingNode()) {
      assertFits(one.path(), one.successSchema(), json(answer));
    }
  }

  /** As far as the description's own keywords go: fields, those required, and types. */
  private void assertFits(String where, JsonNode schema, JsonNode value) {
    if (schema.has("$ref")) {
      assertFits(where, api.at(schema.path("$ref").asString().substring(1)), value);
    } else if (schema.has("properties")) {
      assertThat(value.isObject()).as(where).isTrue();
      assertThat(schema.path("properties").propertyNames())
          .as(where)
          .containsAll(value.propertyNames());
      schema
          .path("required")
          .forEach(name -> assertThat(value.has(name.asString())).as(where + name).isTrue());
      value.forEachEntry(
          (name, field) ->
              assertFits(where + "." + name, schema.path("properties").path(name), field));
    } else if (schema.has("items")) {
      assertThat(value.isArray()).as(where).isTrue();
      value.forEach(element -> assertFits(where + "[]", schema.path("items"), element));
    } else if (schema.has("type")) {
      assertThat(schema.path("type").toString()).as(where).contains("\"" + type(value) + "\"");
    }
  }

  private static String type(JsonNode value) {
    return switch (value.getNodeType()) {
      case NUMBER -> value.isIntegralNumber() ? "integer" : "number";
      default -> value.getNodeType().name().toLowerCase(Locale.ROOT);
    };
  }

  @Test
  void thePageNeedsNoOtherServer() {
    HttpResponse<String> page = service.get("/docs");
    assertThat(page.headers().firstValue("Content-Type").orElse("")).startsWith("text/html");
    assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
        .contains("default-src 'none'");
    assertThat(page.body()).contains("v1/openapi.json").doesNotContain("://", "{{");
    assertThat(service.get("/docs").body()).as("a nonce is used once").isNotEqualTo(page.body());
  }
}
