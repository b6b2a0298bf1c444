package dev.repartee.serving.http;

import static dev.repartee.serving.RunningService.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.microsoft.playwright.Locator.GetByTextOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import dev.repartee.engine.memory.DraftCheck;
import dev.repartee.engine.suggest.Suggestion;
import dev.repartee.registry.VersionName;
import dev.repartee.registry.feedback.FeedbackRecord;
import dev.repartee.registry.feedback.ReplyEvents;
import dev.repartee.registry.knowledge.BuiltFrom;
import dev.repartee.serving.RunningService;
import dev.repartee.serving.feedback.Feedbacks;
import dev.repartee.serving.http.AnswersApi.AnswersRequest;
import dev.repartee.serving.model.ExperimentWatch;
import dev.repartee.serving.operations.ServiceMetrics.SavedTyping;
import dev.repartee.serving.predict.CountingPredictor;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.testing.Chromium;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Compares the description of the API with the API itself. */
@Timeout(60)
class OpenApiTest {

  @TempDir private Path folder;
  private RunningService service;
  private JsonNode api;

  @BeforeEach
  void start() {
    service = RunningService.serving(folder, path -> new CountingPredictor());
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
  void boundsAreThoseOfTheApi() {
    assertThat(api.at("/info/description").asString())
        .contains("A body may have " + JsonBody.MAX_BYTES + " bytes");
    assertThat(operations().stream().filter(one -> one.method().equals("POST")))
        .isNotEmpty()
        .allSatisfy(
            one ->
                assertThat(
                        api.at(one.operation().at("/responses/413/$ref").asString().substring(1))
                            .path("description")
                            .asString())
                    .contains("over " + JsonBody.MAX_BYTES + " bytes"));
    JsonNode events = api.at("/components/schemas/FeedbackRequestEvents");
    assertThat(events.path("x-maxBytes").asInt()).isEqualTo(ReplyEvents.MOST_BYTES);
    assertThat(events.at("/properties/actions/maxItems").asInt())
        .isEqualTo(ReplyEvents.MOST_ACTIONS);
  }

  /** A request's field without one could be of any size. */
  @Test
  void everyFieldOfARequestIsBounded() {
    for (String name : List.of("SuggestionRequest", "AnswersRequest", "FeedbackRequest")) {
      assertBounded(name, api.at("/components/schemas/" + name));
    }
  }

  private void assertBounded(String where, JsonNode schema) {
    String reference = schema.path("$ref").asString(schema.at("/anyOf/0/$ref").asString(""));
    if (!reference.isEmpty()) {
      assertBounded(where, api.at(reference.substring(1)));
      return;
    }
    String type = schema.path("type").asString(schema.at("/type/0").asString(""));
    List<String> bounds =
        switch (type) {
          case "string" -> List.of("maxLength", "enum");
          case "array" -> List.of("maxItems");
          case "object" -> List.of("properties", "maxProperties");
          default -> List.of("maximum");
        };
    assertThat(type.equals("boolean") || bounds.stream().anyMatch(schema::has)).as(where).isTrue();
    schema
        .path("properties")
        .forEachEntry((field, inner) -> assertBounded(where + "." + field, inner));
    for (String content : List.of("items", "additionalProperties")) {
      if (schema.has(content)) {
        assertBounded(where + " " + content, schema.path(content));
      }
    }
  }

  private static final String MODEL_IDENTITY = "ModelIdentity";

  /** The records that are read and written, by the name of their schema. */
  private static final Map<String, Class<?>> RECORDS =
      Map.ofEntries(
          Map.entry("AnswersRequest", AnswersRequest.class),
          Map.entry("AnswersResponse", AnswersApi.AnswersResponse.class),
          Map.entry("AnswersResponseItem", AnswersApi.AnswerItem.class),
          Map.entry("BuiltFrom", BuiltFrom.class),
          Map.entry("CheckResponse", SuggestionApi.CheckResponse.class),
          Map.entry("CheckResponseFinding", DraftCheck.Finding.class),
          Map.entry("ExperimentStatus", ExperimentWatch.ExperimentStatus.class),
          Map.entry("FeedbackRequest", feedback("FeedbackRequest")),
          Map.entry("FeedbackRequestAction", ReplyEvents.Action.class),
          Map.entry("FeedbackRequestEvents", ReplyEvents.class),
          Map.entry("FeedbackRequestShown", FeedbackRecord.Shown.class),
          Map.entry("FeedbackResponse", feedback("FeedbackApi$FeedbackResponse")),
          Map.entry("LibraryIdentity", VersionName.class),
          Map.entry("LibraryResponse", SuggestionApi.LibraryResponse.class),
          Map.entry("Liveness", HealthApi.Liveness.class),
          Map.entry("Message", Message.class),
          Map.entry(MODEL_IDENTITY, VersionName.class),
          Map.entry("ModelResponse", SuggestionApi.ModelResponse.class),
          Map.entry("Problem", ProblemMapper.Problem.class),
          Map.entry("Readiness", HealthApi.Readiness.class),
          Map.entry("SavedTyping", SavedTyping.class),
          Map.entry("SuggestionRequest", SuggestionRequest.class),
          Map.entry("SuggestionResponse", SuggestionApi.SuggestionResponse.class),
          Map.entry("SuggestionResponseItem", Suggestion.Printed.class),
          Map.entry("SuggestionResponseTimings", SuggestionApi.SuggestionTimings.class));

  /** A record that is private to its package. */
  private static Class<?> feedback(String name) {
    try {
      return Class.forName("dev.repartee.serving.feedback." + name);
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void schemasAreThoseOfTheRecords() {
    JsonNode schemas = api.at("/components/schemas");
    assertThat(schemas.propertyNames()).containsExactlyInAnyOrderElementsOf(RECORDS.keySet());
    RECORDS.forEach(
        (name, type) -> {
          JsonNode properties = schemas.path(name).path("properties");
          List<String> required = new ArrayList<>();
          List<String> fields = new ArrayList<>();
          for (RecordComponent component : type.getRecordComponents()) {
            String field = jsonName(component);
            if (type == Message.class && List.of("context_only", "agent_id").contains(field)) {
              continue; // keys of files, which requests do not have
            }
            if (type == ReplyEvents.class && field.equals("experiment")) {
              continue; // which the service adds
            }
            fields.add(field);
            JsonNode schema = properties.path(field);
            // Not the keyword "default", with which generators of types make a field required.
            boolean hasDefault = schema.path("description").asString("").contains("Default: ");
            if (component.getType() != Optional.class && !hasDefault) {
              required.add(field);
            }
            assertThat(schema.has("default")).as(name + "." + field).isFalse();
            if (schema.path("x-default").isNumber()) {
              assertThat(schema.path("description").asString())
                  .endsWith("Default: " + schema.path("x-default") + ".");
            }
            if (component.getGenericType().getTypeName().contains("VersionName")) {
              boolean library = field.equals("library") || name.equals("LibraryResponse");
              assertThat(schema.toString())
                  .as(name + "." + field)
                  .contains(library ? "LibraryIdentity" : MODEL_IDENTITY);
            }
            assertThat(typeOf(schema))
                .as(name + "." + field)
                .isEqualTo(typeOf(component.getGenericType()));
            if (component.getType().isEnum()) {
              assertThat(schema.path("enum").valueStream().map(JsonNode::asString))
                  .as(name + "." + field)
                  .containsExactlyElementsOf(names(component.getType().getEnumConstants()));
            }
          }
          assertThat(properties.propertyNames()).as(name).containsExactlyElementsOf(fields);
          assertThat(schemas.path(name).path("required").valueStream().map(JsonNode::asString))
              .as(name)
              .containsExactlyElementsOf(required);
        });
  }

  private static List<String> names(Object[] constants) {
    return Arrays.stream(constants).map(one -> one.toString().toLowerCase(Locale.ROOT)).toList();
  }

  /** The name in JSON: as annotated in responses, in snake case in requests, which code reads. */
  private static String jsonName(RecordComponent component) {
    return Optional.ofNullable(component.getAccessor().getAnnotation(JsonProperty.class))
        .map(JsonProperty::value)
        .orElseGet(() -> component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT));
  }

  /** The type in words, such as {@code array of Message} or {@code string or null}. */
  private static String typeOf(JsonNode schema) {
    if (schema.has("$ref")) {
      String name = schema.path("$ref").asString().replace("#/components/schemas/", "");
      return RECORDS.get(name) == VersionName.class ? MODEL_IDENTITY : name;
    }
    String alternatives =
        Stream.concat(
                schema.path("type").valueStream().map(JsonNode::asString),
                schema.path("anyOf").valueStream().map(OpenApiTest::typeOf))
            .collect(Collectors.joining(" or "));
    String type = alternatives.isEmpty() ? schema.path("type").asString("any") : alternatives;
    for (String content : List.of("items", "additionalProperties")) {
      type += schema.has(content) ? " of " + typeOf(schema.path(content)) : "";
    }
    return type;
  }

  private static String typeOf(Type type) {
    if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      String content = typeOf(arguments[arguments.length - 1]);
      return switch (((Class<?>) generic.getRawType()).getSimpleName()) {
        case "Optional" -> content.equals("any") ? content : content + " or null";
        case "List" -> "array of " + content;
        default -> "object of " + content;
      };
    }
    Class<?> plain = (Class<?>) type;
    if (plain == VersionName.class) { // clients know it by two names
      return MODEL_IDENTITY;
    }
    if (plain.isRecord()) {
      return RECORDS.entrySet().stream()
          .filter(named -> named.getValue() == plain)
          .findFirst()
          .orElseThrow()
          .getKey();
    }
    return switch (plain.getSimpleName()) {
      case "JsonNode" -> "any";
      case "boolean", "Boolean" -> "boolean";
      case "double", "Double" -> "number";
      case "int", "Integer", "long" -> "integer";
      default -> "string"; // enums too
    };
  }

  /** Calls every path with each of its examples and compares the answer with its description. */
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

  /** Checks the fields, the required ones and the types. */
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

  /** Misspelled, or of a newer front end: neither is refused, and neither is silent. */
  @Test
  void fieldsThatAreNotDescribedAreNamedInTheAnswer() {
    String request =
        "{\"messages\": [{\"role\": \"agent\", \"text\": \"Hi\", \"txt\": 1}],"
            + " \"metadata\": {\"my_own\": \"x\"}, \"agentId\": {\"messages\": 1}}";
    for (String path : List.of("/v1/suggestions", "/v1/check", "/v1/answers")) {
      assertThat(warnings(service.post(path, request)))
          .as(path)
          .containsExactly(
              "messages[0].txt is not known: ignored", "agentId is not known: ignored");
    }
    assertThat(warnings(service.get("/v1/answers?q=a&page=2")))
        .containsExactly("page is not known: ignored");
    String feedback = Feedbacks.body("f-1");
    assertThat(warnings(service.post("/v1/feedback", feedback))).isEmpty();
    assertThat(
            warnings(
                service.post(
                    "/v1/feedback",
                    feedback
                        .replace("\"f-1\",", "\"f-2\", \"mood\": null,")
                        .replace(
                            "{\"action\":\"displayed\"", "{\"x\":0,\"action\":\"displayed\""))))
        .containsExactly("mood is not known: ignored", "events.actions[0].x is not known: ignored");
    assertThat(service.getFromAdmin("/metrics").body())
        .contains("\nrepartee_unknown_fields_total 9.0\n");

    String name = "x".repeat(300);
    String many =
        IntStream.range(0, 50)
            .mapToObj(i -> "\"%d%s\": 0".formatted(i, name))
            .collect(Collectors.joining(", ", "{\"messages\": [], ", "}"));
    assertThat(warnings(service.suggest(many)))
        .hasSize(10)
        .allSatisfy(warning -> assertThat(warning).hasSizeLessThan(110));
  }

  private static List<String> warnings(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isIn(200, 202);
    return json(answer).path("warnings").valueStream().map(JsonNode::asString).toList();
  }

  @Test
  void thePageShowsEveryOperation() {
    try (Chromium chromium = Chromium.start();
        Page page = chromium.browser().newPage()) {
      page.navigate(service.url("/docs").toString());
      for (Described one : operations()) {
        String title = one.method() + " " + one.path();
        PlaywrightAssertions.assertThat(
                page.locator("section h2").getByText(title, new GetByTextOptions().setExact(true)))
            .isVisible();
      }
      PlaywrightAssertions.assertThat(page.locator("section h2"))
          .hasCount(operations().size() + RECORDS.size());
    }
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
