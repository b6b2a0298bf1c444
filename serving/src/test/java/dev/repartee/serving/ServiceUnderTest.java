package dev.repartee.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.engine.suggest.ServingEngine;
import dev.repartee.engine.tokenizer.Gpt2Tokenizer;
import dev.repartee.text.cli.Cli;
import dev.repartee.text.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/**
 * A service in a process of its own, without a neural model where its folder has none, and a client
 * for it.
 */
final class ServiceUnderTest implements AutoCloseable {

  private final Process process;
  private final BufferedReader out;
  private final Path stderr;
  private final HttpClient client = HttpClient.newHttpClient();
  private final URI url;
  private final URI adminUrl;

  private ServiceUnderTest(Process process, Path stderr) throws IOException {
    this.process = process;
    this.stderr = stderr;
    this.out = process.inputReader();
    JsonNode listening = event("listening");
    this.url = URI.create(listening.path("url").asString());
    this.adminUrl = URI.create(listening.path("admin_url").asString());
  }

  /**
   * Starts one that serves {@code acme@production} from {@code store}, and waits until it listens.
   *
   * @param folder for its cache, its feedback and its log
   * @param more options of {@code serve}
   */
  static ServiceUnderTest start(
      Path folder, String store, Map<String, String> environment, String... more)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command(folder, store, more));
    builder.environment().putAll(environment);
    return start(folder, builder);
  }

  /** As {@link #start}, but its files can have at most {@code bytes}, a multiple of 512. */
  static ServiceUnderTest startWithFilesOfAtMost(int bytes, Path folder, String store)
      throws IOException {
    List<String> command = new ArrayList<>();
    // The unit is 512 bytes (POSIX).
    command.addAll(List.of("sh", "-c", "ulimit -f " + bytes / 512 + " && exec \"$@\"", "sh"));
    command.addAll(command(folder, store));
    return start(folder, new ProcessBuilder(command));
  }

  private static ServiceUnderTest start(Path folder, ProcessBuilder builder) throws IOException {
    Path stderr = Files.createTempFile(folder, "stderr", ".log");
    return new ServiceUnderTest(builder.redirectError(stderr.toFile()).start(), stderr);
  }

  private static List<String> command(Path folder, String store, String... more) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Starts faster, and writes no file of the JVM itself that the limit could affect.
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(ServiceUnderTest.class.getName());
    command.addAll(List.of("--store", store, "--model", "acme@production"));
    command.addAll(List.of("--port", "0", "--admin-port", "0"));
    command.addAll(List.of("--cache", folder.resolve("cache").toString()));
    command.addAll(List.of(more));
    return command;
  }

  public static void main(String[] args) {
    System.exit(Cli.run(new ServeCommand((config, passes) -> ServiceUnderTest::load), args));
  }

  private static ServingEngine load(Path folder) {
    return Files.exists(folder.resolve(Gpt2Tokenizer.FILE))
        ? LearnTest.LOADER.apply(folder)
        : StartTest.load(folder);
  }

  private JsonNode event(String event) throws IOException {
    String line = out.readLine();
    assertThat(line).as(() -> "stdout, beside stderr:\n" + errors()).isNotNull();
    JsonNode json = Json.COMPACT.readTree(line);
    assertThat(json.path("event").asString()).isEqualTo(event);
    return json;
  }

  /** Waits for its line of the event {@code ready}. */
  JsonNode awaitReady() throws IOException {
    return event("ready");
  }

  URI url() {
    return url;
  }

  URI adminUrl() {
    return adminUrl;
  }

  /** Sends a request with these headers, names and values in turn. */
  HttpResponse<String> get(String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(url.resolve(path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  /** Sends a request to the admin port, which stays open longest. */
  HttpResponse<String> getFromAdmin(String path) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(adminUrl.resolve(path)).build(), BodyHandlers.ofString());
  }

  HttpResponse<String> post(String path, String json) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(url.resolve(path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json))
            .build(),
        BodyHandlers.ofString());
  }

  /** The version that answers. */
  String version() throws IOException, InterruptedException {
    return RunningService.json(get("/v1/model")).path("version").asString();
  }

  /** What else it prints, once it has ended. */
  List<String> moreOutput() {
    return out.lines().toList();
  }

  /** Everything on stderr so far. */
  String errors() {
    try {
      return Files.readString(stderr);
    } catch (IOException e) {
      return e.toString();
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** As kill -9 does. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Sends SIGTERM, and does not wait. */
  void terminate() {
    process.toHandle().destroy(); // Process.destroy would close the streams, too
  }

  int awaitExit() throws InterruptedException {
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ends").isTrue();
    return process.exitValue();
  }

  @Override
  public void close() {
    client.shutdownNow();
    process.destroyForcibly();
  }
}
