package dev.repartee.finetune.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.repartee.finetune.testing.CommandRun;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * {@code evaluate --service}: over HTTP, against a server that answers as the service's API says.
 */
class ServicePredictorTest {

  @TempDir private Path temporary;

  private final List<JsonNode> asked = new CopyOnWriteArrayList<>();
  private final AtomicInteger refused = new AtomicInteger(); // so many requests are, with 429
  private HttpServer server;
  private Path conversations;

  /** Offers the rest of "Hello there" from the first letter on. */
  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/v1/suggestions",
        exchange -> {
          JsonNode request = Json.COMPACT.readTree(exchange.getRequestBody().readAllBytes());
          if (refused.getAndDecrement() > 0) {
            exchange.sendResponseHeaders(429, -1);
            exchange.close();
            return;
          }
          asked.add(request);
          String draft = request.path("draft").stringValue();
          String offer =
              "Hello there".startsWith(draft) && !draft.isEmpty()
                  ? "{\"kind\":\"completion\",\"id\":null,\"text\":\"%s\",\"score\":0.5}"
                      .formatted("Hello there".substring(draft.length()))
                  : "";
          byte[] body =
              "{\"suggestions\":[%s],\"complete\":true}"
                  .formatted(offer)
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    conversations =
        Files.writeString(
            temporary.resolve("test.jsonl"),
            "{\"id\": \"c\", \"agent_id\": \"a-3\", \"messages\": [{\"role\": \"customer\","
                + " \"text\": \"hi\"}, {\"role\": \"agent\", \"text\": \"Hello there\"}]}\n");
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private CommandRun evaluate(String... more) {
    return CommandRun.of(new EvaluateCommand(), more, "--conversations=" + conversations);
  }

  private String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  @Test
  void oneRequestAKey() {
    CommandRun run = evaluate("--service=" + url(), "--operating-point=eager");
    assertThat(run.exitCode()).as(run.err()).isZero();
    // H is typed, one offer is read and taken: 1 - (1 + 2 + 1.5) / 11
    assertThat(run.json().at("/rules/net/saved").asDouble()).isEqualTo(59.09);
    // and a key later for who needs a key's time: 1 - (2 + 2 + 1.5) / 11
    assertThat(run.json().at("/rules/steady/saved").asDouble()).isEqualTo(50);
    JsonNode first = asked.getFirst();
    assertThat(first.path("messages").toString())
        .isEqualTo("[{\"role\":\"customer\",\"text\":\"hi\"}]");
    assertThat(first.path("operating_point").asString()).isEqualTo("eager");
    assertThat(run.json().path("operating_point").asString()).isEqualTo("eager");
    assertThat(asked).allMatch(one -> one.path("agent_id").asString().equals("a-3"));
    assertThat(asked).extracting(one -> one.path("draft").asString()).contains("H", "He");
  }

  @Test
  void aBusyServiceIsAskedAgain() {
    refused.set(3);
    CommandRun run = evaluate("--service=" + url());
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.json().at("/rules/net/saved").asDouble()).isEqualTo(59.09);
  }

  @Test
  void anUnreachableServiceAndWrongUseAreNamed() {
    String url = url();
    server.stop(0);
    CommandRun unreachable = evaluate("--service=" + url);
    assertThat(unreachable.exitCode()).isEqualTo(1);
    assertThat(unreachable.err()).contains("/v1/suggestions cannot be reached", "repartee serve");
    CommandRun odd = evaluate("--service=nowhere");
    assertThat(odd.exitCode()).isEqualTo(2);
    assertThat(odd.err()).contains("--service must be a URL such as http://localhost:8080");
    assertThat(evaluate("--service=" + url, "--model=words+knn").err())
        .contains("give one of --model and --service");
  }
}
