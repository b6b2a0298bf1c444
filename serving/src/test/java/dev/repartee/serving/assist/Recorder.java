package dev.repartee.serving.assist;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * Keeps what it is asked. It stands before a service and answers as that does, or it is a host that
 * lets pages of all origins send whatever they like.
 */
final class Recorder implements AutoCloseable {

  /** Empty headers and bodies where there are none. */
  record Request(String path, String authorization, String conversation, JsonNode body) {}

  final List<Request> requests = new CopyOnWriteArrayList<>();
  private final HttpServer server;
  private final HttpClient client = HttpClient.newHttpClient();
  private final Optional<URI> service;

  Recorder(Optional<URI> service) {
    this.service = service;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::answer);
    server.start();
  }

  /** Browsers know all names below localhost as this machine. */
  String authority(String host) {
    return host + ":" + server.getAddress().getPort();
  }

  /** The requests of a path. */
  List<Request> to(String path) {
    return requests.stream().filter(request -> request.path().equals(path)).toList();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      requests.add(
          new Request(
              exchange.getRequestURI().toString(),
              header(exchange, "Authorization"),
              header(exchange, "Repartee-Conversation"),
              body.length == 0 ? MissingNode.getInstance() : Json.COMPACT.readTree(body)));
      if (service.isPresent() && exchange.getRequestURI().getPath().equals("/v1/answers")) {
        // The service's model is a list of answers, which cannot search.
        JsonNode search = Json.COMPACT.readTree(body);
        byte[] found =
            AssistPage.found(search.path("q").asString()).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, found.length);
        exchange.getResponseBody().write(found);
      } else if (service.isPresent()) {
        forward(exchange, body);
      } else {
        exchange.getResponseHeaders().add("Access-Control-Allow-Origin", "*");
        exchange
            .getResponseHeaders()
            .add(
                "Access-Control-Allow-Headers",
                "Authorization, Content-Type, Repartee-Conversation");
        exchange.sendResponseHeaders(204, -1);
      }
    }
  }

  private void forward(HttpExchange exchange, byte[] body) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(service.orElseThrow().resolve(exchange.getRequestURI()))
            .method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(body));
    for (String name : List.of("Authorization", "Content-Type")) {
      Optional.ofNullable(exchange.getRequestHeaders().getFirst(name))
          .ifPresent(value -> request.header(name, value));
    }
    try {
      HttpResponse<byte[]> response = client.send(request.build(), BodyHandlers.ofByteArray());
      exchange.sendResponseHeaders(
          response.statusCode(), response.body().length == 0 ? -1 : response.body().length);
      exchange.getResponseBody().write(response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private static String header(HttpExchange exchange, String name) {
    return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name)).orElse("");
  }

  @Override
  public void close() {
    server.stop(0);
    client.close();
  }
}
