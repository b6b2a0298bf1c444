package dev.repartee.finetune.models;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.repartee.finetune.testing.CommandRun;
import dev.repartee.registry.models.Actor;
import dev.repartee.registry.models.Manifest;
import dev.repartee.registry.models.ModelFolders;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.models.ModelVersion;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.ObjectStores;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ModelsCommandTest {

  @TempDir private Path folder;
  private String model;

  @BeforeEach
  void setUp() {
    Path written = ModelFolders.write(folder.resolve("model"), 3);
    Manifest.of(written).write(written);
    model = written.toString();
  }

  @Test
  void publishThenFetchGivesTheSameFolder() {
    CommandRun published = models("publish", "acme", "--model", model, "--alias", "candidate");
    assertThat(published.exitCode()).isZero();
    assertThat(published.out()).startsWith("published acme@1\nacme@candidate is now acme@1\n");
    Path target = folder.resolve("fetched");
    assertThat(models("fetch", "acme@candidate", "--output", target.toString()).exitCode())
        .isZero();
    assertThat(ModelFolders.contents(target)).isEqualTo(ModelFolders.contents(Path.of(model)));
  }

  @Test
  void listsAndShows() {
    assertThat(models("list").err()).contains("there is no such folder");
    models("publish", "acme", "--model", model, "--by", "ann");
    models("publish", "acme", "--model", model, "--alias", "candidate");
    assertThat(models("list").out()).contains("acme").contains("versions 1, 2  candidate=2");
    assertThat(models("list", "acme").out()).contains("acme@1", "acme@2", "ann", "candidate");
    JsonNode listed = models("list", "--json").json().at("/models/0");
    assertThat(listed.at("/aliases/candidate").asInt()).isEqualTo(2);
    JsonNode shown = models("show", "acme@1", "--json").json();
    assertThat(shown.at("/published_by").asString()).isEqualTo("ann");
    assertThat(shown.at("/files").size()).isEqualTo(3);
    assertThat(models("list", "acne").err()).contains("models there: acme");
  }

  @Test
  void aModelWhosePublicationsBrokeOffIsNotSaidToBeUnknown() throws Exception {
    Path claims = Files.createDirectories(folder.resolve("store/models/acme/claims"));
    Files.writeString(claims.resolve("1.json"), "{}");
    CommandRun listed = models("list", "acme");
    assertThat(listed.exitCode()).isEqualTo(1);
    assertThat(listed.err()).contains("model 'acme' has no version in ", "interrupted");
    assertThat(listed.err()).doesNotContain("models there");
  }

  @Test
  void promotesRollsBackAndRemembers() {
    models("publish", "acme", "--model", model);
    models("publish", "acme", "--model", model);
    models("promote", "acme@1", "--alias", "production");
    CommandRun promoted =
        models("promote", "acme@2", "--alias", "production", "--why", "saves more", "--by", "bob");
    assertThat(promoted.out()).startsWith("acme@production is version 2\n");
    CommandRun back = models("rollback", "acme", "--alias", "production", "--json");
    assertThat(back.json().at("/to").asInt()).isEqualTo(1);
    assertThat(back.json().at("/kind").asString()).isEqualTo("rollback");
    assertThat(models("history", "acme").out()).contains("1 -> 2  by bob: saves more");
    assertThat(models("history", "acme", "--json").json().at("/moves").size()).isEqualTo(3);
  }

  @Test
  void aRollbackHoldsTheAliasAgainstBuildsUntilItIsReleased() throws IOException {
    Path knowledge = Files.createDirectory(folder.resolve("knowledge"));
    Files.writeString(knowledge.resolve("memory.json"), "{}");
    models("publish", "acme", "--model", model, "--alias", "production");
    ModelVersion first = new ModelVersion("acme", 1);
    try (ObjectStore store = ObjectStores.open(folder.resolve("store").toString())) {
      ModelRegistry registry = new ModelRegistry(store, Actor.named("builder"));
      ModelVersion second = registry.publishKnowledge(first, knowledge).orElseThrow();
      var _ = registry.build(second, "production", first, Optional.empty(), false).orElseThrow();
    }
    assertThat(models("show", "acme@production").out()).contains("built on 1  production");
    assertThat(models("list", "acme", "--json").json().at("/versions/1/built_on").asInt()).isOne();
    assertThat(models("show", "acme@1", "--json").out()).doesNotContain("built_on");
    models("publish", "acme", "--model", model, "--alias", "production");
    assertThat(models("release", "acme", "--alias", "production").out())
        .isEqualTo("acme@production was not held\n");
    assertThat(models("rollback", "acme", "--alias", "production", "--by", "bob").out())
        .startsWith("acme@production is version 2\n")
        .contains("acme@production is held by bob since ", "'models release acme --alias product");
    assertThat(models("history", "acme").out())
        .contains("build    1 -> 2  by builder", "rollback 3 -> 2  by bob", "is held by bob since");
    assertThat(models("history", "acme", "--json").json().at("/held/production/by").asString())
        .isEqualTo("bob");
    CommandRun released = models("release", "acme", "--alias", "production", "--json");
    assertThat(released.json().at("/released/by").asString()).isEqualTo("bob");
    assertThat(models("history", "acme").out()).doesNotContain("is held");
    assertThat(models("release", "acme", "--alias", "p").err()).contains("aliases are production");
  }

  @Test
  void aRollbackFromAVersionGoesBackOnceThoughItIsRunAgain() {
    for (int i = 1; i <= 3; i++) {
      models("publish", "acme", "--model", model, "--alias", "production");
    }
    Object[] back = {"rollback", "acme", "--alias", "production", "--from", "3"};
    assertThat(models(back).out()).startsWith("acme@production is version 2\n");
    CommandRun again = models(back);
    assertThat(again.exitCode()).isEqualTo(1);
    assertThat(again.err()).contains("was not rolled back from 3: it names 2 since the rollback");
    assertThat(models("list").out()).contains("production=2");
  }

  @Test
  void aPromotionWaitsUntilEveryServiceServesTheVersion() throws Exception {
    models("publish", "acme", "--model", model, "--alias", "production");
    models("publish", "acme", "--model", model);
    try (Service first = new Service("2", "null");
        Service second = new Service("1", "null")) {
      second.takesOverAfter(3, "2", "null");
      CommandRun promoted = promoteAndWait("acme@2", first, second);
      assertThat(promoted.exitCode()).as(promoted.err()).isZero();
      assertThat(promoted.out())
          .startsWith("acme@production is version 2\n")
          .contains(first.url() + " serves acme@2", second.url() + " serves acme@2");
      assertThat(promoteAndWait("acme@2", first).exitCode()).as("again").isZero();
    }
    assertThat(models("list").out()).contains("production=2");
    assertThat(models("promote", "acme@2", "--alias", "production", "--wait", "there").exitCode())
        .isEqualTo(2);
  }

  @Test
  void aPromotionThatAServiceRefusesIsTakenBack() throws Exception {
    models("publish", "acme", "--model", model, "--alias", "production");
    models("publish", "acme", "--model", model);
    try (Service serves = new Service("2", "null");
        Service refuses = new Service("1", "null")) {
      refuses.takesOverAfter(2, "1", "{\"name\": \"acme\", \"version\": \"2\"}");
      CommandRun promoted = promoteAndWait("acme@2", serves, refuses);
      assertThat(promoted.exitCode()).isEqualTo(1);
      assertThat(promoted.err())
          .endsWith(
              "error: %s refuses acme@2; acme@production was moved back%n"
                  .formatted(refuses.url()));
      assertThat(models("history", "acme").out()).contains("2 -> 1", "refused by 127.0.0.1:");
    }
  }

  @Test
  void aRollbackWaitsForServicesToo() throws Exception {
    models("publish", "acme", "--model", model, "--alias", "production");
    models("publish", "acme", "--model", model, "--alias", "production");
    try (Service service = new Service("1", "null")) {
      CommandRun back =
          models("rollback", "acme", "--alias", "production", "--wait", service.url());
      assertThat(back.exitCode()).as(back.err()).isZero();
      assertThat(back.out()).contains(service.url() + " serves acme@1");
    }
  }

  @Test
  void aReceiverIsNotifiedOfAMoveAndOfNothingElse() throws Exception {
    models("publish", "acme", "--model", model);
    List<String> bodies = new CopyOnWriteArrayList<>();
    HttpServer receiver =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        "/",
        exchange -> {
          bodies.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
          try (exchange) {
            exchange.sendResponseHeaders(bodies.size() == 1 ? 503 : 204, -1);
          }
        });
    receiver.start();
    try {
      String url = "http://127.0.0.1:" + receiver.getAddress().getPort() + "/moved";
      String[] promote = {
        "promote", "acme@1", "--alias", "production", "--why", "better", "--notify", url
      };
      CommandRun run = models((Object[]) promote);
      assertThat(run.exitCode()).as(run.err()).isZero();
      assertThat(bodies).as("again after 503").hasSize(2);
      JsonNode told = Json.COMPACT.readTree(bodies.getLast());
      assertThat(told.path("name").asString()).isEqualTo("acme");
      assertThat(told.path("alias").asString()).isEqualTo("production");
      assertThat(told.path("to").asInt()).isEqualTo(1);
      assertThat(told.path("why").asString()).isEqualTo("better");
      models("promote", "acme@1", "--alias", "other", "--dry-run", "--notify", url);
      assertThat(bodies).hasSize(2);
    } finally {
      receiver.stop(0);
    }
    assertThat(models("promote", "acme@1", "--alias", "next", "--notify", "there").exitCode())
        .isEqualTo(2);
  }

  private CommandRun promoteAndWait(String version, Service... services) {
    String urls = Arrays.stream(services).map(Service::url).collect(Collectors.joining(","));
    return models("promote", version, "--alias", "production", "--wait", urls);
  }

  /** What a service says about its model. */
  private static final class Service implements AutoCloseable {

    private final HttpServer server;
    private final Deque<String> answers = new ArrayDeque<>();

    Service(String version, String refused) throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      answers.add(answer(version, refused));
      server.createContext(
          "/v1/model",
          exchange -> {
            byte[] body =
                (answers.size() > 1 ? answers.remove() : answers.element()).getBytes(UTF_8);
            try (exchange) {
              exchange.sendResponseHeaders(200, body.length);
              exchange.getResponseBody().write(body);
            }
          });
      server.start();
    }

    private static String answer(String version, String refused) {
      return "{\"name\": \"acme\", \"version\": \"%s\", \"refused\": %s}"
          .formatted(version, refused);
    }

    void takesOverAfter(int requests, String version, String refused) {
      for (int i = 1; i < requests; i++) {
        answers.add(answers.element());
      }
      answers.add(answer(version, refused));
    }

    String url() {
      return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }

  @Test
  void verifyFindsFlippedByte() throws Exception {
    models("publish", "acme", "--model", model);
    assertThat(models("verify", "acme@1").out()).isEqualTo("acme@1 is intact\n");
    Path weights =
        folder.resolve("store").resolve(ModelFolders.blob(Path.of(model), "model.safetensors"));
    byte[] content = Files.readAllBytes(weights);
    content[1234] ^= 1;
    Files.write(weights, content);
    CommandRun verified = models("verify", "acme@1");
    assertThat(verified.exitCode()).isEqualTo(1);
    assertThat(verified.err()).contains(weights.toString(), "SHA-256");
  }

  @Test
  void verifyOfAModelReadsEveryVersionAndItsHistory() throws Exception {
    models("publish", "acme", "--model", model, "--alias", "production");
    models("publish", "acme", "--model", model);
    assertThat(models("verify").out()).isEqualTo("acme: 2 versions are intact, 0 problems\n");
    Files.delete(folder.resolve("store/models/acme/versions/1/manifest.json"));
    CommandRun verified = models("verify", "acme", "--json");
    assertThat(verified.exitCode()).isEqualTo(1);
    assertThat(verified.json().at("/models/0/problems/0").asString())
        .contains("acme@production names acme@1, which does not exist");
    assertThat(models("verify", "acne").err()).contains("models there: acme");
  }

  @Test
  void diffShowsFilesAndValues() throws Exception {
    models("publish", "acme", "--model", model);
    Path other = ModelFolders.write(folder.resolve("other"), 4);
    Files.writeString(
        other.resolve("repartee.json"), "{\"provenance\": {\"metrics\": {\"loss\": 2}}}");
    assertThat(models("publish", "acme", "--model", other.toString()).err())
        .contains("not a whole model folder, has no manifest.json");
    Manifest.of(other).write(other);
    models("publish", "acme", "--model", other.toString());
    assertThat(models("diff", "acme@1", "acme@2").out())
        .contains("acme@1 -> acme@2", "changed  model.safetensors", "added    repartee.json")
        .contains("config.json seed: 3 -> 4", "repartee.json provenance.metrics.loss: - -> 2");
    assertThat(models("diff", "acme@1", "acme@1").out()).contains("no difference");
    JsonNode diff = models("diff", "acme@2", "acme@1", "--json").json();
    assertThat(diff.at("/from").asInt()).isEqualTo(2);
    assertThat(diff.at("/files/2/kind").asString()).isEqualTo("removed");
  }

  @Test
  void historySaysWhatAnAliasNamedAtAMoment() {
    for (int i = 0; i < 2; i++) {
      models("publish", "acme", "--model", model);
    }
    models("promote", "acme@1", "--alias", "production");
    models("promote", "acme@2", "--alias", "production");
    models("rollback", "acme", "--alias", "production");
    JsonNode moves = models("history", "acme", "--json").json().at("/moves");
    for (int i = 0; i < 3; i++) {
      String at = moves.get(i).at("/at").asString();
      assertThat(models("history", "acme", "--at", at, "--json").json().at("/version").asInt())
          .isEqualTo(i == 1 ? 2 : 1);
    }
    assertThat(models("history", "acme", "--at", "2020-01-01").out())
        .isEqualTo("acme@production did not exist at 2020-01-01T00:00:00Z\n");
    assertThat(models("history", "acme", "--at", "2020-01-01T12:00:00+01:00").out())
        .contains("2020-01-01T11:00:00Z");
    assertThat(models("history", "acme", "--at", "2999-01-01").exitCode()).isEqualTo(2);
    assertThat(models("history", "acme", "--at", "noon").err()).contains("2026-11-25T10:00:00Z");
    assertThat(models("history", "acme", "--alias", "candidate", "--at", "2020-01-01").err())
        .contains("its aliases are production");
  }

  @Test
  void gcRemovesWhatNothingNamesAndSaysWhyTheRestStays() {
    for (int i = 0; i < 4; i++) {
      models(
          "publish", "acme", "--model", ModelFolders.write(folder.resolve("m" + i), i).toString());
    }
    models("promote", "acme@2", "--alias", "production");
    Object[] strict = {"gc", "acme", "--keep-last", "1", "--window", "0", "--dry-run"};
    CommandRun dry = models(strict);
    assertThat(dry.out())
        .contains("kept      acme@2  production", "kept      acme@4  newest")
        .contains("would be removed: acme@1", "would be removed: acme@3");
    assertThat(models("list", "acme").out()).contains("acme@1", "acme@3");
    JsonNode done =
        models("gc", "--keep-last", "1", "--window", "0", "--json").json().at("/models/0");
    assertThat(done.at("/removed").toString()).isEqualTo("[1,3]");
    assertThat(done.at("/objects").size()).isEqualTo(4);
    assertThat(models("show", "acme@1").err()).contains("was removed by 'models gc'");
    assertThat(models("promote", "acme@3", "--alias", "production").exitCode()).isEqualTo(1);
    assertThat(models("verify", "acme").out()).startsWith("acme: 2 versions are intact");
    assertThat(models("publish", "acme", "--model", model).out()).startsWith("published acme@5");
    assertThat(models("gc", "--window", "soon").err()).contains("such as 90d or 12h");
    assertThat(models("gc", "--keep-last", "-1").exitCode()).isEqualTo(2);
    assertThat(models("gc", "acne").err()).contains("models there: acme");
  }

  @Test
  void failuresHaveTheirExitCodes() {
    assertThat(models("show", "acme@production").exitCode()).isEqualTo(1);
    assertThat(models("show", "acme").exitCode()).isEqualTo(2);
    assertThat(models("publish", "Acme", "--model", model).exitCode()).isEqualTo(2);
    assertThat(models("publish", "acme", "--model", model, "--alias", "7").exitCode()).isEqualTo(2);
    assertThat(models("list").exitCode()).as("a store that is not there").isEqualTo(1);
    assertThat(CommandRun.of(new ModelsCommand(), "list").exitCode()).isEqualTo(2);
    assertThat(CommandRun.of(new ModelsCommand()).err()).contains("models needs one of publish");
  }

  private CommandRun models(Object... args) {
    return RegistryRun.of(new ModelsCommand(), folder, args);
  }
}
