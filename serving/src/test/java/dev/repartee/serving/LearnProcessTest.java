package dev.repartee.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.engine.suggest.TinyModel;
import dev.repartee.registry.store.GcsFixture;
import dev.repartee.registry.store.GcsFixture.Trouble;
import dev.repartee.registry.store.ObjectStores;
import dev.repartee.serving.feedback.Feedbacks;
import dev.repartee.serving.model.ModelFixture;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Processes that learn from each other, of which one is killed while the store fails. */
@Tag("slow")
@Timeout(300)
class LearnProcessTest {

  private static final String STORE = "gs://bucket-1/some/prefix";

  /** Of the text of all 20 replies are read; one agent's own is typed in three conversations. */
  private static final int LEARNED = 23;

  private static final String FRIDAY = "We send the order to you on Friday.";

  @TempDir private Path folder;
  private final GcsFixture gcs = new GcsFixture();

  private final Set<String> sent = new ConcurrentSkipListSet<>();
  private final Set<String> answered = new ConcurrentSkipListSet<>();

  @AfterEach
  void close() {
    gcs.close();
  }

  private ServiceUnderTest start(String name) throws IOException {
    ServiceUnderTest service =
        ServiceUnderTest.start(
            Files.createDirectories(folder.resolve(name)),
            STORE,
            Map.of(ObjectStores.EMULATOR_HOST, gcs.server().url().toString()),
            "--learn",
            "--learn-every",
            "1s",
            "--trust-agent-id");
    service.awaitReady();
    return service;
  }

  private static String suggestions(ServiceUnderTest service, String conversation, String agent)
      throws IOException, InterruptedException {
    HttpResponse<String> response =
        service.post(
            "/v1/suggestions",
            """
            {"messages": [{"role": "customer", "text": "is the order here?"}], "limit": 20,
             "conversation_id": "%s", "agent_id": "%s"}
            """
                .formatted(conversation, agent));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return response.body();
  }

  /** Every third reply is the same, one is a secret, the others are each another. */
  private void type(ServiceUnderTest service, String id) throws IOException, InterruptedException {
    int number = Integer.parseInt(id.substring(id.indexOf('-') + 1));
    String text =
        number % 3 == 0 ? FRIDAY : number == 1 ? "It is swordfish." : "Another one: " + id;
    suggestions(service, "c-" + id, "a-" + number % 7);
    sent.add(id);
    HttpResponse<String> response =
        service.post(
            "/v1/feedback",
            """
            {"id": "%s", "conversation_id": "c-%s", "model": {"name": "acme", "version": "1"},
             "shown": [], "action": "dismissed", "accepted": null, "final_text": "%s",
             "characters_typed": 30}
            """
                .formatted(id, id, text));
    if (response.statusCode() == 202) {
      answered.add(id);
    }
  }

  /** Types until the service is killed. */
  private Thread typing(ServiceUnderTest service, String prefix) {
    return Thread.ofVirtual()
        .start(
            () -> {
              try {
                for (int i = 0; ; i++) {
                  type(service, prefix + "-" + i);
                }
              } catch (IOException killed) {
                // What was in flight is sent again after the restart.
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  private static int learned(ServiceUnderTest service) throws IOException, InterruptedException {
    return RunningService.json(service.get("/v1/model")).path("learned").asInt(-1);
  }

  private void awaitStored(int count) throws InterruptedException {
    long until = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (Feedbacks.ids(gcs.store()).size() < count && System.nanoTime() < until) {
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  private static void awaitLearned(ServiceUnderTest service, int count)
      throws IOException, InterruptedException {
    long until = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (learned(service) < count && System.nanoTime() < until) {
      TimeUnit.MILLISECONDS.sleep(100);
    }
    assertThat(learned(service)).isEqualTo(count);
  }

  @Test
  void killsAndStoreFaultsLoseAndDoubleNothing() throws Exception {
    TinyModel.writeThatShowsAll(folder.resolve("model"), TinyModel.answers("Hello there"));
    ModelFixture.publish(folder.resolve("model"), gcs.store());
    try (ServiceUnderTest other = start("other")) {
      Trouble trouble = gcs.trouble(1);
      for (int round = 0; round < 3; round++) {
        try (ServiceUnderTest one = start("one")) {
          Thread typing = typing(one, Integer.toString(round));
          int before = answered.size();
          while (answered.size() < before + 60) {
            TimeUnit.MILLISECONDS.sleep(5);
          }
          one.kill();
          typing.join();
        }
      }
      try (ServiceUnderTest one = start("one")) {
        for (String id : Set.copyOf(sent)) {
          if (!answered.contains(id)) {
            type(one, id);
          }
        }
        assertThat(answered).isEqualTo(sent);
        awaitLearned(one, LEARNED);
        awaitLearned(other, LEARNED);
        awaitStored(sent.size());
        trouble.stop();
        assertThat(trouble.refused() + trouble.answersLost() + trouble.cut()).isPositive();
        assertThat(Feedbacks.ids(gcs.store())).containsExactlyInAnyOrderElementsOf(sent);
        // A repeat at another service is stored once more, and learned no more.
        String repeated = sent.iterator().next();
        type(other, repeated);
        type(other, "9-9");
        awaitStored(sent.size() + 1);
        awaitLearned(one, LEARNED);
        awaitLearned(other, LEARNED);
        assertThat(Feedbacks.ids(gcs.store()))
            .hasSize(sent.size() + 1)
            .containsOnlyOnce("9-9")
            .contains(repeated);
        for (ServiceUnderTest service : List.of(one, other)) {
          assertThat(suggestions(service, "new", "b-1"))
              .contains(FRIDAY)
              .doesNotContain("swordfish", "Another");
        }
      }
    }
  }
}
