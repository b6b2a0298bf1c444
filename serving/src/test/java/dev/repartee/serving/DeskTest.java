package dev.repartee.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.engine.gpt2.Precision;
import dev.repartee.engine.gpt2.TestDevice;
import dev.repartee.engine.suggest.EngineOptions;
import dev.repartee.engine.suggest.SuggestionEngine;
import dev.repartee.engine.suggest.TinyModel;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What a desk knows of a conversation, from the request to the suggestions of a real engine. */
@Timeout(60)
class DeskTest {

  private static final String NAMED = "Hello {customer_name}, it is about {order_number}.";
  private static final String GERMAN = "Guten Tag, wie kann ich Ihnen helfen?";
  private static final String ENGLISH = "Hello, how can I help you?";

  @TempDir private static Path model;

  @BeforeAll
  static void write() throws IOException {
    TinyModel.writeThatShowsAll(model, TinyModel.answers(NAMED, GERMAN, ENGLISH));
  }

  private static RunningService serve() {
    return RunningService.serving(
        model,
        folder ->
            SuggestionEngine.load(folder, new EngineOptions(TestDevice.compute(Precision.FP32))));
  }

  private static JsonNode ask(RunningService service, String desk) {
    HttpResponse<String> response =
        service.suggest("{\"messages\": [], \"limit\": 20" + desk + "}");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return RunningService.json(response);
  }

  private static List<String> all(JsonNode answer, String field) {
    return answer
        .path("suggestions")
        .valueStream()
        .map((JsonNode one) -> one.path(field).asString())
        .toList();
  }

  @Test
  void metadataFillsWhatIsSuggested() {
    try (RunningService service = serve()) {
      JsonNode filled =
          ask(
              service,
              ", \"metadata\": {\"customer_name\": \" Ann Lee \", \"order_number\": \"A-17\"}");
      assertThat(all(filled, "text")).contains("Hello Ann Lee, it is about A-17.", ENGLISH);
      assertThat(all(filled, "template")).contains(NAMED, ENGLISH);
      assertThat(all(ask(service, ", \"metadata\": {\"order_number\": \"A-17\"}"), "text"))
          .contains(ENGLISH)
          .noneMatch(text -> text.contains("A-17"));
      String blank = ", \"metadata\": {\"customer_name\": \" \", \"order_number\": \"A-17\"}";
      assertThat(all(ask(service, blank), "text")).noneMatch(text -> text.contains("A-17"));
      assertThat(all(ask(service, ""), "text")).containsExactlyInAnyOrder(GERMAN, ENGLISH);
    }
  }

  @Test
  void aCompletionHasItsTemplateToo() {
    try (RunningService service = serve()) {
      String desk =
          ", \"draft\": \"Hello A\", \"metadata\": {\"customer_name\": \"Ann\", \"order_number\": \"A-17\"}";
      JsonNode whole = ask(service, desk);
      assertThat(all(whole, "template")).contains(NAMED);
    }
  }

  @Test
  void theLanguageOfTheDeskIsTheSuggestions() {
    try (RunningService service = serve()) {
      assertThat(all(ask(service, ", \"language\": \"de-AT\""), "text")).containsExactly(GERMAN);
      assertThat(all(ask(service, ", \"language\": \"EN\""), "text")).containsExactly(ENGLISH);
      assertThat(all(ask(service, ", \"language\": null, \"queue\": \"billing\""), "text"))
          .containsExactlyInAnyOrder(GERMAN, ENGLISH);
    }
  }

  @Test
  void everyAnswerHasAnIdOfItsOwn() {
    try (RunningService service = serve()) {
      JsonNode first = ask(service, "");
      JsonNode second = ask(service, "");
      assertThat(first.path("suggestions_id").asString()).isNotBlank();
      assertThat(second.path("suggestions_id")).isNotEqualTo(first.path("suggestions_id"));
      assertThat(first.has("library")).isTrue();
      assertThat(first.path("library").isNull()).as("no library is served").isTrue();
    }
  }
}
