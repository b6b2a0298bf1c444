package dev.repartee.lab.center;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.repartee.finetune.testing.CommandRun;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationReader;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What simulated agents do, with a server that answers as the service's API says. */
class SimulatedCenterTest {

  private static final String SHOWN = "Your order is on its way to you";
  private static final String CLOSE = "Your parcel is on its way to you now";

  @TempDir private Path temporary;

  private final Map<String, JsonNode> feedback = new ConcurrentSkipListMap<>();
  private final Map<String, JsonNode> asked = new ConcurrentSkipListMap<>(); // the last one of each
  private HttpServer server;

  /** Suggests {@link #SHOWN} first, and the rest of "Hello there" from two letters on. */
  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          JsonNode request = Json.COMPACT.readTree(exchange.getRequestBody().readAllBytes());
          String answer = "{}";
          if (exchange.getRequestURI().getPath().equals("/v1/feedback")) {
            feedback.put(request.path("id").asString(), request);
          } else {
            asked.put(request.path("conversation_id").asString(), request);
            answer = suggestions(request.path("draft").asString());
          }
          byte[] body = answer.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  private static String suggestions(String draft) {
    String item = "{\"kind\":\"%s\",\"id\":%s,\"text\":\"%s\",\"score\":0.5}";
    String one = "";
    if (draft.isEmpty()) {
      one = item.formatted("answer", "\"way\"", SHOWN);
    } else if (draft.length() > 1 && "Hello there".startsWith(draft)) {
      one = item.formatted("completion", null, "Hello there".substring(draft.length()));
    }
    return """
        {"suggestions_id":"s","suggestions":[%s],"complete":true,"operating_point":"calm",
         "model":{"name":"m","version":"1"}}"""
        .formatted(one);
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private Path conversations(int count, String... replies) {
    List<String> lines = new ArrayList<>();
    for (int c = 0; c < count; c++) {
      List<Map<String, String>> messages = new ArrayList<>();
      for (String reply : replies) {
        messages.add(Map.of("role", "customer", "text", "where is it?"));
        messages.add(Map.of("role", "agent", "text", reply));
      }
      lines.add(
          Json.COMPACT.writeValueAsString(
              Map.of("id", "c-" + c, "domain", "parcels", "messages", messages)));
    }
    try {
      return Files.write(temporary.resolve("told.jsonl"), lines);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private CommandRun center(Path conversations, String... more) {
    List<String> args = new ArrayList<>(List.of(more));
    args.add("--conversations=" + conversations);
    args.add("--service=http://127.0.0.1:" + server.getAddress().getPort());
    args.add("--output=" + temporary);
    return CommandRun.of(new CenterCommand(), args.toArray(String[]::new));
  }

  private List<Conversation> lived() {
    return ConversationReader.readAll(List.of(temporary.resolve(CenterCommand.LIVED)));
  }

  private static long count(JsonNode feedback, String action) {
    return IntStream.range(0, feedback.at("/events/actions").size())
        .mapToObj(i -> feedback.at("/events/actions/" + i))
        .filter(one -> one.path("action").asString().equals(action))
        .count();
  }

  @Test
  void anAgentTypesAndTakesAndSaysSoOnceForEachReply() {
    CommandRun run = center(conversations(1, "Hello there", SHOWN, "No."), "--sway=0");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(feedback).hasSize(3);
    JsonNode typed = byText("Hello there");
    assertThat(typed.path("action").asString()).isEqualTo("accepted");
    assertThat(typed.at("/shown/0/kind").asString()).isEqualTo("completion");
    assertThat(typed.path("characters_typed").asInt()).isEqualTo(2);
    assertThat(typed.at("/events/actions").findValuesAsString("action"))
        .containsExactly("displayed", "typed", "displayed", "completed", "sent");
    assertThat(typed.at("/events/queue").asString()).isEqualTo("parcels");
    JsonNode chosen = byText(SHOWN);
    assertThat(chosen.path("action").asString()).isEqualTo("accepted");
    assertThat(chosen.path("accepted").asInt()).isZero();
    assertThat(count(chosen, "chosen")).isOne();
    JsonNode alone = byText("No.");
    assertThat(alone.path("action").asString()).isEqualTo("dismissed");
    assertThat(alone.path("characters_typed").asInt()).isEqualTo(3);
    // 3 looks at whole replies, 1 at an offer; 2 taken; 5 keys; of 45 characters
    assertThat(run.json().path("net").asDouble()).isEqualTo(66.67);
    assertThat(run.json().path("seconds_per_conversation").asDouble()).isBetween(3.0, 60.0);
    assertThat(run.json().at("/suggestions/distinct").asInt()).isEqualTo(2);
  }

  private JsonNode byText(String text) {
    return feedback.values().stream()
        .filter(one -> one.path("final_text").asString().equals(text))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aSwayedAgentsReplyIsHistoryFromThenOn() {
    CommandRun run = center(conversations(40, CLOSE, "Bye."), "--sway=1");

    assertThat(run.exitCode()).as(run.err()).isZero();
    List<String> sent = lived().stream().map(one -> one.messages().get(1).text()).toList();
    // Half of them change the first place that differs.
    String changed = "Your parcel is on its way to you";
    assertThat(sent).containsOnly(SHOWN, changed).hasSize(40);
    assertThat(sent.stream().filter(SHOWN::equals).count()).isBetween(10L, 30L);
    assertThat(run.json().path("swayed").asInt()).isEqualTo(40);
    for (Conversation one : lived()) {
      assertThat(asked.get(one.id()).at("/messages/1/text").asString())
          .isEqualTo(one.messages().get(1).text());
    }
    JsonNode edited = byText(changed);
    assertThat(edited.path("action").asString()).isEqualTo("edited");
    assertThat(edited.path("characters_typed").asInt()).isEqualTo("parcel".length());
    assertThat(count(edited, "edited")).isOne();
  }

  /** The rest of a draft can make a close reply, too. */
  @Test
  void anOfferSwaysAsAWholeReplyDoes() {
    CommandRun run = center(conversations(20, "Hello Ann there"), "--sway=1");

    assertThat(run.exitCode()).as(run.err()).isZero();
    List<String> sent = lived().stream().map(one -> one.messages().get(1).text()).toList();
    assertThat(sent).containsOnly("Hello there", "Hello Ann there").hasSize(20);
    assertThat(run.json().path("swayed").asInt()).isBetween(4, 16);
    JsonNode as = byText("Hello there");
    assertThat(as.path("action").asString()).isEqualTo("accepted");
    assertThat(as.at("/events/actions").findValuesAsString("action"))
        .containsExactly("displayed", "typed", "displayed", "completed", "sent");
    assertThat(byText("Hello Ann there").path("action").asString()).isEqualTo("edited");
  }

  @Test
  void whatAgentsDoDependsOnTheSeedAlone() {
    Path conversations = conversations(8, CLOSE, "Hello there", "None.");
    assertThat(center(conversations, "--agents=1").exitCode()).isZero();
    Map<String, JsonNode> alone = new TreeMap<>(feedback);
    List<Conversation> first = lived();
    feedback.clear();
    // The clock of the agents is not that of the machine.
    assertThat(center(conversations, "--agents=200", "--speed=5000").exitCode()).isZero();
    assertThat(feedback.keySet()).isEqualTo(alone.keySet());
    assertThat(lived())
        .extracting(Conversation::messages)
        .containsExactlyElementsOf(first.stream().map(Conversation::messages).toList());
    feedback.clear();
    assertThat(center(conversations, "--seed=2").exitCode()).isZero();
    assertThat(feedback.keySet()).doesNotContainAnyElementsOf(alone.keySet());
  }

  @Test
  void conversationsAreRepeatedUnderOtherIds() {
    assertThat(center(conversations(2, "No."), "--repeat=3").exitCode()).isZero();
    assertThat(lived())
        .extracting(Conversation::id)
        .containsExactlyInAnyOrder("c-0", "c-1", "c-0.2", "c-1.2", "c-0.3", "c-1.3");
    assertThat(lived()).allMatch(one -> one.messages().stream().anyMatch(Message::isAgent));
  }

  @Test
  void aChangeIsTheFirstPlaceThatDiffers() {
    assertThat(Edit.of("a b c d", "a x y c e")).isEqualTo(new Edit("a x y c d", "b", "x y"));
    assertThat(Edit.of("a b", "c d")).isEqualTo(new Edit("c d", "a b", "c d"));
    assertThat(Edit.of("a b", "a b c")).isEqualTo(new Edit("a b c", "", "c"));
    assertThat(Composition.overlap("a b c", "B, c! d")).isEqualTo(0.5);
  }

  @Test
  void wrongOptionsAreNamed() {
    Path conversations = conversations(1, "No.");
    assertThat(center(conversations, "--agents=0").err()).contains("--agents must be at least 1");
    assertThat(center(conversations, "--sway=2").err()).contains("--sway must be between 0 and 1");
    assertThat(center(conversations, "--speed=-1").err()).contains("--speed must be at least 0");
    assertThat(center(conversations, "--repeat=0").err()).contains("--repeat must be at least 1");
  }
}
