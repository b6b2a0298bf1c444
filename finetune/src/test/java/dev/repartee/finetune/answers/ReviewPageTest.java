package dev.repartee.finetune.answers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.finetune.testing.CommandRun;
import dev.repartee.text.answers.AnswerLibrary.Entry;
import dev.repartee.text.answers.AnswerLibraryFile;
import dev.repartee.text.answers.Decision;
import dev.repartee.text.answers.ReviewRow;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The page over HTTP, without a browser. */
@Timeout(60)
class ReviewPageTest {

  private static final String REVIEW =
      "\ufeffdecision,new_text,merge_into,note,id,text,messages,agents,asked,phrasings,customer_message\r\n"
          + ",,,,hello,\"Hello, how can I help you?\",90,5,Ann,\"Hello, how can I help you? |"
          + " Hi\",Where is my parcel?\r\n"
          + ",,,,hi,\"Hello, how may I help you?\",40,4,,\"Hello, how may I help you?\"\r\n"
          + "approve,,,,bye,Good bye.,30,3,,Good bye.\r\n"
          + "reject,,,,sale,'=Get 50% off!,20,3,,'=Get 50% off!\r\n";

  private static final String LIBRARY =
      """
      {"format": 1, "kept": "yes", "entries": [
        {"id": "hours", "text": "We are here all day.", "shelf": 7},
        {"id": "refund", "text": {"en": "We refund it.", "nl": "Wij betalen het terug."}, "owner": "a-3"}],
       "never": ["50% off"]}
      """;

  @TempDir private Path folder;
  private Path review;
  private Path library;
  private ReviewPage page;

  @BeforeEach
  void open() throws IOException {
    Path evaluation =
        Files.writeString(
            folder.resolve("evaluation.json"),
            "{\"operating_point\": \"calm\", \"answers\": {\"hi\": 12}}");
    review = Files.writeString(folder.resolve("review.csv"), REVIEW);
    library = Files.writeString(folder.resolve("library.json"), LIBRARY);
    Map<String, EditedFile> files = new LinkedHashMap<>();
    files.put("review", new ReviewTable(review, Optional.of(evaluation)));
    files.put("library", new LibraryTable(library));
    page =
        ReviewPage.start(
            new ReviewPage.Content(files, Json.COMPACT.createObjectNode(), Optional.empty()));
  }

  @AfterEach
  void close() {
    page.close();
  }

  private record Response(int status, JsonNode json) {}

  private static Response send(HttpRequest.Builder request) {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
      return new Response(response.statusCode(), Json.COMPACT.readTree(response.body()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private Response get(String path) {
    return send(HttpRequest.newBuilder(page.address().resolve(path)));
  }

  private String origin() {
    return "http://" + page.address().getAuthority();
  }

  private Response save(String file, Object version, Map<String, ?> changes) {
    Map<String, Object> body = new LinkedHashMap<>(changes);
    body.put("version", version);
    return send(
        HttpRequest.newBuilder(page.address().resolve(file))
            .header("Content-Type", "application/json")
            .header("Origin", origin())
            .POST(BodyPublishers.ofString(Json.COMPACT.writeValueAsString(body))));
  }

  private static Map<String, Object> row(
      String id, String decision, String newText, String mergeInto) {
    return Map.of(
        "id", id, "decision", decision, "new_text", newText, "merge_into", mergeInto, "note", "");
  }

  private String version(String file) {
    return get(file).json().path("version").asString();
  }

  @Test
  void aDecisionChangesItsCellsAndNothingElse() throws IOException {
    JsonNode read = get("review").json();
    assertThat(read.path("rows").size()).isEqualTo(4);
    assertThat(read.at("/rows/0/phrasings/1").asString()).isEqualTo("Hi");
    assertThat(read.at("/rows/0/customer_message").asString()).isEqualTo("Where is my parcel?");
    assertThat(read.at("/rows/0/evaluated").asInt()).isZero();
    assertThat(read.at("/rows/1/evaluated").asInt()).isEqualTo(12);
    assertThat(read.at("/rows/3/text").asString()).isEqualTo("=Get 50% off!");
    assertThat(read.path("groups").toString()).isEqualTo("[[0,1],[2],[3]]");
    String version = read.path("version").asString();
    Response saved =
        save(
            "review",
            version,
            Map.of(
                "rows",
                List.of(
                    row("hello", "edit", "Hello; how are you?", ""),
                    row("hi", "merge", "", "hello"))));
    assertThat(saved.status()).isEqualTo(200);
    assertThat(Files.readString(review))
        .isEqualTo(
            REVIEW
                .replace(",,,,hello", "edit,Hello; how are you?,,,hello")
                .replace(",,,,hi", "merge,,hello,,hi"));
    assertThat(ReviewRow.read(review))
        .extracting(ReviewRow::decision)
        .startsWith(
            new Decision(Decision.Kind.EDIT, "Hello; how are you?", "", ""),
            new Decision(Decision.Kind.MERGE, "", "hello", ""));
    assertThat(saved.json().path("version").asString()).isEqualTo(version("review"));
    assertThat(get("review?" + version("review")).json().has("rows")).isFalse();
  }

  @Test
  void aSaveOverWhatAnotherPersonSavedIsRefusedWithTheirs() throws IOException {
    String version = version("review");
    String theirs = REVIEW.replace(",,,,hi", "reject,,,they,hi");
    Files.writeString(review, theirs);
    Response refused =
        save("review", version, Map.of("rows", List.of(row("hello", "approve", "", ""))));
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.json().at("/rows/1/note").asString()).isEqualTo("they");
    assertThat(Files.readString(review)).isEqualTo(theirs);
    Response saved =
        save(
            "review",
            refused.json().path("version").asString(),
            Map.of("rows", List.of(row("hello", "approve", "", ""))));
    assertThat(saved.status()).isEqualTo(200);
    assertThat(Files.readString(review)).isEqualTo(theirs.replace(",,,,hello", "approve,,,,hello"));
  }

  @Test
  void ofTwoSavesAtTheSameTimeOneIsRefused() throws Exception {
    String version = version("review");
    List<Future<Response>> saves = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (String id : List.of("hello", "hi", "bye")) {
        saves.add(
            threads.submit(
                () -> save("review", version, Map.of("rows", List.of(row(id, "reject", "", ""))))));
      }
    }
    List<Integer> statuses = new ArrayList<>();
    for (Future<Response> save : saves) {
      statuses.add(save.get().status());
    }
    assertThat(statuses).containsExactlyInAnyOrder(200, 409, 409);
    assertThat(ReviewRow.read(review))
        .filteredOn(row -> row.decision().kind() == Decision.Kind.REJECT)
        .hasSize(2);
  }

  @Test
  void whatExtractWouldRefuseIsNotSaved() throws IOException {
    String version = version("review");
    assertThat(
            save("review", version, Map.of("rows", List.of(row("hi", "merge", "", "sale"))))
                .json()
                .path("error")
                .asString())
        .isEqualTo(
            review
                + ":3: merge_into 'sale' is rejected; reject this one too or merge into an answer"
                + " that stays");
    assertThat(
            save("review", version, Map.of("rows", List.of(row("hi", "edit", " ", "")))).status())
        .isEqualTo(422);
    assertThat(save("review", version, Map.of("rows", List.of(row("hi", "keep", "", "")))).status())
        .isEqualTo(422);
    assertThat(
            save("review", version, Map.of("rows", List.of(row("gone", "approve", "", ""))))
                .json()
                .path("error")
                .asString())
        .isEqualTo(review + ": has no answer gone");
    assertThat(Files.readString(review)).isEqualTo(REVIEW);
  }

  @Test
  void anEntryIsChangedAndTheOthersStayAsTheyAre() throws IOException {
    Map<String, Object> changes =
        Map.of(
            "entries",
            List.of(
                Map.of("id", "refund", "entry", Map.of("id", "refund", "text", "Refunded.")),
                Map.of("id", "new", "entry", Map.of("id", "new", "text", "Hello!"))),
            "never",
            List.of("for free"),
            "allowed",
            List.of("50% off"));
    assertThat(save("library", version("library"), changes).status()).isEqualTo(200);
    assertThat(AnswerLibraryFile.read(library).entries())
        .containsExactly(
            new Entry("hours", "We are here all day."),
            new Entry("refund", "Refunded."),
            new Entry("new", "Hello!"));
    assertThat(AnswerLibraryFile.read(library).never()).containsExactly("for free");
    JsonNode json = Json.readFile(library);
    assertThat(json.at("/entries/0/shelf").asInt()).isEqualTo(7);
    assertThat(json.path("kept").asString()).isEqualTo("yes");

    Response wrong =
        save(
            "library",
            version("library"),
            Map.of(
                "entries",
                List.of(Map.of("id", "new", "entry", Map.of("id", "new", "text", Map.of())))));
    assertThat(wrong.status()).isEqualTo(422);
    assertThat(wrong.json().path("error").asString())
        .startsWith(library + ": entries[2] 'new': text has no language");
  }

  @Test
  void nobodyElseMayAsk() throws IOException {
    URI address = page.address();
    assertThat(address.getHost()).isEqualTo("127.0.0.1");
    assertThat(address.getPath()).matches("/[0-9a-f]{32}/");
    assertThat(send(HttpRequest.newBuilder(address.resolve("/"))).status()).isEqualTo(404);
    assertThat(send(HttpRequest.newBuilder(address.resolve("/review"))).status()).isEqualTo(404);
    assertThat(
            send(HttpRequest.newBuilder(address.resolve("/" + "0".repeat(32) + "/review")))
                .status())
        .isEqualTo(404);
    assertThat(
            send(HttpRequest.newBuilder(address.resolve("review"))
                    .header("Origin", "http://evil.example"))
                .status())
        .isEqualTo(403);
    assertThat(status("evil.example:" + address.getPort())).isEqualTo(421);
    assertThat(status("evil.example")).isEqualTo(421);
    assertThat(status("localhost:" + address.getPort())).isEqualTo(200);

    String body =
        Json.COMPACT.writeValueAsString(
            Map.of("version", version("review"), "rows", List.of(row("hi", "approve", "", ""))));
    for (HttpRequest.Builder request :
        List.of(
            post(body).header("Content-Type", "application/json"),
            post(body).header("Content-Type", "text/plain").header("Origin", origin()),
            post(body)
                .header("Content-Type", "application/json")
                .header("Origin", "http://localhost:" + address.getPort()),
            post(body).header("Content-Type", "application/json").header("Origin", "null"))) {
      assertThat(send(request).status()).isEqualTo(403);
    }
    assertThat(Files.readString(review)).isEqualTo(REVIEW);
  }

  private HttpRequest.Builder post(String body) {
    return HttpRequest.newBuilder(page.address().resolve("review"))
        .POST(BodyPublishers.ofString(body));
  }

  /** What a browser is answered that knows this machine under a name. */
  private int status(String host) throws IOException {
    String request =
        "GET %sreview HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
            .formatted(page.address().getPath(), host);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), page.address().getPort())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      String answer =
          new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      return Integer.parseInt(answer.split(" ", 3)[1]);
    }
  }

  // The command

  private static CommandRun command(String... arguments) {
    return CommandRun.of(new AnswersCommand(), "review", "--no-json", arguments);
  }

  @Test
  void theCommandSaysWhatIsWrongBeforeItOpensAPage() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertThat(command(empty.toString()).err())
        .isEqualTo(
            "error: %s: has neither review.csv nor library.json; give the --output of 'extract' or of 'answers import'%n"
                .formatted(empty));
    Files.writeString(empty.resolve("review.csv"), REVIEW.replace("approve", "aprove"));
    assertThat(command(empty.toString()).err())
        .startsWith("error: " + empty.resolve("review.csv") + ":4: decision 'aprove' is unknown");
    Files.writeString(empty.resolve("review.csv"), REVIEW);
    assertThat(command(empty.toString(), "--production", folder.toString()).err())
        .isEqualTo(
            "error: --production belongs to a library; give a folder with library.json%n"
                .formatted());
  }

  @Test
  void theCommandPrintsTheAddressOfItsPage() throws Exception {
    CompletableFuture<CommandRun> run = new CompletableFuture<>();
    Thread command =
        Thread.ofPlatform()
            .start(() -> run.complete(command(folder.toString(), "--production", "" + folder)));
    while (command.getState() != Thread.State.WAITING) { // for its end, after it has printed
      Thread.sleep(20);
    }
    command.interrupt();
    assertThat(run.get().out().lines())
        .satisfiesExactly(
            line -> assertThat(line).matches("page: http://127\\.0\\.0\\.1:\\d+/[0-9a-f]{32}/"),
            line -> assertThat(line).isEqualTo("review: " + review),
            line -> assertThat(line).isEqualTo("library: " + library),
            line -> assertThat(line).startsWith("Next: "));
    assertThat(run.get().exitCode()).isZero();
  }
}
