package dev.repartee.serving.http;

import static dev.repartee.serving.RunningService.json;
import static dev.repartee.serving.http.HostileRequests.JSON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.serving.RunningService;
import dev.repartee.serving.predict.CountingPredictor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ProblemsTest {

  private static final String CHUNKED =
      "POST /v1/suggestions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";

  @TempDir private static Path folder;
  private static RunningService service;

  @BeforeAll
  static void start() {
    service = RunningService.serving(folder, path -> new CountingPredictor());
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  private static void assertProblem(HttpResponse<String> response, int status, String detail) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(json(response).path("type").asString()).isEqualTo("about:blank");
    assertThat(json(response).path("status").asInt()).isEqualTo(status);
    assertThat(json(response).path("title").asString()).isNotBlank();
    assertThat(json(response).path("detail").asString()).contains(detail);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}                                             | messages         | must be an array",
        "{\"messages\": {}}                             | messages         | must be an array",
        "{\"messages\": [1]}                            | messages[0]      | must be an object",
        "{\"messages\": [{\"text\": \"a\"}]}            | messages[0].role | \"agent\"",
        "{\"messages\": [{\"role\": \"bot\", \"text\": \"\"}]} | messages[0].role | \"agent\"",
        "{\"messages\": [{\"role\": 3, \"text\": \"a\"}]} | messages[0].role | \"customer\"",
        "{\"messages\": [{\"role\": \"agent\"}]}        | messages[0].text | must be a string",
        "{\"messages\": [], \"draft\": 1}               | draft            | must be a string",
        "{\"messages\": [], \"limit\": 0}               | limit            | from 1 to 20",
        "{\"messages\": [], \"limit\": 21}              | limit            | from 1 to 20",
        "{\"messages\": [], \"limit\": -1}              | limit            | from 1 to 20",
        "{\"messages\": [], \"limit\": 2.5}             | limit            | from 1 to 20",
        "{\"messages\": [], \"limit\": \"3\"}           | limit            | from 1 to 20",
        "{\"messages\": [], \"limit\": 99999999999}     | limit            | from 1 to 20",
        "{\"messages\": [], \"conversation_id\": \"\"}  | conversation_id  | 1 to 200 characters",
        "{\"messages\": [], \"agent_id\": 7}              | agent_id         | must be a string",
        "{\"messages\": [], \"agent_id\": \"\"}         | agent_id         | 1 to 200 characters",
        "{\"messages\": [], \"agent_id\": \" \\t\"}     | agent_id         | must not be blank",
        "{\"messages\": [], \"queue\": 7}               | queue            | must be a string",
        "{\"messages\": [], \"queue\": \" \"}           | queue            | must not be blank",
        "{\"messages\": [], \"language\": \"German\"}    | language         | a tag of BCP 47",
        "{\"messages\": [], \"language\": \"d\"}         | language         | 2 to 35 characters",
        "{\"messages\": [], \"metadata\": []}           | metadata         | must be an object of strings",
        "{\"messages\": [], \"metadata\": {\"A b\": \"\"}} | metadata       | must have keys that match",
        "{\"messages\": [], \"metadata\": {\"a_1\": 7}}  | metadata.a_1     | must be a string",
        "{\"messages\": [], \"answers\": \"some\"}        | answers          | \"worth\"",
        "{\"messages\": [], \"operating_point\": \"CALM\"} | operating_point | \"calm\"",
        "{\"messages\": [], \"declined\": \"yes\"}        | declined         | true or false"
      })
  void wrongFieldsAreNamedWithTheirBound(String body, String field, String rule) {
    HttpResponse<String> response = service.suggest(body);
    assertProblem(response, 400, rule);
    assertThat(json(response).path("detail").asString()).startsWith(field + " ");
    assertThat(json(response).path("field").asString()).isEqualTo(field);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "null", "3", "{\"messages\": []} x", "{'messages': []}"})
  void bodiesThatAreNoJsonObject(String body) {
    assertProblem(service.suggest(body), 400, "the body");
  }

  @Test
  void boundsOfTheDesk() {
    String body = "{\"messages\": [], \"queue\": \"%s\", \"metadata\": {%s}}";
    String queue = "q".repeat(64);
    String value = "\"k%d\": \"" + "v".repeat(200) + "\"";
    String most =
        IntStream.range(0, 20).mapToObj(value::formatted).collect(Collectors.joining(", "));
    assertThat(service.suggest(body.formatted(queue, most)).statusCode()).isEqualTo(200);
    assertProblem(service.suggest(body.formatted(queue + "q", "")), 400, "1 to 64 characters");
    assertProblem(
        service.suggest(body.formatted("q", most + ", \"one_more\": \"\"")),
        400,
        "at most 20 keys but has 21");
    HttpResponse<String> tooLong =
        service.suggest(body.formatted("q", value.formatted(1).replace("\"v", "\"vv")));
    assertProblem(tooLong, 400, "0 to 200 characters but has 201");
    assertThat(json(tooLong).path("field").asString()).isEqualTo("metadata.k1");
    assertThat(tooLong.body()).doesNotContain("vvv");
  }

  @Test
  void bodyThatIsNoJsonIsLocatedButNotQuoted() {
    HttpResponse<String> response = service.suggest("{\"messages\":\n  my secret}");
    assertProblem(response, 400, "line 2, column");
    assertThat(response.body()).doesNotContain("secret");
  }

  @Test
  void invalidUtf8AndDeepNesting() {
    byte[] invalid = "{\"messages\": [], \"draft\": \"?\"}".getBytes(StandardCharsets.UTF_8);
    invalid[invalid.length - 3] = (byte) 0xff;
    assertProblem(post(BodyPublishers.ofByteArray(invalid)), 400, "UTF-8");
    assertProblem(service.suggest("[".repeat(100_000)), 400, "the body");
  }

  @Test
  void limitsOfMessagesAndTexts() {
    assertThat(service.suggest(conversation(500)).statusCode()).isEqualTo(200);
    assertProblem(service.suggest(conversation(501)), 400, "at most 500 elements but has 501");
    String longest = "é".repeat(8000);
    assertThat(service.suggest(message(longest)).statusCode()).isEqualTo(200);
    assertProblem(
        service.suggest(message(longest + "é")), 400, "0 to 8000 characters but has 8001");
    String draft = "d".repeat(4000);
    String body = "{\"messages\": [], \"draft\": \"%s\"}";
    assertThat(service.suggest(body.formatted(draft)).statusCode()).isEqualTo(200);
    assertProblem(service.suggest(body.formatted(draft + "d")), 400, "draft must have 0 to 4000");
  }

  @Test
  void limitOfTheBody() {
    String body = "{\"messages\": []}";
    String largest = body + " ".repeat(JsonBody.MAX_BYTES - body.length());
    assertThat(service.suggest(largest).statusCode()).isEqualTo(200);
    assertProblem(service.suggest(largest + " "), 413, "at most 262144 bytes");
    byte[] chunked = (largest + " ").getBytes(StandardCharsets.UTF_8);
    assertProblem(
        post(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(chunked))),
        413,
        "at most 262144 bytes");
  }

  @Test
  void unknownPathsAndMethods() {
    assertProblem(service.get("/v1/nothing"), 404, "/v1/nothing");
    assertProblem(service.get("/nothing"), 404, "POST /v1/suggestions");
    HttpResponse<String> wrongMethod = service.get("/v1/suggestions");
    assertProblem(wrongMethod, 405, "GET is not allowed here");
    assertThat(wrongMethod.headers().firstValue("Allow")).hasValue("POST");
  }

  @Test
  void otherMediaTypes() {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(service.url("/v1/suggestions"))
            .POST(BodyPublishers.ofString("{\"messages\": []}"));
    assertProblem(service.send(request.copy()), 415, "application/json");
    assertProblem(
        service.send(request.copy().header("Content-Type", "text/plain")), 415, "application/json");
    assertThat(
            service
                .send(request.copy().header("Content-Type", "Application/JSON; charset=utf-8"))
                .statusCode())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "application/json; charset=iso-8859-1 | 415",
        "application/json; charset=utf-16     | 415",
        "application/json; charset=nonsense   | 415",
        "application/json; charset=           | 200",
        "application/json;charset=\"UTF-8\"   | 200"
      })
  void otherCharsetsAreRefused(String contentType, int status) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(service.url("/v1/suggestions"))
            .header("Content-Type", contentType)
            .POST(BodyPublishers.ofString("{\"messages\": []}"));
    HttpResponse<String> response = service.send(request);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.body()).contains(status == 415 ? "must be in UTF-8" : "suggestions");
  }

  @Test
  void otherEncodingsThanUtf8AreRefused() {
    String body = "{\"messages\": [], \"draft\": \"é\"}";
    for (String encoding : List.of("UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-32LE")) {
      HttpResponse<String> response =
          post(BodyPublishers.ofByteArray(body.getBytes(Charset.forName(encoding))));
      assertProblem(response, 400, "UTF-8");
    }
    byte[] overlong = body.getBytes(StandardCharsets.UTF_8);
    overlong[body.indexOf('é')] = (byte) 0xc1; // a slash in two bytes, where one is enough
    assertProblem(
        post(BodyPublishers.ofByteArray(overlong)),
        400,
        "not valid UTF-8 (byte " + (body.indexOf('é') + 1) + ")");
    byte[] marked = ("\uFEFF" + body).getBytes(StandardCharsets.UTF_8);
    assertThat(post(BodyPublishers.ofByteArray(marked)).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "br"})
  void contentEncodingsAreRefused(String encoding) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(service.url("/v1/suggestions"))
            .header("Content-Type", "application/json")
            .header("Content-Encoding", encoding)
            .POST(BodyPublishers.ofString("{\"messages\": []}"));
    assertProblem(service.send(request), 415, "without the header Content-Encoding");
  }

  @Test
  void noHeaderChangesTheMethod() {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(service.url("/v1/suggestions"))
            .header("Content-Type", "application/json")
            .header("X-HTTP-Method-Override", "GET")
            .POST(BodyPublishers.ofString("{\"messages\": []}"));
    assertThat(service.send(request).statusCode()).isEqualTo(200);
    HttpRequest.Builder get =
        HttpRequest.newBuilder(service.url("/v1/model")).header("X-HTTP-Method-Override", "POST");
    assertThat(service.send(get).statusCode()).isEqualTo(200);
  }

  /** A client that is still sending would lose the answer with the connection. */
  @ParameterizedTest
  @CsvSource({"1, false", "1, true", "20, false", "20, true"})
  void whoReadsOnlyAfterSendingALargeBodyGetsTheAnswer(int megabytes, boolean chunked)
      throws IOException {
    int length = megabytes << 20;
    String framing =
        chunked
            ? "Transfer-Encoding: chunked\r\n\r\n%x\r\n".formatted(length)
            : "Content-Length: %d\r\n\r\n".formatted(length);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.url("/").getPort())) {
      OutputStream out = socket.getOutputStream();
      out.write(
          ("POST /v1/suggestions HTTP/1.1\r\nHost: localhost\r\n" + JSON + framing)
              .getBytes(StandardCharsets.US_ASCII));
      out.write(new byte[length]);
      out.write((chunked ? "\r\n0\r\n\r\n" : "").getBytes(StandardCharsets.US_ASCII));
      assertThat(socket.getInputStream().readNBytes(12)).asString().isEqualTo("HTTP/1.1 413");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aLargeBodyIsNotAskedForWhereItsLengthIsKnown(boolean chunked) {
    byte[] body = new byte[2 << 20];
    HttpRequest.BodyPublisher publisher =
        chunked
            ? BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))
            : BodyPublishers.fromPublisher(
                _ -> {
                  throw new IllegalStateException("asked for the body");
                },
                body.length);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(service.url("/v1/suggestions"))
            .header("Content-Type", "application/json")
            .expectContinue(true)
            .POST(publisher);
    assertProblem(service.send(request), 413, "at most 262144 bytes");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /v1/model HTTP/1.1\nHost: localhost\n\n",
        "GET /v1/model HTTP/1.1\r\nHost: localhost\n\r\n",
        "GET /v1/model HTTP/1.1\r\nHost: localhost\r\n\n",
        CHUNKED + "10\n{\"messages\": []}\r\n0\r\n\r\n",
        CHUNKED + "10\r\n{\"messages\": []}\n0\r\n\r\n"
      })
  void linesThatEndInABareLineFeedAreRefused(String request) {
    RawExchange.Outcome outcome =
        RawExchange.send(
            service.url("/"),
            HostileRequests.raw("bare LF", request.getBytes(StandardCharsets.US_ASCII)),
            Duration.ofSeconds(10));
    assertThat(outcome.status()).as(outcome.text()).isEqualTo(400);
  }

  /** Before any of it is sent. */
  @Test
  void aDeclaredLengthThatIsTooLargeIsRefusedAtOnce() {
    byte[] head =
        HostileRequests.head("POST", "/v1/suggestions", JSON + "Content-Length: 99000000000\r\n");
    RawExchange.Outcome outcome =
        RawExchange.send(
            service.url("/"), HostileRequests.raw("99 GB", head), Duration.ofSeconds(10));
    assertThat(outcome.status()).as(outcome.text()).isEqualTo(413);
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://localhost/v1/model", "http://127.0.0.1:8080/v1/model"})
  void absoluteTargetsAreTaken(String target) {
    RawExchange.Outcome outcome =
        RawExchange.send(
            service.url("/"),
            HostileRequests.raw("absolute", HostileRequests.head("GET", target, "")),
            Duration.ofSeconds(10));
    assertThat(outcome.status()).as(outcome.text()).isEqualTo(200);
    assertThat(outcome.text()).contains("\"version\":\"7\"");
  }

  /** The host in the target counts, whatever the header says. */
  @Test
  void anAbsoluteTargetOfAnotherHostIsRefused() {
    RawExchange.Outcome outcome =
        RawExchange.send(
            service.url("/"),
            HostileRequests.raw(
                "absolute", HostileRequests.head("GET", "http://desk.example/v1/model", "")),
            Duration.ofSeconds(10));
    assertThat(outcome.status()).as(outcome.text()).isEqualTo(421);
  }

  /** Half of an emoji, as where a front end cuts a text, is no text in UTF-8. */
  @Test
  void halfOfASurrogatePairIsReplaced() {
    HttpResponse<String> response =
        service.suggest(
            "{\"messages\": [], \"draft\": \"\\ud83d\", \"operating_point\": \"eager\"}");
    assertThat(json(response).at("/suggestions/1/text").asString()).isEqualTo("\uFFFDanswer 0");
  }

  private static HttpResponse<String> post(HttpRequest.BodyPublisher body) {
    return service.send(
        HttpRequest.newBuilder(service.url("/v1/suggestions"))
            .header("Content-Type", "application/json")
            .POST(body));
  }

  private static String conversation(int messages) {
    return IntStream.range(0, messages)
        .mapToObj(i -> "{\"role\": \"agent\", \"text\": \"%d\"}".formatted(i))
        .collect(Collectors.joining(",", "{\"messages\": [", "]}"));
  }

  private static String message(String text) {
    return "{\"messages\": [{\"role\": \"agent\", \"text\": \"%s\"}]}".formatted(text);
  }
}
