package dev.repartee.finetune.answers;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.repartee.finetune.answers.EditedFile.Reply;
import dev.repartee.text.UserException;
import dev.repartee.text.io.Resources;
import dev.repartee.text.json.Json;
import dev.repartee.text.page.PageHtml;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The page on which people review answers, for browsers of this machine only. Its address has a
 * random token, which no other page or user knows. Another page that guesses the port is refused,
 * too: by the name under which it asks ({@code Host}, against DNS rebinding) and by its own address
 * ({@code Origin}).
 */
final class ReviewPage implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ReviewPage.class);

  private static final String LOOPBACK = "127.0.0.1";
  private static final int TOKEN_BYTES = 16;
  private static final int MOST_BYTES = 64 << 20;

  /** Nothing inline and nothing of elsewhere, so that no text of an answer becomes a script. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:;"
          + " form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

  private static final String JSON = "application/json";

  /**
   * What the page shows.
   *
   * @param files by the name under which the page asks for them
   * @param about what the page says of them
   * @param difference of the library from production
   */
  record Content(
      Map<String, EditedFile> files, ObjectNode about, Optional<Supplier<ObjectNode>> difference) {}

  private record Answer(int status, String type, String text) {

    static Answer json(int status, JsonNode json) {
      return new Answer(status, JSON, Json.COMPACT.writeValueAsString(json));
    }

    static Answer error(int status, String message) {
      return json(status, Json.COMPACT.createObjectNode().put("error", message));
    }

    static Answer resource(Class<?> owner, String name, String type) {
      return new Answer(200, type + "; charset=utf-8", Resources.text(owner, name));
    }
  }

  private final Content content;
  private final Map<String, Answer> resources;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final String token = newToken();

  private ReviewPage(Content content, HttpServer server) {
    this.content = content;
    this.server = server;
    resources =
        Map.of(
            "", Answer.resource(ReviewPage.class, "review.html", "text/html"),
            "review.js", Answer.resource(ReviewPage.class, "review.js", "text/javascript"),
            "edits.js", Answer.resource(ReviewPage.class, "edits.js", "text/javascript"),
            "review.css", Answer.resource(ReviewPage.class, "review.css", "text/css"),
            "page.css", Answer.resource(PageHtml.class, "page.css", "text/css"),
            "about", Answer.json(200, content.about()));
  }

  /**
   * Starts the page on a free port.
   *
   * @throws UserException when none can be opened
   */
  static ReviewPage start(Content content) {
    try {
      InetAddress loopback = InetAddress.ofLiteral(LOOPBACK);
      HttpServer server = HttpServer.create(new InetSocketAddress(loopback, 0), 0);
      ReviewPage page = new ReviewPage(content, server);
      server.setExecutor(page.threads);
      server.createContext("/", page::handle);
      server.start();
      return page;
    } catch (IOException e) {
      throw new UserException("the page cannot be opened: " + e.getMessage(), e);
    }
  }

  private static String newToken() {
    byte[] bytes = new byte[TOKEN_BYTES];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** Where a browser finds the page. */
  URI address() {
    return URI.create("http://%s:%d/%s/".formatted(LOOPBACK, server.getAddress().getPort(), token));
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Answer answer = answer(exchange);
      byte[] body = answer.text().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", answer.type());
      exchange.getResponseHeaders().set("Content-Security-Policy", POLICY);
      exchange.getResponseHeaders().set("Cache-Control", "no-store");
      exchange.getResponseHeaders().set("Referrer-Policy", "no-referrer");
      exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
      exchange.getResponseHeaders().set("Cross-Origin-Resource-Policy", "same-origin");
      exchange.sendResponseHeaders(answer.status(), body.length);
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(body);
      }
    }
  }

  private Answer answer(HttpExchange exchange) {
    try {
      String host = header(exchange, "Host");
      int port = server.getAddress().getPort();
      if (!List.of(LOOPBACK + ":" + port, "localhost:" + port).contains(host)) {
        return Answer.error(421, "this page is at " + LOOPBACK + " and localhost only");
      }
      String origin = header(exchange, "Origin");
      if (!origin.isEmpty() && !origin.equals("http://" + host)) {
        return Answer.error(403, "another page may not ask this one");
      }
      String[] path = exchange.getRequestURI().getPath().split("/", 3);
      if (path.length != 3 || !isToken(path[1])) {
        return Answer.error(404, "open the address that the command printed");
      }
      return switch (exchange.getRequestMethod()) {
        case "GET" -> get(path[2], exchange.getRequestURI().getQuery());
        case "POST" -> post(path[2], exchange, origin);
        default -> Answer.error(405, "only GET and POST are known");
      };
    } catch (UserException | IllegalArgumentException e) {
      return Answer.error(422, e.getMessage());
    } catch (IOException e) {
      return Answer.error(422, "the file cannot be read or written: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Answer.error(503, "the page is being closed");
    } catch (RuntimeException e) {
      log.error("unexpected failure", e);
      return Answer.error(500, e.toString());
    }
  }

  private static String header(HttpExchange exchange, String name) {
    return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name)).orElse("");
  }

  private boolean isToken(String given) {
    // Takes as long for each wrong token, so that time says nothing of the right one.
    return MessageDigest.isEqual(
        given.getBytes(StandardCharsets.UTF_8), token.getBytes(StandardCharsets.UTF_8));
  }

  /** The query is the version that the page knows. */
  private Answer get(String name, String query) {
    if (resources.containsKey(name)) {
      return resources.get(name);
    }
    if (content.files().containsKey(name)) {
      String known = Optional.ofNullable(query).orElse("");
      return new Answer(200, JSON, content.files().get(name).read(known).json());
    }
    if (name.equals("difference") && content.difference().isPresent()) {
      return Answer.json(200, content.difference().get().get());
    }
    return Answer.error(404, "nothing is here");
  }

  private Answer post(String name, HttpExchange exchange, String origin)
      throws IOException, InterruptedException {
    EditedFile file = content.files().get(name);
    if (file == null) {
      return Answer.error(404, "nothing is here");
    }
    if (origin.isEmpty() || !header(exchange, "Content-Type").equals(JSON)) {
      return Answer.error(403, "only the page itself may save");
    }
    byte[] body = exchange.getRequestBody().readNBytes(MOST_BYTES + 1);
    if (body.length > MOST_BYTES) {
      return Answer.error(413, "too much at once; save more often");
    }
    JsonNode json = Json.parse(new String(body, StandardCharsets.UTF_8), "the request");
    Reply reply = file.save(json.path("version").asString(), json);
    return new Answer(reply.isCurrent() ? 200 : 409, JSON, reply.json());
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
