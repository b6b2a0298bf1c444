package dev.repartee.infra.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationReader;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.json.Json;
import dev.repartee.text.testing.Repository;
import dev.repartee.text.testing.SharedData;
import dev.repartee.text.testing.Tools;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * The commands of {@code docs/your-data.md}, as they are in it, on a CSV export with a help desk's
 * columns, roles and times. Only the base is a smaller one, and the service takes a free port.
 * Minutes long.
 */
@Tag("slow")
class YourDataTest {

  private static final int CONVERSATIONS = 60;

  private static final LocalDateTime START = LocalDateTime.of(2024, 1, 31, 23, 50);
  private static final DateTimeFormatter GERMAN = DateTimeFormatter.ofPattern("dd.MM.yyyy HH:mm");

  private static final Pattern BLOCK = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);

  @TempDir private Path folder;

  /** Its messages in the order of time, some of them in the same minute, conversations mixed. */
  private static String export(List<Conversation> conversations) {
    List<List<String>> columns = new ArrayList<>();
    for (int c = 0; c < conversations.size(); c++) {
      Conversation one = conversations.get(c);
      List<String> rows = new ArrayList<>();
      for (int m = 0; m < one.messages().size(); m++) {
        Message message = one.messages().get(m);
        rows.add(
            Stream.of(
                    GERMAN.format(START.plusHours(c).plusMinutes(m / 2)),
                    "Ticket " + one.id(),
                    message.isAgent() ? "Mitarbeiter" : "Kunde",
                    message.isAgent() ? one.agentId().orElse("") : "",
                    message.text(),
                    one.domain().orElse(""))
                .map(YourDataTest::quoted)
                .reduce((left, right) -> left + ";" + right)
                .orElseThrow());
      }
      columns.add(rows);
    }
    StringBuilder csv =
        new StringBuilder("\ufeffGesendet;Ticket;Von;Bearbeiter;Nachricht;Bereich\r\n");
    for (int row = 0; row < 1000; row++) {
      for (List<String> rows : columns.reversed()) {
        csv.append(row < rows.size() ? rows.get(row) + "\r\n" : "");
      }
    }
    return csv.toString();
  }

  private static String quoted(String cell) {
    return cell.matches("[^;\"\r\n]*") ? cell : '"' + cell.replace("\"", "\"\"") + '"';
  }

  /** The commands in the document, one per line. */
  private static List<String> documented() {
    return BLOCK
        .matcher(Repository.text("docs/your-data.md"))
        .results()
        .flatMap(block -> block.group(1).replaceAll("\\\\\n *", "").lines())
        .toList();
  }

  private String run(String command) throws IOException, InterruptedException {
    Path output = folder.resolve("output");
    Process process = start(command, output);
    boolean ended = process.waitFor(40, TimeUnit.MINUTES);
    process.destroyForcibly();
    assertThat(ended).as(command).isTrue();
    assertThat(process.exitValue())
        .as("%s%n%s", command, Files.readString(folder.resolve("errors")))
        .isZero();
    return Files.readString(output);
  }

  private Process start(String command, Path output) throws IOException {
    return new ProcessBuilder("/bin/bash", "-c", "exec " + command)
        .directory(folder.toFile())
        .redirectOutput(output.toFile())
        .redirectError(folder.resolve("errors").toFile())
        .start();
  }

  @Test
  void theSevenCommandsLeadFromAnExportToSuggestions() throws Exception {
    Path data = SharedData.assume("data/star_fulltyped.train.jsonl.gz");
    Tools.need(Tools.has("bash"), "bash is missing: apt-get install bash");
    List<Conversation> conversations;
    try (Stream<Conversation> all = ConversationReader.stream(data)) {
      conversations = all.limit(CONVERSATIONS).toList();
    }
    Files.writeString(folder.resolve("export.csv"), export(conversations));

    int port = freePort();
    List<String> commands =
        documented().stream()
            .map(
                command ->
                    command
                        .replace("scripts/repartee", Repository.file("scripts/repartee").toString())
                        .replace("--base gpt2", "--base random:tiny")
                        .replace(" serve ", " serve --port " + port + " "))
            .toList();
    assertThat(commands).hasSize(7);

    JsonNode imported = Json.COMPACT.readTree(run(commands.get(0)));
    assertThat(imported.path("conversations").asInt()).isEqualTo(CONVERSATIONS);
    assertThat(
            ConversationReader.readAll(List.of(folder.resolve("data/conversations.jsonl.gz")))
                .stream()
                .map(
                    one ->
                        new Conversation(
                            one.id().replace("Ticket ", ""),
                            one.agentId(),
                            one.domain(),
                            one.messages())))
        .as("no message is lost or moved")
        .isEqualTo(conversations);

    JsonNode checked = Json.COMPACT.readTree(run(commands.get(1)));
    assertThat(checked.path("replies").asLong())
        .isEqualTo(conversations.stream().flatMap(Conversation::agentTexts).count());
    Instant first = START.atZone(ZoneId.of("Europe/Berlin")).toInstant();
    assertThat(checked.path("first_start").asString()).isEqualTo(first.toString());

    JsonNode split = Json.COMPACT.readTree(run(commands.get(2)));
    assertThat(
            Stream.of("train", "validation", "test")
                .mapToInt(side -> split.path(side).path("conversations").asInt())
                .sum())
        .isEqualTo(CONVERSATIONS);

    run(commands.get(3));
    assertThat(folder.resolve("answers/review.csv")).exists();

    JsonNode recipe = Json.COMPACT.readTree(run(commands.get(4)));
    assertThat(recipe.at("/figures/calm/saved/net").isNumber()).isTrue();
    assertThat(folder.resolve("run/calm/report.html")).exists();
    assertThat(folder.resolve("run/trial/report.html")).exists();

    assertThat(run(commands.get(5))).contains("production");

    Process service = start(commands.get(6), folder.resolve("output"));
    try {
      assertThat(suggestions(port, service).path("suggestions").isArray()).isTrue();
    } finally {
      service.destroy();
      assertThat(service.waitFor(1, TimeUnit.MINUTES)).isTrue();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private JsonNode suggestions(int port, Process service) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/suggestions"))
            .header("Content-Type", "application/json")
            .timeout(Duration.ofSeconds(30))
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"messages\": [{\"role\": \"customer\", \"text\": \"Hello!\"}], \"draft\":"
                        + " \"H\"}"))
            .build();
    HttpResponse<String> last = null;
    try (HttpClient client = HttpClient.newHttpClient()) {
      for (int second = 0; second < 120 && service.isAlive(); second++) {
        try {
          last = client.send(request, HttpResponse.BodyHandlers.ofString());
          if (last.statusCode() == 200) {
            return Json.COMPACT.readTree(last.body());
          }
        } catch (IOException e) {
          // it does not listen yet
        }
        Thread.sleep(1000);
      }
    }
    throw new AssertionError(
        "no suggestions: " + last + "\n" + Files.readString(folder.resolve("errors")));
  }
}
