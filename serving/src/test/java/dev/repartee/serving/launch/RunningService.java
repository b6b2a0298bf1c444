package dev.repartee.serving.launch;

import dev.repartee.common.json.Json;
import dev.repartee.serving.api.Address;
import dev.repartee.serving.model.ModelFolder;
import dev.repartee.serving.model.ModelIdentity;
import dev.repartee.serving.model.ModelSource;
import dev.repartee.serving.model.PredictorLoader;
import dev.repartee.serving.predict.PredictionOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** A real service on a free port, and a client for it. */
public final class RunningService implements AutoCloseable {

  static final PredictionOptions OPTIONS = new PredictionOptions(2, Duration.ofMillis(300), 8);

  /** A free port of this machine. */
  public static final Address ADDRESS = new Address("127.0.0.1", 0);

  private final SuggestionService service;
  private final HttpClient client = HttpClient.newHttpClient();

  private RunningService(ServiceOptions options) {
    service = SuggestionService.bind(options);
  }

  /** Listens, but has no model yet. */
  public static RunningService unready() {
    return new RunningService(ServiceOptions.open(ADDRESS));
  }

  /** Serves {@code folder}, which is taken as it is. */
  public static RunningService serving(Path folder, PredictorLoader loader) {
    return serving(folder, loader, ServiceOptions.open(ADDRESS));
  }

  /** Serves {@code folder} as {@code options} say. */
  public static RunningService serving(
      Path folder, PredictorLoader loader, ServiceOptions options) {
    RunningService running = new RunningService(options);
    running.load(
        progress -> new ModelFolder(new ModelIdentity("acme", "7"), folder, Optional.empty()),
        loader);
    return running;
  }

  void load(ModelSource source, PredictorLoader loader) {
    service.load(source, loader, OPTIONS);
  }

  void watch(ModelSource source, PredictorLoader loader, Duration interval) {
    service.watch(source, loader, OPTIONS, interval);
  }

  public URI url(String path) {
    return service.url().resolve(path);
  }

  public URI adminUrl(String path) {
    return service.adminUrl().orElseThrow().resolve(path);
  }

  public HttpResponse<String> get(String path) {
    return send(HttpRequest.newBuilder(url(path)));
  }

  public HttpResponse<String> suggest(String json) {
    return send(
        HttpRequest.newBuilder(url("/v1/suggestions"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json)));
  }

  public HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.timeout(Duration.ofSeconds(20)).build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  public static JsonNode json(HttpResponse<String> response) {
    return Json.COMPACT.readTree(response.body());
  }

  /** Stops the service alone: a request in flight is still answered. */
  void stop() {
    service.close();
  }

  /** The client first: Jetty gives connections that idle a second to close by themselves. */
  @Override
  public void close() {
    client.close();
    service.close();
  }
}
