package dev.repartee.infra.endpoints;

import dev.repartee.serving.ServeConfig;
import dev.repartee.serving.SuggestionService;
import dev.repartee.serving.access.Access;
import dev.repartee.serving.access.Access.AgentRule;
import dev.repartee.serving.feedback.FeedbackApi;
import dev.repartee.serving.feedback.FeedbackOptions;
import dev.repartee.serving.operations.ServiceMetrics;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

/** The running service's description of its API; this needs no model. */
final class ServiceApi {

  private ServiceApi() {}

  /**
   * Starts a service and gets its OpenAPI 3.1 document.
   *
   * @param feedback an empty folder
   */
  static JsonNode document(Path feedback) throws IOException, InterruptedException {
    ServeConfig config = new ServeConfig();
    new CommandLine(config)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .parseArgs("--model", "none", "--port", "0", "--admin-port", "0");
    try (ServiceMetrics metrics = new ServiceMetrics();
        FeedbackApi api =
            new FeedbackApi(
                feedback,
                Optional.empty(),
                FeedbackOptions.of(FeedbackOptions.SEGMENT_AGE, false, false),
                metrics);
        SuggestionService service =
            new SuggestionService(
                config,
                new Access(Optional.empty(), Optional.empty(), AgentRule.NONE),
                api,
                metrics);
        HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(service.url().resolve("/v1/openapi.json")).build();
      return Json.COMPACT.readTree(client.send(request, BodyHandlers.ofString()).body());
    }
  }
}
