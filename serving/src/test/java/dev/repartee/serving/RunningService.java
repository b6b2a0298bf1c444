package dev.repartee.serving;

import dev.repartee.serving.feedback.FeedbackOptions;
import dev.repartee.serving.feedback.FeedbackPart;
import dev.repartee.serving.feedback.MeasuredFeedback;
import dev.repartee.serving.http.Address;
import dev.repartee.serving.model.ModelFolder;
import dev.repartee.serving.model.ModelIdentity;
import dev.repartee.serving.model.ModelSource;
import dev.repartee.serving.model.PredictorLoader;
import dev.repartee.serving.operations.ServiceMetrics;
import dev.repartee.serving.predict.PredictionOptions;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** A real service on a free port, and a client for it. */
public final class RunningService implements AutoCloseable {

  static final PredictionOptions OPTIONS = new PredictionOptions(2, Duration.ofMillis(300), 8);

  /** A free port of this machine. */
  public static final Address ADDRESS = new Address("127.0.0.1", 0);

  private final Optional<Path> owned;
  private final ServiceMetrics metrics;
  private final SuggestionService service;
  private final HttpClient client = HttpClient.newHttpClient();

  private RunningService(
      ServiceOptions options, FeedbackPart feedback, ServiceMetrics metrics, Optional<Path> owned) {
    this.owned = owned;
    this.metrics = metrics;
    service = SuggestionService.bind(options, feedback, metrics);
  }

  /** Listens, but has no model yet. */
  public static RunningService unready() {
    return unready(ServiceOptions.open(ADDRESS));
  }

  private static RunningService unready(ServiceOptions options) {
    Path folder = temporaryFolder();
    ServiceMetrics metrics = new ServiceMetrics();
    FeedbackPart feedback =
        FeedbackPart.open(
            folder,
            Optional.empty(),
            FeedbackOptions.defaults(),
            List.of(new MeasuredFeedback(metrics)));
    return new RunningService(options, feedback, metrics, Optional.of(folder));
  }

  /** Takes feedback as {@code feedback} does, which is closed with it, but has no model yet. */
  public static RunningService unready(FeedbackPart feedback) {
    return new RunningService(
        ServiceOptions.open(ADDRESS), feedback, new ServiceMetrics(), Optional.empty());
  }

  private static Path temporaryFolder() {
    try {
      return Files.createTempDirectory("feedback");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Serves {@code folder}, which is taken as it is. */
  public static RunningService serving(Path folder, PredictorLoader loader) {
    return serving(folder, loader, ServiceOptions.open(ADDRESS));
  }

  /** Serves {@code folder} as {@code options} say. */
  public static RunningService serving(
      Path folder, PredictorLoader loader, ServiceOptions options) {
    RunningService running = unready(options);
    running.load(
        progress -> new ModelFolder(new ModelIdentity("acme", "7"), folder, Optional.empty()),
        loader);
    return running;
  }

  public void load(ModelSource source, PredictorLoader loader) {
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
    return post("/v1/suggestions", json);
  }

  public HttpResponse<String> post(String path, String json) {
    return send(
        HttpRequest.newBuilder(url(path))
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

  /** Every method and path that is answered. */
  public List<String> routes() {
    return service.routes();
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
    metrics.close();
    owned.ifPresent(RunningService::delete);
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
