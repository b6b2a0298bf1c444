package dev.repartee.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.engine.suggest.ServingEngine;
import dev.repartee.registry.VersionName;
import dev.repartee.registry.knowledge.VersionBuilder;
import dev.repartee.registry.models.ModelReference;
import dev.repartee.registry.store.ObjectStores;
import dev.repartee.serving.access.Access;
import dev.repartee.serving.access.Access.AgentRule;
import dev.repartee.serving.feedback.FeedbackApi;
import dev.repartee.serving.feedback.FeedbackOptions;
import dev.repartee.serving.feedback.Feedbacks;
import dev.repartee.serving.model.ModelLoader;
import dev.repartee.serving.model.ModelSource;
import dev.repartee.serving.model.ModelSource.VerifiedModel;
import dev.repartee.serving.model.RegistrySource;
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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Stream;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

/** A real service on a free port, with a client. */
public final class RunningService implements AutoCloseable {

  /** Requests wait as long as they do in production, so that a busy machine refuses none. */
  static final PredictionOptions OPTIONS =
      new PredictionOptions(3, PredictionOptions.MAX_WAIT, 8, OptionalLong.of(Long.MAX_VALUE));

  private final Optional<Path> owned;
  private final Access access;
  private final ServiceMetrics metrics;
  private final SuggestionService service;
  private final HttpClient client = HttpClient.newHttpClient();
  private final Optional<ModelReference> library;
  private PredictionOptions options = OPTIONS;

  private RunningService(
      ServeConfig config,
      Access access,
      FeedbackApi feedback,
      ServiceMetrics metrics,
      Optional<Path> owned) {
    this.owned = owned;
    this.access = access;
    this.metrics = metrics;
    this.library = config.library();
    config
        .predictions()
        .maxSessionBytes()
        .ifPresent(
            bytes ->
                options =
                    new PredictionOptions(
                        3, PredictionOptions.MAX_WAIT, 8, OptionalLong.of(bytes)));
    service = new SuggestionService(config, access, feedback, metrics);
  }

  /** These options of {@code serve}, on free ports of this machine and without a time to drain. */
  private static ServeConfig config(String... options) {
    String model = List.of(options).contains("--store") ? "acme@production" : "acme";
    List<String> all = new ArrayList<>(List.of("--model", model, "--drain", "0"));
    all.addAll(List.of("--port", "0", "--admin-port", "0"));
    all.addAll(List.of(options));
    ServeConfig config = new ServeConfig();
    new CommandLine(config)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .parseArgs(all.toArray(String[]::new));
    return config;
  }

  /** Listens, but has no model yet. */
  public static RunningService unready(String... options) {
    return unready(config(options), new Access(Optional.empty(), Optional.empty(), AgentRule.NONE));
  }

  private static RunningService unready(ServeConfig config, Access access) {
    Path folder = temporaryFolder();
    ServiceMetrics metrics = new ServiceMetrics();
    FeedbackApi feedback = new FeedbackApi(folder, Optional.empty(), Feedbacks.IN_SERVICE, metrics);
    return new RunningService(config, access, feedback, metrics, Optional.of(folder));
  }

  /** Listens, but has no model yet; closes the feedback and the metrics. */
  public static RunningService unready(
      FeedbackApi feedback, ServiceMetrics metrics, String... options) {
    ServeConfig config = config(options);
    return new RunningService(config, config.access(Map.of()), feedback, metrics, Optional.empty());
  }

  /**
   * Serves {@code acme@production} of a store, in which its feedback is soon.
   *
   * @param folder for its cache and its feedback
   * @param options of {@code serve}, without those for the store
   */
  static RunningService following(
      Path store, Path folder, Function<Path, ServingEngine> loader, String... options) {
    ServiceMetrics metrics = new ServiceMetrics();
    List<String> all = new ArrayList<>(List.of("--store", store.toString()));
    all.addAll(List.of("--cache", folder.resolve("cache").toString()));
    all.addAll(List.of(options));
    if (!all.contains("--poll")) {
      all.addAll(List.of("--poll", "20ms"));
    }
    FeedbackApi feedback =
        new FeedbackApi(
            folder.resolve("feedback"),
            Optional.of(ObjectStores.openExisting(store.toString())),
            FeedbackOptions.of(Duration.ofMillis(100), false, all.contains("--learn")),
            metrics);
    RunningService service = unready(feedback, metrics, all.toArray(String[]::new));
    try {
      ModelSource source =
          new RegistrySource(
              feedback.store(), ModelReference.parse("acme@production"), folder.resolve("cache"));
      service.load(source, loader);
      service.watch();
      return service;
    } catch (RuntimeException e) {
      service.close();
      throw e;
    }
  }

  /** The same for the callers that {@code access} accepts. */
  public static RunningService unready(
      FeedbackApi feedback, ServiceMetrics metrics, Access access) {
    return new RunningService(config(), access, feedback, metrics, Optional.empty());
  }

  private static Path temporaryFolder() {
    try {
      return Files.createTempDirectory("feedback");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Serves {@code folder} as it is, with these options of {@code serve}. */
  public static RunningService serving(
      Path folder, Function<Path, ServingEngine> loader, String... options) {
    ServeConfig config = config(options);
    return unready(config, config.access(Map.of())).loaded(folder, loader);
  }

  /** Serves {@code folder} to the callers that {@code access} accepts. */
  public static RunningService serving(
      Path folder, Function<Path, ServingEngine> loader, Access access) {
    return unready(config(), access).loaded(folder, loader);
  }

  /** Serves {@code folder} as it is; requests wait for a moment only before they are refused. */
  public static RunningService impatient(Path folder, Function<Path, ServingEngine> loader) {
    RunningService service = unready();
    service.options =
        new PredictionOptions(3, Duration.ofMillis(50), 8, OptionalLong.of(Long.MAX_VALUE));
    return service.loaded(folder, loader);
  }

  private RunningService loaded(Path folder, Function<Path, ServingEngine> loader) {
    ModelSource source =
        progress -> new VerifiedModel(new VersionName("acme", "7"), folder, Optional.empty());
    load(source, loader);
    watch();
    return this;
  }

  public void load(ModelSource source, Function<Path, ServingEngine> loader) {
    service.load(new ModelLoader(source, loader, options, library));
  }

  /** Polls with what {@link #load} was given. */
  void watch() {
    service.watch();
  }

  /** Reads contexts with the model that serves. */
  VersionBuilder.Reader reader() {
    return service::build;
  }

  public URI url(String path) {
    return service.url().resolve(path);
  }

  public URI adminUrl(String path) {
    return service.adminUrl().resolve(path);
  }

  /** Sends a request with these headers, names and values in turn. */
  public HttpResponse<String> get(String path, String... headers) {
    return send(with(HttpRequest.newBuilder(url(path)), headers));
  }

  private static HttpRequest.Builder with(HttpRequest.Builder request, String... headers) {
    return headers.length == 0 ? request : request.headers(headers);
  }

  /** Sends a request to the admin port. */
  public HttpResponse<String> getFromAdmin(String path) {
    return send(HttpRequest.newBuilder(adminUrl(path)));
  }

  public HttpResponse<String> suggest(String json) {
    return post("/v1/suggestions", json);
  }

  /** Sends JSON with these headers more, names and values in turn. */
  public HttpResponse<String> post(String path, String json, String... headers) {
    return send(
        with(HttpRequest.newBuilder(url(path)), headers)
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

  /** The texts that are suggested for a request. */
  List<String> texts(String json) {
    return texts(suggest(json));
  }

  /** The texts that are suggested. */
  public static List<String> texts(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return json(response)
        .path("suggestions")
        .valueStream()
        .map((JsonNode one) -> one.path("text").asString())
        .toList();
  }

  /** Waits until something is so. */
  static void await(BooleanSupplier fact) {
    boolean isSo = fact.getAsBoolean();
    for (int i = 0; i < 3000 && !isSo; i++) {
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
      isSo = fact.getAsBoolean();
    }
    assertThat(isSo).isTrue(); // it may be so for a moment only
  }

  /** Every method and path that is answered. */
  public List<String> routes() {
    return service.routes();
  }

  public static JsonNode json(HttpResponse<String> response) {
    return Json.COMPACT.readTree(response.body());
  }

  /** Stops the service but not the client: a request in flight is still answered. */
  void stop() {
    service.close();
  }

  /** Closes the client first: Jetty waits up to a second for idle connections to close. */
  @Override
  public void close() {
    client.close();
    service.close();
    access.close();
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
